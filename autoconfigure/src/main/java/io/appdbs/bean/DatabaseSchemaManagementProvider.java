package io.appdbs.bean;

import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;

/**
 * {@link SchemaManagementProvider} for databases with migrations, whose schema Boot would
 * otherwise let Hibernate create, and drop, where they are embedded.
 */
class DatabaseSchemaManagementProvider implements SchemaManagementProvider {

	private final NamedDataSources dataSources;

	private final ConfigurableListableBeanFactory beanFactory;

	DatabaseSchemaManagementProvider(NamedDataSources dataSources, ConfigurableListableBeanFactory beanFactory) {
		this.dataSources = dataSources;
		this.beanFactory = beanFactory;
	}

	@Override
	public SchemaManagement getSchemaManagement(DataSource dataSource) {
		return hasFlyway(this.dataSources.findDatabase(dataSource)) ? SchemaManagement.MANAGED
				: SchemaManagement.UNMANAGED;
	}

	/**
	 * Return whether there is a {@link Flyway}, ours or the application's.
	 */
	private boolean hasFlyway(@Nullable String database) {
		return database != null && Stream.of(this.beanFactory.getBeanNamesForType(Flyway.class, true, false))
			.anyMatch((beanName) -> isQualified(beanName, database::equals) || isOn(beanName, database));
	}

	/**
	 * Return whether a Flyway without qualifier, so one of the application, is on the
	 * database.
	 */
	private boolean isOn(String beanName, String database) {
		if (isQualified(beanName, this.dataSources.getDatabases()::contains)) {
			return false;
		}
		DataSource dataSource = this.beanFactory.getBean(beanName, Flyway.class).getConfiguration().getDataSource();
		return dataSource != null && database.equals(this.dataSources.findDatabase(dataSource));
	}

	private boolean isQualified(String beanName, Predicate<String> qualifier) {
		return UserBeans.isQualified(this.beanFactory, beanName, qualifier);
	}

}
