package io.appdbs.autoconfigure;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.migration.ScriptLocations;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.util.ClassUtils;

/**
 * {@link SchemaManagementProvider} for databases with migrations or scripts. Without it,
 * Boot would let Hibernate create and drop the schema of embedded ones.
 *
 * @param dataSources the data sources of the databases
 * @param beanFactory the bean factory
 */
record DatabaseSchemaManagementProvider(NamedDataSources dataSources,
		ConfigurableListableBeanFactory beanFactory) implements SchemaManagementProvider {

	@Override
	public SchemaManagement getSchemaManagement(DataSource dataSource) {
		String database = this.dataSources.findDatabase(dataSource);
		boolean managed = database != null && (isMigrated(database) || haveScripts(database));
		return managed ? SchemaManagement.MANAGED : SchemaManagement.UNMANAGED;
	}

	private boolean isMigrated(String database) {
		return (isPresent("org.flywaydb.core.Flyway") && OfFlyway.migrates(this, database))
				|| (isPresent("liquibase.integration.spring.SpringLiquibase") && OfLiquibase.migrates(this, database));
	}

	private boolean haveScripts(String database) {
		return ScriptLocations.haveSchema(database,
				this.beanFactory.getBean(DatabaseLifecycle.class).getDefinition(database).settings(),
				this.beanFactory.getBeanClassLoader());
	}

	private boolean isPresent(String className) {
		return ClassUtils.isPresent(className, this.beanFactory.getBeanClassLoader());
	}

	/**
	 * Returns whether a bean of the starter or of the application migrates the database.
	 */
	private <T> boolean migrates(String database, Class<T> type, Function<T, @Nullable DataSource> dataSource) {
		return Stream.of(this.beanFactory.getBeanNamesForType(type, true, false))
			.anyMatch((beanName) -> isQualified(beanName, database::equals)
					|| isOn(beanName, database, (name) -> dataSource.apply(this.beanFactory.getBean(name, type))));
	}

	/**
	 * Returns whether a bean without qualifier, which is the application's, uses the
	 * database.
	 */
	private boolean isOn(String beanName, String database, Function<String, @Nullable DataSource> dataSource) {
		if (isQualified(beanName, this.dataSources.getDatabases()::contains)) {
			return false;
		}
		DataSource used = dataSource.apply(beanName);
		return used != null && database.equals(this.dataSources.findDatabase(used));
	}

	private boolean isQualified(String beanName, Predicate<String> qualifier) {
		return UserBeans.isQualified(this.beanFactory, beanName, qualifier);
	}

	/**
	 * Loaded only if Flyway is on the class path.
	 */
	private static final class OfFlyway {

		static boolean migrates(DatabaseSchemaManagementProvider provider, String database) {
			return provider.migrates(database, Flyway.class, (flyway) -> flyway.getConfiguration().getDataSource());
		}

	}

	/**
	 * Loaded only if Liquibase is on the class path.
	 */
	private static final class OfLiquibase {

		static boolean migrates(DatabaseSchemaManagementProvider provider, String database) {
			return provider.migrates(database, SpringLiquibase.class, SpringLiquibase::getDataSource);
		}

	}

}
