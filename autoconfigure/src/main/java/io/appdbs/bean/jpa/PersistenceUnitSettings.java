package io.appdbs.bean.jpa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.JpaSettings;
import org.hibernate.boot.model.naming.ImplicitNamingStrategy;
import org.hibernate.boot.model.naming.PhysicalNamingStrategy;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.hibernate.autoconfigure.HibernateProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.hibernate.autoconfigure.HibernateSettings;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.boot.jpa.autoconfigure.JpaProperties;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.vendor.Database;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/**
 * The settings of a persistence unit: those of its database, on top of
 * {@code spring.jpa}, with the customizations of the application.
 */
final class PersistenceUnitSettings {

	/** DDL modes that create or delete what migrations have created. */
	private static final Set<String> DESTRUCTIVE = Set.of("create", "create-drop", "create-only", "drop",
			"drop-and-create", "truncate");

	private final DatabaseDefinition definition;

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> databases;

	private final JpaProperties jpa;

	private final HibernateProperties hibernate;

	private final Map<String, String> inherited;

	PersistenceUnitSettings(DatabaseDefinition definition, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		this.definition = definition;
		this.beanFactory = beanFactory;
		this.databases = beanFactory.getBean(DatabaseLifecycle.class).getNames();
		Binder binder = Binder.get(environment);
		this.jpa = binder.bindOrCreate("spring.jpa", JpaProperties.class);
		this.hibernate = binder.bindOrCreate("spring.jpa.hibernate", HibernateProperties.class);
		this.inherited = Map.copyOf(this.jpa.getProperties());
		apply(definition.settings().jpa());
	}

	private void apply(JpaSettings settings) {
		PropertyMapper map = PropertyMapper.get();
		Map<String, String> properties = new HashMap<>(this.inherited);
		if (settings.ddlAuto() != null) {
			properties.remove(SchemaToolingSettings.HBM2DDL_AUTO);
		}
		properties.putAll(settings.properties());
		this.jpa.setProperties(properties);
		map.from(settings.databasePlatform()).to(this.jpa::setDatabasePlatform);
		map.from(settings.database())
			.as((name) -> ApplicationConversionService.getSharedInstance().convert(name, Database.class))
			.to(this.jpa::setDatabase);
		map.from(settings.generateDdl()).to(this.jpa::setGenerateDdl);
		map.from(settings.showSql()).to(this.jpa::setShowSql);
		map.from(settings.ddlAuto()).to(this.hibernate::setDdlAuto);
		map.from(settings.naming().implicitStrategy()).to(this.hibernate.getNaming()::setImplicitStrategy);
		map.from(settings.naming().physicalStrategy()).to(this.hibernate.getNaming()::setPhysicalStrategy);
	}

	List<String> getMappingResources() {
		List<String> own = this.definition.settings().jpa().mappingResources();
		return own.isEmpty() ? this.jpa.getMappingResources() : own;
	}

	HibernateJpaVendorAdapter createVendorAdapter(SQLExceptionTranslator exceptionTranslator) {
		HibernateJpaVendorAdapter adapter = new NamedHibernateJpaVendorAdapter(
				new NamedHibernateJpaDialect(this.definition.name(), exceptionTranslator));
		PropertyMapper map = PropertyMapper.get();
		adapter.setShowSql(this.jpa.isShowSql());
		adapter.setGenerateDdl(this.jpa.isGenerateDdl());
		map.from(this.jpa.getDatabase()).to(adapter::setDatabase);
		map.from(this.jpa.getDatabasePlatform()).to(adapter::setDatabasePlatform);
		return adapter;
	}

	/**
	 * Creates the properties for Hibernate.
	 * @param dataSource the data source of the unit
	 * @return the properties
	 * @throws InvalidDatabaseConfigurationException if Hibernate would create or delete
	 * what migrations have created
	 */
	Map<String, Object> createJpaProperties(DataSource dataSource) {
		boolean managed = isSchemaManaged(dataSource);
		Map<String, Object> properties = new HashMap<>(
				this.hibernate.determineHibernateProperties(this.jpa.getProperties(),
						new HibernateSettings().ddlAuto(() -> (!managed && isTemporary()) ? "create-drop" : "none")
							.hibernatePropertiesCustomizers(getCustomizers())));
		if (managed) {
			rejectDestructive(properties, SchemaToolingSettings.HBM2DDL_AUTO);
			rejectDestructive(properties, SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION);
		}
		return properties;
	}

	private boolean isSchemaManaged(DataSource dataSource) {
		return this.beanFactory.getBeanProvider(SchemaManagementProvider.class)
			.stream()
			.anyMatch((provider) -> provider.getSchemaManagement(dataSource) == SchemaManagement.MANAGED);
	}

	private boolean isTemporary() {
		String url = String.valueOf(this.definition.settings().url());
		return EmbeddedServers.isTemporary(url) || url.startsWith("jdbc:h2:mem:");
	}

	private List<HibernatePropertiesCustomizer> getCustomizers() {
		HibernatePropertiesCustomizer naming = (properties) -> {
			putStrategy(properties, MappingSettings.IMPLICIT_NAMING_STRATEGY, ImplicitNamingStrategy.class);
			putStrategy(properties, MappingSettings.PHYSICAL_NAMING_STRATEGY, PhysicalNamingStrategy.class);
		};
		List<HibernatePropertiesCustomizer> customizers = new ArrayList<>(List.of(naming));
		customizers.addAll(UserBeans.getAllFor(this.beanFactory, HibernatePropertiesCustomizer.class,
				this.definition.name(), this.databases));
		return customizers;
	}

	/**
	 * Puts the strategy that is a bean, as Boot does.
	 */
	private <T> void putStrategy(Map<String, Object> properties, String key, Class<T> type) {
		T strategy = UserBeans.findFor(this.beanFactory, type, this.definition.name(), this.databases);
		if (strategy != null) {
			properties.put(key, strategy);
		}
	}

	private void rejectDestructive(Map<String, Object> properties, String property) {
		String action = String.valueOf(properties.get(property));
		if (DESTRUCTIVE.contains(action)) {
			String key = findKey(property);
			throw new InvalidDatabaseConfigurationException(this.definition.name(), key,
					"Database '%s': %s is '%s', but the schema of the database is managed by migrations, which Hibernate would overwrite."
						.formatted(this.definition.name(),
								(key != null) ? "'" + key + "'" : "the JPA property '" + property + "'", action),
					"Set '%s' to 'none' or 'validate', or disable the migrations with '%s' or '%s'.".formatted(
							this.definition.key("jpa.ddl-auto"), this.definition.key("flyway.enabled"),
							this.definition.key("liquibase.enabled")),
					null);
		}
	}

	/**
	 * Returns the key that sets the DDL mode, or {@code null} if a customizer of the
	 * application does.
	 */
	private @Nullable String findKey(String property) {
		JpaSettings settings = this.definition.settings().jpa();
		if (settings.properties().containsKey(property)) {
			return this.definition.key("jpa.properties." + property);
		}
		if (property.equals(SchemaToolingSettings.HBM2DDL_AUTO) && settings.ddlAuto() != null) {
			return this.definition.key("jpa.ddl-auto");
		}
		if (this.inherited.containsKey(property)) {
			return "spring.jpa.properties." + property;
		}
		return (property.equals(SchemaToolingSettings.HBM2DDL_AUTO) && this.hibernate.getDdlAuto() != null)
				? "spring.jpa.hibernate.ddl-auto" : null;
	}

}
