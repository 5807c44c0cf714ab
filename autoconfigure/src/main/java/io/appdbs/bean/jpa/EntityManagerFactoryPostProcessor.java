package io.appdbs.bean.jpa;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import jakarta.persistence.EntityManagerFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.util.ClassUtils;

/**
 * Prepares factories of the application for a database that is down. Triggers the check
 * of factories that are created after the start.
 */
final class EntityManagerFactoryPostProcessor implements DestructionAwareBeanPostProcessor {

	private static final Log logger = LogFactory.getLog(EntityManagerFactoryPostProcessor.class);

	private static final boolean hibernatePresent = ClassUtils.isPresent(
			"org.hibernate.context.spi.CurrentTenantIdentifierResolver",
			EntityManagerFactoryPostProcessor.class.getClassLoader());

	private final ObjectProvider<DatabaseLifecycle> lifecycle;

	private final ObjectProvider<NamedDataSources> dataSources;

	private final ObjectProvider<EntityManagerFactoryCheck> check;

	EntityManagerFactoryPostProcessor(ObjectProvider<DatabaseLifecycle> lifecycle,
			ObjectProvider<NamedDataSources> dataSources, ObjectProvider<EntityManagerFactoryCheck> check) {
		this.lifecycle = lifecycle;
		this.dataSources = dataSources;
		this.check = check;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof EntityManagerFactory factory) {
			this.check.getObject().created(beanName, factory);
		}
		return bean;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		// the starter's own units wait in the background
		if (bean instanceof AbstractEntityManagerFactoryBean factory
				&& !(factory.getBootstrapExecutor() instanceof PersistenceUnitExecutor)) {
			DataSource dataSource = factory.getDataSource();
			RoutedUnit routed = (hibernatePresent && dataSource != null) ? RoutedUnit.find(dataSource) : null;
			if (routed != null) {
				routed.prepare(factory);
			}
			String database = (dataSource != null) ? this.dataSources.getObject().findDatabase(dataSource) : null;
			if (database != null && !HibernateDialects.isSet(factory)) {
				prepare(factory, beanName, this.lifecycle.getObject(), database);
			}
		}
		return bean;
	}

	/**
	 * Closing a factory would wait until its unit has been built.
	 */
	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean factory
				&& factory.getBootstrapExecutor() instanceof PersistenceUnitExecutor executor) {
			executor.shutdown();
		}
	}

	private static void prepare(AbstractEntityManagerFactoryBean factory, String beanName, DatabaseLifecycle lifecycle,
			String database) {
		DatabaseDefinition definition = lifecycle.getDefinition(database);
		String dialect = HibernateDialects.find(definition);
		if (dialect != null && !lifecycle.awaitUp(database, definition.settings().acquireTimeoutOrDefault())) {
			logger.warn(
					"Database '%s' is not UP: EntityManagerFactory bean '%s' starts with %s, without reading the metadata of the server%s"
						.formatted(database, beanName, dialect, HibernateDialects.describeOmitted(factory)));
			HibernateDialects.apply(factory, definition);
		}
	}

}
