package io.appdbs.bean.jpa;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.TransactionManagerFactory;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * {@link TransactionManagerFactory} for databases with an {@link EntityManagerFactory},
 * which needs a transaction manager that knows it. Plain JDBC takes part in the
 * transactions of that manager.
 */
final class JpaTransactionManagerFactory implements TransactionManagerFactory {

	private final EntityManagerFactories factories;

	JpaTransactionManagerFactory(ConfigurableListableBeanFactory beanFactory, NamedDataSources dataSources) {
		this.factories = new EntityManagerFactories(beanFactory, dataSources);
	}

	@Override
	public @Nullable AbstractPlatformTransactionManager createTransactionManager(String database, boolean primary,
			DataSource dataSource) {
		EntityManagerFactory factory = this.factories.find(database, primary);
		if (factory == null) {
			return null;
		}
		boolean wrapped = EntityManagerFactories.getDataSource(factory) != dataSource
				&& database.equals(this.factories.findDatabase(factory));
		JpaTransactionManager manager = wrapped ? new WrappedJpaTransactionManager(dataSource)
				: new JpaTransactionManager();
		manager.setEntityManagerFactory(factory);
		return manager;
	}

	/**
	 * If the factory uses a wrapper of the database's data source, plain JDBC on that
	 * data source still takes part in the transactions.
	 */
	@SuppressWarnings("serial")
	private static final class WrappedJpaTransactionManager extends JpaTransactionManager {

		private final DataSource dataSource;

		WrappedJpaTransactionManager(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Override
		public void afterPropertiesSet() {
			super.afterPropertiesSet();
			setDataSource(this.dataSource);
		}

	}

}
