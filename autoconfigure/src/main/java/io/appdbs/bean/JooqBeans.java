package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.conf.Settings;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultDSLContext;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.boot.jooq.autoconfigure.DefaultConfigurationCustomizer;
import org.springframework.boot.jooq.autoconfigure.ExceptionTranslatorExecuteListener;
import org.springframework.boot.jooq.autoconfigure.JooqProperties;
import org.springframework.boot.jooq.autoconfigure.SpringTransactionProvider;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Creates the beans of a relational database for jOOQ, as Boot's configuration does for a
 * single database, except that the dialect is not determined from the server.
 */
final class JooqBeans {

	private JooqBeans() {
	}

	static DataSourceConnectionProvider jooqConnectionProvider(DataSource dataSource) {
		return new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource));
	}

	static SpringTransactionProvider jooqTransactionProvider(PlatformTransactionManager manager) {
		return new SpringTransactionProvider(manager);
	}

	static DefaultConfiguration jooqConfiguration(String name, CandidateRole role, ConnectionProvider connections,
			TransactionProvider transactions, JdbcTemplate template, DatabaseLifecycle lifecycle,
			ObjectProvider<JooqProperties> properties, ConfigurableListableBeanFactory beanFactory) {
		DatabaseDefinition database = lifecycle.getDefinition(name);
		DefaultConfiguration configuration = new DefaultConfiguration();
		configuration.set(findDialect(database, role, properties.getIfAvailable()));
		configuration.set(connections);
		configuration.set(transactions);
		configuration.set(UserBeans.findFor(beanFactory, Settings.class, name, lifecycle.getNames()));
		configuration.set(findListeners(database, template, lifecycle, beanFactory));
		UserBeans.getAllFor(beanFactory, DefaultConfigurationCustomizer.class, name, lifecycle.getNames())
			.forEach((customizer) -> customizer.customize(configuration));
		if (configuration.dialect() == SQLDialect.DEFAULT) {
			throw withoutDialect(database, role);
		}
		return configuration;
	}

	static DefaultDSLContext dslContext(Configuration configuration) {
		return new DefaultDSLContext(configuration);
	}

	/**
	 * Returns the dialect of the database. As in Boot, a property overrides that of the
	 * default database.
	 */
	private static @Nullable SQLDialect findDialect(DatabaseDefinition database, CandidateRole role,
			@Nullable JooqProperties properties) {
		SQLDialect configured = (properties != null) ? properties.getSqlDialect() : null;
		if (configured != null && role == CandidateRole.DEFAULT) {
			throw new InvalidDatabaseConfigurationException(database.name(), "spring.jooq.sql-dialect",
					"'spring.jooq.sql-dialect' is %s. It applies to the default database, but none of the databases is primary."
						.formatted(configured),
					"Remove 'spring.jooq.sql-dialect', since the engine of each database determines its dialect, or set 'app.dbs.<name>.primary' to true for one of the databases.",
					null);
		}
		return (configured != null && role == CandidateRole.PRIMARY) ? configured : findDialect(database);
	}

	private static @Nullable SQLDialect findDialect(DatabaseDefinition database) {
		String dialect = (database.engine() instanceof JdbcEngine engine) ? engine.getJooqDialect() : null;
		if (dialect == null) {
			return null;
		}
		List<String> known = Stream.of(SQLDialect.values()).map(SQLDialect::name).toList();
		if (!known.contains(dialect)) {
			throw new InvalidDatabaseConfigurationException(database.name(), null,
					"Database '%s': the engine %s returns the jOOQ dialect '%s', which the jOOQ on the class path does not have."
						.formatted(database.name(), database.engine().getDisplayName(), dialect),
					"Correct getJooqDialect() in %s, or %s. %s".formatted(database.engine().getClass().getName(),
							StringUtils.uncapitalize(customizer(database)),
							KnownKeys.suggest(dialect, "dialects", known)),
					null);
		}
		return SQLDialect.valueOf(dialect);
	}

	private static InvalidDatabaseConfigurationException withoutDialect(DatabaseDefinition database,
			CandidateRole role) {
		return new InvalidDatabaseConfigurationException(database.name(), null,
				"Database '%s': jOOQ needs a dialect, and the engine %s has none.".formatted(database.name(),
						database.engine().getDisplayName()),
				"%s, or override getJooqDialect() in %s.".formatted(
						(role == CandidateRole.PRIMARY) ? "Set 'spring.jooq.sql-dialect'" : customizer(database),
						database.engine().getClass().getName()),
				null);
	}

	private static String customizer(DatabaseDefinition database) {
		return "Define a DefaultConfigurationCustomizer bean with the qualifier '%s' that sets the dialect"
			.formatted(database.name());
	}

	/**
	 * Returns the listeners of the application. The one that translates exceptions, at
	 * the place where Boot has its own, throws the same exceptions as
	 * {@link JdbcTemplate} unless the application defines it.
	 */
	private static ExecuteListenerProvider[] findListeners(DatabaseDefinition database, JdbcTemplate template,
			DatabaseLifecycle lifecycle, ConfigurableListableBeanFactory beanFactory) {
		Class<ExceptionTranslatorExecuteListener> type = ExceptionTranslatorExecuteListener.class;
		ExceptionTranslatorExecuteListener common = UserBeans.findCommon(beanFactory, type, lifecycle.getNames());
		ExceptionTranslatorExecuteListener listener = UserBeans.findQualified(beanFactory, type, database.name());
		if (listener == null) {
			listener = (common == null || common == ExceptionTranslatorExecuteListener.DEFAULT)
					? ExceptionTranslatorExecuteListener.of((context) -> template.getExceptionTranslator()) : common;
		}
		ExecuteListenerProvider translator = new DefaultExecuteListenerProvider(listener);
		List<ExecuteListenerProvider> providers = new ArrayList<>(
				UserBeans.getAllFor(beanFactory, ExecuteListenerProvider.class, database.name(), lifecycle.getNames()));
		providers.replaceAll((provider) -> provides(provider, common) ? translator : provider);
		if (!providers.contains(translator)) {
			providers.add(0, translator);
		}
		return providers.toArray(ExecuteListenerProvider[]::new);
	}

	private static boolean provides(ExecuteListenerProvider provider,
			@Nullable ExceptionTranslatorExecuteListener listener) {
		return provider instanceof DefaultExecuteListenerProvider && provider.provide() == listener;
	}

	/**
	 * Registers the bean definitions. Boot's configuration has a bean of each of these
	 * types, so that it backs off if the default database is one of the starter. Does
	 * nothing without jOOQ and Boot's module for it, and does not load the factory then.
	 */
	static final class Definitions {

		private static final boolean jooqPresent = isPresent("org.jooq.DSLContext")
				&& isPresent("org.springframework.boot.jooq.autoconfigure.SpringTransactionProvider");

		private final DatabaseBeanRegistry beans;

		private final DeclaredDatabase database;

		private final CandidateRole role;

		/**
		 * Creates new {@link Definitions}.
		 * @param beans where to register them
		 * @param database the database
		 */
		Definitions(DatabaseBeanRegistry beans, DeclaredDatabase database) {
			this.beans = beans;
			this.database = database;
			this.role = beans.roles().source(database);
		}

		private static boolean isPresent(String className) {
			return ClassUtils.isPresent(className, Definitions.class.getClassLoader());
		}

		/**
		 * Registers the beans of the database.
		 * @param dataSource the name of the bean with its data source
		 * @param template the name of the bean with its {@code JdbcTemplate}
		 * @param manager the name of the bean with its transaction manager
		 */
		void register(String dataSource, String template, String manager) {
			if (jooqPresent) {
				RuntimeBeanReference connections = register("JooqConnectionProvider", ConnectionProvider.class,
						new RuntimeBeanReference(dataSource));
				RuntimeBeanReference transactions = register("JooqTransactionProvider", TransactionProvider.class,
						new RuntimeBeanReference(manager));
				RuntimeBeanReference configuration = register("JooqConfiguration", Configuration.class,
						this.database.name(), this.role, connections, transactions, new RuntimeBeanReference(template));
				register("DslContext", DSLContext.class, configuration);
			}
		}

		private RuntimeBeanReference register(String suffix, Class<?> type, Object... arguments) {
			return new RuntimeBeanReference(
					this.beans.registerWithRole(this.database, suffix, type, this.role, JooqBeans.class, arguments));
		}

	}

}
