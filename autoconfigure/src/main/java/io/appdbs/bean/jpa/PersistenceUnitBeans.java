package io.appdbs.bean.jpa;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.resource.beans.container.spi.BeanContainer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.hibernate.SpringBeanContainer;
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

	private PersistenceUnitBeans() {
	}

	/**
	 * Creates the managed types, which have been found when the beans were defined, so
	 * that ahead-of-time processing scans once.
	 */
	static PersistenceManagedTypes persistenceManagedTypes(String[] classNames, String[] packages) {
		return PersistenceManagedTypes.of(List.of(classNames), List.of(packages));
	}

	static LocalContainerEntityManagerFactoryBean entityManagerFactory(String name, String[] containedTypes,
			DataSource dataSource, PersistenceManagedTypes managedTypes, Environment environment,
			DatabaseLifecycle lifecycle, ObjectProvider<SQLExceptionTranslator> exceptionTranslator,
			ConfigurableListableBeanFactory beanFactory) {
		RoutedUnit routed = RoutedUnit.find(dataSource);
		PersistenceUnitSettings settings = new PersistenceUnitSettings(
				(routed != null) ? routed.define() : lifecycle.getDefinition(name), environment, beanFactory);
		HibernateJpaVendorAdapter adapter = settings
			.createVendorAdapter(exceptionTranslator.getIfUnique(() -> (routed != null) ? routed.createTranslator()
					: new NamedSqlExceptionTranslator(name, () -> lifecycle.getEngine(name), dataSource)));
		EntityManagerFactoryBuilder builder = new EntityManagerFactoryBuilder(adapter, settings::createJpaProperties,
				null);
		UserBeans.getAllFor(beanFactory, EntityManagerFactoryBuilderCustomizer.class, name, lifecycle.getNames())
			.forEach((customizer) -> customizer.customize(builder));
		LocalContainerEntityManagerFactoryBean factory = builder.dataSource(dataSource)
			.managedTypes(managedTypes)
			.mappingResources(StringUtils.toStringArray(settings.getMappingResources()))
			.persistenceUnit(name)
			.build();
		PersistenceUnitExecutor executor = new PersistenceUnitExecutor(name,
				(routed != null) ? () -> routed.prepare(factory) : () -> awaitDatabase(factory, lifecycle, name));
		factory.setBootstrapExecutor(executor);
		contain(factory, executor, containedTypes, beanFactory);
		return factory;
	}

	/**
	 * Lets Spring create what the unit needs, also if the application has set a container
	 * that does, but not on the thread that builds the unit.
	 */
	private static void contain(LocalContainerEntityManagerFactoryBean factory, PersistenceUnitExecutor executor,
			String[] containedTypes, ConfigurableListableBeanFactory beanFactory) {
		Map<String, Object> properties = factory.getJpaPropertyMap();
		Object container = properties.computeIfAbsent(AvailableSettings.BEAN_CONTAINER,
				(key) -> new SpringBeanContainer(beanFactory));
		if (container instanceof BeanContainer delegate) {
			PersistenceUnitBeanContainer contained = new PersistenceUnitBeanContainer(delegate, executor, beanFactory);
			contained.prepare(List.of(containedTypes), beanFactory.getBeanClassLoader());
			properties.put(AvailableSettings.BEAN_CONTAINER, contained);
		}
	}

	/**
	 * Waits for the database, or until the first attempt to open an optional one has
	 * failed. Without it, the engine supplies the dialect, which Hibernate would
	 * otherwise read from the server.
	 */
	private static void awaitDatabase(LocalContainerEntityManagerFactoryBean factory, DatabaseLifecycle lifecycle,
			String name) {
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		if (definition.settings().required()) {
			// fails if the database could not be opened
			lifecycle.getConnector(name, DatabaseConnector.class);
		}
		if (!HibernateDialects.isSet(factory)
				&& !lifecycle.awaitUp(name, definition.settings().acquireTimeoutOrDefault())) {
			String omitted = HibernateDialects.describeOmitted(factory);
			if (HibernateDialects.apply(factory, definition)) {
				logger.warn(
						"Database '%s' is not UP: its persistence unit starts with %s, without reading the metadata of the server%s"
							.formatted(name, HibernateDialects.find(definition), omitted));
			}
		}
	}

}
