package io.appdbs.bean.jpa;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.TransactionManagerFactory;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.routing.RoutingDataSource;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * {@link TransactionManagerFactory} for databases with an {@link EntityManagerFactory},
 * which needs a transaction manager that knows it. Plain JDBC takes part in the
 * transactions of that manager.
 */
final class JpaTransactionManagerFactory implements TransactionManagerFactory {

	private final DatabaseLifecycle lifecycle;

	private final EntityManagerFactories factories;

	JpaTransactionManagerFactory(DatabaseLifecycle lifecycle, ConfigurableListableBeanFactory beanFactory,
			NamedDataSources dataSources) {
		this.lifecycle = lifecycle;
		this.factories = new EntityManagerFactories(beanFactory, dataSources);
	}

	@Override
	public @Nullable AbstractPlatformTransactionManager createTransactionManager(String database, boolean primary,
			DataSource dataSource) {
		EntityManagerFactory factory = this.factories.find(database, primary);
		if (factory == null) {
			return null;
		}
		RoutingDataSource routing = RoutingDataSource.find(dataSource);
		if (routing != null) {
			return new RoutedJpaTransactionManager(routing.getRoute(), factory);
		}
		boolean wrapped = EntityManagerFactories.getDataSource(factory) != dataSource
				&& database.equals(this.factories.findDatabase(factory));
		return new NamedJpaTransactionManager(() -> database, factory, wrapped ? dataSource : null,
				!this.lifecycle.getDefinition(database).settings().replicas().isEmpty());
	}

}
