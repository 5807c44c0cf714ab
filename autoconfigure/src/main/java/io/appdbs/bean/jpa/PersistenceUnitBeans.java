package io.appdbs.bean.jpa;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import io.appdbs.bean.UserBeans;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.util.StringUtils;

/**
 * Creates the beans of the persistence unit of a database. The unit is built in the
 * background as soon as its database has been opened. A bean that uses the unit waits for
 * this unit only.
 */
final class PersistenceUnitBeans {

	private static final Log logger = LogFactory.getLog(PersistenceUnitBeans.class);

	/** How long the unit of an optional database waits for it. */
	private static final Duration OPTIONAL_GRACE = Duration.ofMillis(500);

	private PersistenceUnitBeans() {
	}

	/**
	 * Creates the managed types, which have been found when the beans were defined, so
	 * that ahead-of-time processing scans once.
	 */
	static PersistenceManagedTypes persistenceManagedTypes(String[] classNames, String[] packages) {
		return PersistenceManagedTypes.of(List.of(classNames), List.of(packages));
	}

	static LocalContainerEntityManagerFactoryBean entityManagerFactory(String name, DataSource dataSource,
			PersistenceManagedTypes managedTypes, Environment environment, DatabaseLifecycle lifecycle,
			ObjectProvider<SQLExceptionTranslator> exceptionTranslator, ConfigurableListableBeanFactory beanFactory) {
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		PersistenceUnitSettings settings = new PersistenceUnitSettings(definition, environment, beanFactory);
		HibernateJpaVendorAdapter adapter = settings.createVendorAdapter();
		adapter.getJpaDialect()
			.setJdbcExceptionTranslator(exceptionTranslator
				.getIfUnique(() -> new NamedSqlExceptionTranslator(name, () -> lifecycle.getEngine(name), dataSource)));
		EntityManagerFactoryBuilder builder = new EntityManagerFactoryBuilder(adapter, settings::createJpaProperties,
				null);
		UserBeans.getAllFor(beanFactory, EntityManagerFactoryBuilderCustomizer.class, name, lifecycle.getNames())
			.forEach((customizer) -> customizer.customize(builder));
		LocalContainerEntityManagerFactoryBean factory = builder.dataSource(dataSource)
			.managedTypes(managedTypes)
			.mappingResources(StringUtils.toStringArray(settings.getMappingResources()))
			.persistenceUnit(name)
			.build();
		factory.setBootstrapExecutor(new PersistenceUnitExecutor(name, () -> awaitDatabase(factory, lifecycle, name)));
		return factory;
	}

	/**
	 * Waits for the database. Without it, the engine supplies the dialect, which
	 * Hibernate would otherwise read from the server.
	 */
	private static void awaitDatabase(LocalContainerEntityManagerFactoryBean factory, DatabaseLifecycle lifecycle,
			String name) {
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		if (definition.settings().required()) {
			// fails if the database could not be opened
			lifecycle.getConnector(name, DatabaseConnector.class);
		}
		if (!HibernateDialects.isSet(factory) && !lifecycle.awaitUp(name, OPTIONAL_GRACE)
				&& HibernateDialects.apply(factory, definition)) {
			logger.warn(
					"Database '%s' is not UP: its persistence unit starts with %s, without reading the metadata of the server"
						.formatted(name, HibernateDialects.find(definition)));
		}
	}

}
