package io.appdbs.bean;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * Creates the transaction managers of relational databases that need one for more than
 * plain JDBC.
 */
@FunctionalInterface
public interface TransactionManagerFactory {

	/**
	 * Creates the transaction manager of a database.
	 * @param database the name of the database
	 * @param primary whether an injection without qualifier gets the database
	 * @param dataSource the data source of the database
	 * @return the transaction manager or {@code null} if the one for JDBC is sufficient
	 */
	@Nullable AbstractPlatformTransactionManager createTransactionManager(String database, boolean primary,
			DataSource dataSource);

}
