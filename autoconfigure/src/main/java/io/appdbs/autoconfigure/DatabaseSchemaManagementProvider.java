package io.appdbs.autoconfigure;

import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.UserBeans;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;

/**
 * {@link SchemaManagementProvider} for databases with migrations. Without it, Boot would
 * let Hibernate create and drop the schema of embedded ones.
 *
 * @param dataSources the data sources of the databases
 * @param beanFactory the bean factory
 */
record DatabaseSchemaManagementProvider(NamedDataSources dataSources,
		ConfigurableListableBeanFactory beanFactory) implements SchemaManagementProvider {

	@Override
	public SchemaManagement getSchemaManagement(DataSource dataSource) {
		return hasFlyway(this.dataSources.findDatabase(dataSource)) ? SchemaManagement.MANAGED
				: SchemaManagement.UNMANAGED;
	}

	/**
	 * Returns whether a {@link Flyway} of the starter or of the application migrates the
	 * database.
	 */
	private boolean hasFlyway(@Nullable String database) {
		return database != null && Stream.of(this.beanFactory.getBeanNamesForType(Flyway.class, true, false))
			.anyMatch((beanName) -> isQualified(beanName, database::equals) || isOn(beanName, database));
	}

	/**
	 * Returns whether a Flyway without qualifier, which is the application's, uses the
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
