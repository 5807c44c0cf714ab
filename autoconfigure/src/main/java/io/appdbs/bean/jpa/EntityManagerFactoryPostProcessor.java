package io.appdbs.bean.jpa;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import jakarta.persistence.EntityManagerFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.JpaVendorAdapter;

/**
 * Lets Hibernate start while its database is down, by setting the dialect of the engine,
 * which Hibernate would otherwise read from the server. Triggers the check of factories
 * that are created after the start.
 */
final class EntityManagerFactoryPostProcessor implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(EntityManagerFactoryPostProcessor.class);

	private static final String DIALECT = "hibernate.dialect";

	private static final String METADATA_ACCESS = "hibernate.boot.allow_jdbc_metadata_access";

	private static final List<String> SETTINGS = List.of(DIALECT, METADATA_ACCESS,
			"jakarta.persistence.database-product-name");

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
		if (bean instanceof AbstractEntityManagerFactoryBean factory) {
			DataSource dataSource = factory.getDataSource();
			String database = (dataSource != null) ? this.dataSources.getObject().findDatabase(dataSource) : null;
			if (database != null && !isSet(factory)) {
				prepare(factory, beanName, this.lifecycle.getObject(), database);
			}
		}
		return bean;
	}

	/**
	 * Returns whether the application has set one of the properties.
	 */
	private static boolean isSet(AbstractEntityManagerFactoryBean factory) {
		JpaVendorAdapter adapter = factory.getJpaVendorAdapter();
		Map<String, ?> defaults = (adapter != null) ? adapter.getJpaPropertyMap() : Map.of();
		return SETTINGS.stream()
			.anyMatch((setting) -> factory.getJpaPropertyMap().containsKey(setting) || defaults.containsKey(setting));
	}

	private static void prepare(AbstractEntityManagerFactoryBean factory, String beanName, DatabaseLifecycle lifecycle,
			String database) {
		DatabaseDefinition definition = lifecycle.getDefinition(database);
		String dialect = (definition.engine() instanceof JdbcEngine engine) ? engine.getHibernateDialect() : null;
		if (dialect == null || lifecycle.awaitUp(database, definition.settings().acquireTimeoutOrDefault())) {
			return;
		}
		logger.warn(
				"Database '%s' is not UP: EntityManagerFactory bean '%s' starts with %s, without reading the metadata of the server"
					.formatted(database, beanName, dialect));
		Map<String, Object> properties = factory.getJpaPropertyMap();
		properties.put(DIALECT, dialect);
		properties.put(METADATA_ACCESS, "false");
		// capabilities of the drivers, which Hibernate cannot detect without metadata
		properties.putIfAbsent("hibernate.jdbc.use_get_generated_keys", "true");
		properties.putIfAbsent("hibernate.jdbc.use_scrollable_resultset", "true");
	}

}
