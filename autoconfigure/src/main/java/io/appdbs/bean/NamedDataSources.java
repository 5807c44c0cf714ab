package io.appdbs.bean;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import io.appdbs.jdbc.NamedDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * Finds the database that a {@link DataSource} leads to, through any wrappers of the
 * database's own {@link DataSource}.
 *
 * @param beanNames the names of the {@link DataSource} beans of all relational databases,
 * of the starter and of the application, by database
 * @param beanFactory the bean factory with the beans
 */
public record NamedDataSources(Map<String, String> beanNames, ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Returns the names of all relational databases.
	 * @return the names
	 */
	public Set<String> getDatabases() {
		return this.beanNames.keySet();
	}

	/**
	 * Finds the database that a data source leads to.
	 * @param dataSource the data source
	 * @return the name of the database or {@code null} if it leads to none, or to several
	 */
	public @Nullable String findDatabase(DataSource dataSource) {
		List<DataSource> layers = layers(dataSource);
		if (layers.isEmpty()) {
			return null;
		}
		if (layers.get(layers.size() - 1) instanceof NamedDataSource named) {
			return named.getDatabase();
		}
		return this.beanNames.keySet()
			.stream()
			.filter((database) -> isReplacedBy(database, layers))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns whether the application's bean for a database is, or wraps, one of the data
	 * sources. A bean that has not been created yet cannot.
	 */
	private boolean isReplacedBy(String database, List<DataSource> layers) {
		String beanName = this.beanNames.getOrDefault(database, "");
		return this.beanFactory.containsSingleton(beanName)
				&& !Collections.disjoint(layers(this.beanFactory.getBean(beanName, DataSource.class)), layers);
	}

	private static List<DataSource> layers(DataSource dataSource) {
		List<DataSource> layers = new ArrayList<>();
		DataSource layer = dataSource;
		while (layer != null) {
			if (layer instanceof AbstractRoutingDataSource) {
				return List.of();
			}
			layers.add(layer);
			layer = next(layer);
		}
		return layers;
	}

	private static @Nullable DataSource next(DataSource layer) {
		if (layer instanceof NamedDataSource) {
			return null;
		}
		if (layer instanceof DelegatingDataSource delegating) {
			return delegating.getTargetDataSource();
		}
		return (AopProxyUtils.getSingletonTarget(layer) instanceof DataSource target) ? target : unwrap(layer);
	}

	private static @Nullable DataSource unwrap(DataSource layer) {
		try {
			return layer.isWrapperFor(NamedDataSource.class) ? layer.unwrap(NamedDataSource.class) : null;
		}
		catch (SQLException | RuntimeException ex) {
			// not every wrapper implements the methods of JDBC for unwrapping
			return null;
		}
	}

}
