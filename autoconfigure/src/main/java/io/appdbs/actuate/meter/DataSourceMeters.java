package io.appdbs.actuate.meter;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.appdbs.Database;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * {@link MeterBinder} that registers HikariCP's meters for every relational database when
 * its pool is opened, and assigns the databases to Boot's meters of data sources. Runs
 * before Boot's binders: they skip a pool that already has meters, and do not see a pool
 * that is opened later.
 */
public final class DataSourceMeters implements MeterBinder, Ordered, DatabaseListener, DisposableBean {

	private static final Log logger = LogFactory.getLog(DataSourceMeters.class);

	private static final String BOOTS_SUFFIX = "dataSource";

	private final DatabaseLifecycle lifecycle;

	private final DatabaseMeterFilter filter;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Predicate<DataSource> named;

	private final Set<String> measured = ConcurrentHashMap.newKeySet();

	private @Nullable MeterRegistry registry;

	/**
	 * Creates new {@link DataSourceMeters}.
	 * @param lifecycle the databases
	 * @param filter adds the database to meters
	 * @param beanFactory contains the data sources
	 * @param named matches the data sources that lead to one of the databases
	 */
	public DataSourceMeters(DatabaseLifecycle lifecycle, DatabaseMeterFilter filter,
			ConfigurableListableBeanFactory beanFactory, Predicate<DataSource> named) {
		this.lifecycle = lifecycle;
		this.filter = filter;
		this.beanFactory = beanFactory;
		this.named = named;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	/**
	 * Binds the meters to the first registry, as a pool can have only one.
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
				.ifPresentOrElse((name) -> bind(registry, beanName, name), () -> denyIfNamed(beanName));
		}
		this.lifecycle.getNames()
			.stream()
			.filter((name) -> this.lifecycle.getDefinition(name).replicaOf() != null)
			.forEach((name) -> this.lifecycle.getConnector(name, JdbcDatabaseConnector.class)
				.setMetricsTrackerFactory(createTrackerFactory(registry, name)));
		this.lifecycle.addListener(this);
	}

	/**
	 * Registers the meters of a database that was added at run time, unless there are too
	 * many of them.
	 */
	@Override
	public synchronized void added(Database database) {
		String name = database.getName();
		MeterRegistry registry = this.registry;
		if (registry != null && this.measured.size() < this.lifecycle.getRuntimeSettings().maxMeters() && this.lifecycle
			.findConnector(name, DatabaseConnector.class) instanceof JdbcDatabaseConnector connector) {
			this.measured.add(name);
			connector.setMetricsTrackerFactory(createTrackerFactory(registry, name));
		}
	}

	/**
	 * The pool has removed its meters.
	 */
	@Override
	public synchronized void removed(Database database) {
		this.measured.remove(database.getName());
		this.filter.unassign(Tag.of("pool", database.getName()));
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

	/**
	 * Prevents a second set of meters for a database whose data source has another bean,
	 * such as the one of a library. A bean that has not been created has no meters.
	 */
	private void denyIfNamed(String beanName) {
		if (this.beanFactory.containsSingleton(beanName)
				&& this.named.test(this.beanFactory.getBean(beanName, DataSource.class))) {
			this.filter.deny(Tag.of("name", bootsName(beanName)));
		}
	}

	private MetricsTrackerFactory createTrackerFactory(MeterRegistry registry, String database) {
		return (poolName, stats) -> {
			this.filter.assign(Tag.of("pool", poolName), database);
			return new MicrometerMetricsTrackerFactory(registry).create(poolName, stats);
		};
	}

	/**
	 * Returns the name that Boot's meters of a data source have.
	 */
	private static String bootsName(String beanName) {
		return (beanName.length() > BOOTS_SUFFIX.length() && StringUtils.endsWithIgnoreCase(beanName, BOOTS_SUFFIX))
				? beanName.substring(0, beanName.length() - BOOTS_SUFFIX.length()) : beanName;
	}

	/**
	 * Registers the meters of a data source of the application, unless it has meters
	 * already or is not a pool.
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
			logger.debug("Failed to register meters for the pool of %s".formatted(dataSource), ex);
		}
	}

	/**
	 * Removes Boot's meters, which Boot does not remove. A pool removes its own.
	 */
	@Override
	public void destroy() {
		if (this.registry != null) {
			this.filter.remove(this.registry, "jdbc.connections.", this.lifecycle.getNames());
		}
	}

}
