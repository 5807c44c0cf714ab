package io.appdbs.actuate;

import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * HikariCP's meters of every relational database, from the time on when its pool is
 * opened, and the database that Boot's meters of data sources are of. Comes before Boot's
 * binders: they leave a pool alone that is measured already, and never get to one that is
 * opened later.
 */
public final class DataSourceMeters implements MeterBinder, Ordered, DisposableBean {

	private static final Log logger = LogFactory.getLog(DataSourceMeters.class);

	private static final String BOOTS_SUFFIX = "dataSource";

	private final DatabaseLifecycle lifecycle;

	private final DatabaseMeterFilter filter;

	private final ListableBeanFactory beanFactory;

	private @Nullable MeterRegistry registry;

	/**
	 * Create new {@link DataSourceMeters}.
	 * @param lifecycle the databases
	 * @param filter told of what database a meter is
	 * @param beanFactory has the data sources
	 */
	public DataSourceMeters(DatabaseLifecycle lifecycle, DatabaseMeterFilter filter, ListableBeanFactory beanFactory) {
		this.lifecycle = lifecycle;
		this.filter = filter;
		this.beanFactory = beanFactory;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	/**
	 * Bind the meters to the first registry, as a pool can have only one.
	 */
	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.registry != null) {
			return;
		}
		this.registry = registry;
		for (String beanName : this.beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			this.lifecycle.getNames()
				.stream()
				.filter((name) -> BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, beanName, this.beanFactory))
				.findFirst()
				.ifPresent((name) -> bind(registry, beanName, name));
		}
		this.lifecycle.getNames()
			.stream()
			.filter((name) -> this.lifecycle.getDefinition(name).replicaOf() != null)
			.forEach((name) -> this.lifecycle.getConnector(name, JdbcDatabaseConnector.class)
				.setMetricsTrackerFactory(createTrackerFactory(registry, name)));
	}

	private void bind(MeterRegistry registry, String beanName, String database) {
		this.filter.assign(Tag.of("name", bootsName(beanName)), database);
		MetricsTrackerFactory factory = createTrackerFactory(registry, database);
		if (this.lifecycle.getConnector(database, DatabaseConnector.class) instanceof JdbcDatabaseConnector connector) {
			connector.setMetricsTrackerFactory(factory);
		}
		else {
			measure(this.beanFactory.getBean(beanName, DataSource.class), factory);
		}
	}

	private MetricsTrackerFactory createTrackerFactory(MeterRegistry registry, String database) {
		return (poolName, stats) -> {
			this.filter.assign(Tag.of("pool", poolName), database);
			return new MicrometerMetricsTrackerFactory(registry).create(poolName, stats);
		};
	}

	/**
	 * The name that Boot gives to the meters of a data source.
	 */
	private static String bootsName(String beanName) {
		return (beanName.length() > BOOTS_SUFFIX.length() && StringUtils.endsWithIgnoreCase(beanName, BOOTS_SUFFIX))
				? beanName.substring(0, beanName.length() - BOOTS_SUFFIX.length()) : beanName;
	}

	/**
	 * A data source of the application's own may be measured already, or no pool.
	 */
	private static void measure(DataSource dataSource, MetricsTrackerFactory factory) {
		try {
			HikariDataSource pool = dataSource.isWrapperFor(HikariDataSource.class)
					? dataSource.unwrap(HikariDataSource.class) : null;
			if (pool != null && pool.getMetricsTrackerFactory() == null && pool.getMetricRegistry() == null) {
				pool.setMetricsTrackerFactory(factory);
			}
		}
		catch (SQLException ex) {
			logger.debug("No meters of the pool behind %s".formatted(dataSource), ex);
		}
	}

	/**
	 * Remove what nobody else does: Boot's meters. A pool removes its own.
	 */
	@Override
	public void destroy() {
		if (this.registry != null) {
			this.filter.remove(this.registry, "jdbc.connections.", this.lifecycle.getNames());
		}
	}

}
