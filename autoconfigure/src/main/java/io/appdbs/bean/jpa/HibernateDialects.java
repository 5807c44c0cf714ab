package io.appdbs.bean.jpa;

import java.util.List;
import java.util.Map;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.JpaVendorAdapter;

/**
 * Lets Hibernate start while its database is down, by setting the dialect of the engine,
 * which Hibernate would otherwise read from the server.
 */
final class HibernateDialects {

	static final String DIALECT = "hibernate.dialect";

	private static final String METADATA_ACCESS = "hibernate.boot.allow_jdbc_metadata_access";

	private static final List<String> SETTINGS = List.of(DIALECT, METADATA_ACCESS,
			"jakarta.persistence.database-product-name");

	private static final List<String> SCHEMA_ACTIONS = List.of("hibernate.hbm2ddl.auto",
			"jakarta.persistence.schema-generation.database.action");

	private HibernateDialects() {
	}

	/**
	 * Returns whether the application has set one of the properties.
	 */
	static boolean isSet(AbstractEntityManagerFactoryBean factory) {
		JpaVendorAdapter adapter = factory.getJpaVendorAdapter();
		Map<String, ?> defaults = (adapter != null) ? adapter.getJpaPropertyMap() : Map.of();
		return SETTINGS.stream()
			.anyMatch((setting) -> factory.getJpaPropertyMap().containsKey(setting) || defaults.containsKey(setting));
	}

	/**
	 * Returns what the start of a unit without its database omits, for messages.
	 */
	static String describeOmitted(AbstractEntityManagerFactoryBean factory) {
		return SCHEMA_ACTIONS.stream()
			.filter((action) -> !"none".equals(factory.getJpaPropertyMap().getOrDefault(action, "none")))
			.findFirst()
			.map((action) -> ", and without the schema action '%s'".formatted(factory.getJpaPropertyMap().get(action)))
			.orElse("");
	}

	/**
	 * Returns the dialect of a database's engine.
	 * @return the fully qualified name of the class or {@code null} if the engine has
	 * none
	 */
	static @Nullable String find(DatabaseDefinition definition) {
		return (definition.engine() instanceof JdbcEngine engine) ? engine.getHibernateDialect() : null;
	}

	/**
	 * Sets the dialect of the engine, unless the application has set one, and prevents
	 * Hibernate from reading the metadata of a server in any case.
	 * @return whether there is a dialect
	 */
	static boolean applyAlways(AbstractEntityManagerFactoryBean factory, DatabaseDefinition definition) {
		boolean set = isSet(factory);
		Object declared = factory.getJpaPropertyMap().get(DIALECT);
		if (!apply(factory, definition) && !set) {
			return false;
		}
		Map<String, Object> properties = factory.getJpaPropertyMap();
		properties.put(METADATA_ACCESS, "false");
		SCHEMA_ACTIONS.forEach((action) -> properties.replace(action, "none"));
		if (set) {
			properties.remove(DIALECT);
			if (declared != null) {
				properties.put(DIALECT, declared);
			}
		}
		return true;
	}

	/**
	 * Sets the dialect of the engine. The schema is neither changed nor validated, since
	 * this needs the server.
	 * @return whether the engine has one
	 */
	static boolean apply(AbstractEntityManagerFactoryBean factory, DatabaseDefinition definition) {
		String dialect = find(definition);
		if (dialect == null) {
			return false;
		}
		Map<String, Object> properties = factory.getJpaPropertyMap();
		properties.put(DIALECT, dialect);
		properties.put(METADATA_ACCESS, "false");
		SCHEMA_ACTIONS.forEach((action) -> properties.replace(action, "none"));
		// capabilities of the drivers, which Hibernate cannot detect without metadata
		properties.putIfAbsent("hibernate.jdbc.use_get_generated_keys", "true");
		properties.putIfAbsent("hibernate.jdbc.use_scrollable_resultset", "true");
		return true;
	}

}
