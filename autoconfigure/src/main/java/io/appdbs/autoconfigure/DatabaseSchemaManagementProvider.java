package io.appdbs.autoconfigure;

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
			.anyMatch((beanName) -> UserBeans.isQualified(this.beanFactory, beanName, database::equals));
	}

}
