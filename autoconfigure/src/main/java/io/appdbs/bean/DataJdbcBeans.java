package io.appdbs.bean;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Supplier;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.data.jdbc.core.dialect.DialectResolver;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.relational.core.dialect.Dialect;
import org.springframework.data.relational.core.sql.IdentifierProcessing;
import org.springframework.data.relational.core.sql.IdentifierProcessing.LetterCasing;
import org.springframework.data.relational.core.sql.IdentifierProcessing.Quoting;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Supplies the dialect of the default database for Spring Data JDBC, which would
 * otherwise query the server, even during ahead-of-time processing.
 */
public final class DataJdbcBeans {

	/** Extensions by which a library or the application detects a dialect. */
	private static final List<String> PROVIDERS = List.of(
			"org.springframework.data.jdbc.core.dialect.DialectResolver$JdbcDialectProvider",
			"org.springframework.data.jdbc.repository.config.DialectResolver$JdbcDialectProvider");

	/**
	 * Names for MySQL and MariaDB are not changed: the server decides whether case
	 * matters, by {@code lower_case_table_names}.
	 */
	private static final IdentifierProcessing AS_IS = IdentifierProcessing.create(new Quoting("`"), LetterCasing.AS_IS);

	private DataJdbcBeans() {
	}

	/**
	 * Returns whether the dialect of a database is known and neither the application nor
	 * another library sets it.
	 * @param database the database
	 * @param environment the environment
	 * @param beanFactory the bean factory
	 * @return whether to supply the dialect
	 */
	public static boolean isDialectKnown(String database, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		return findDialect(database, environment, classLoader) != null
				&& !environment.containsProperty("spring.data.jdbc.dialect")
				&& PROVIDERS.stream().noneMatch((type) -> isExtended(type, classLoader))
				&& beanFactory.getBeanNamesForType(Dialect.class, true, false).length == 0;
	}

	private static boolean isExtended(String type, @Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent(type, classLoader) && SpringFactoriesLoader.forDefaultResourceLocation(classLoader)
			.load(ClassUtils.resolveClassName(type, classLoader))
			.stream()
			.anyMatch((provider) -> !provider.getClass().getName().startsWith("org.springframework.data."));
	}

	static JdbcDialect jdbcDialect(String database, Environment environment,
			ObjectProvider<NamedParameterJdbcOperations> operations) {
		JdbcDialect dialect = findDialect(database, environment, DataJdbcBeans.class.getClassLoader());
		// the URL may have changed to one of another engine
		return (dialect != null) ? dialect : DialectResolver.getDialect(operations.getObject().getJdbcOperations());
	}

	/**
	 * Creates the dialect of a database.
	 * @param database the name of the database
	 * @param environment the environment
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @param operations used to query the server if the engine does not know its dialect
	 * or if a library detects dialects
	 * @return the dialect
	 */
	public static JdbcDialect createDialect(String database, Environment environment, @Nullable ClassLoader classLoader,
			Supplier<NamedParameterJdbcOperations> operations) {
		Engine route = RouteSettingsBinder.findEngine(environment, database, Engines.load(classLoader));
		if (route instanceof JdbcEngine engine) {
			return createRouteDialect(database, engine, classLoader);
		}
		JdbcDialect dialect = PROVIDERS.stream().noneMatch((type) -> isExtended(type, classLoader))
				? findDialect(database, environment, classLoader) : null;
		return (dialect != null) ? dialect : DialectResolver.getDialect(operations.get().getJdbcOperations());
	}

	/**
	 * No database is selected when the dialect is created, so no server can be queried.
	 */
	private static JdbcDialect createRouteDialect(String route, JdbcEngine engine, @Nullable ClassLoader classLoader) {
		JdbcDialect dialect = createDialect(engine, classLoader);
		if (dialect == null) {
			throw new InvalidDatabaseConfigurationException(null, ConfiguredSources.ROUTES.append(route).toString(),
					"Route '%s': Spring Data JDBC needs a dialect, and the engine %s has none.".formatted(route,
							engine.getDisplayName()),
					"Define a JdbcDialect bean with the qualifier '%s', or override getDataJdbcDialect() in %s."
						.formatted(route, engine.getClass().getName()),
					null);
		}
		return dialect;
	}

	private static @Nullable JdbcDialect createDialect(JdbcEngine engine, @Nullable ClassLoader classLoader) {
		String className = engine.getDataJdbcDialect();
		return (className != null) ? create(ClassUtils.resolveClassName(className, classLoader)) : null;
	}

	private static @Nullable JdbcDialect findDialect(String database, Environment environment,
			@Nullable ClassLoader classLoader) {
		Engine engine = DeclaredDatabase.findEngine(environment, ConfiguredSources.of(environment), database,
				Engines.load(classLoader));
		return (engine instanceof JdbcEngine jdbcEngine) ? createDialect(jdbcEngine, classLoader) : null;
	}

	private static @Nullable JdbcDialect create(Class<?> type) {
		Constructor<?> constructor = ClassUtils.getConstructorIfAvailable(type, IdentifierProcessing.class);
		if (constructor != null) {
			return (JdbcDialect) BeanUtils.instantiateClass(constructor, AS_IS);
		}
		Field instance = ReflectionUtils.findField(type, "INSTANCE");
		return (instance != null) ? (JdbcDialect) ReflectionUtils.getField(instance, null) : null;
	}

}
