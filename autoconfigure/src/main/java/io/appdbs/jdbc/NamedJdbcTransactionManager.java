package io.appdbs.jdbc;

import java.sql.SQLException;

import javax.sql.DataSource;

import io.appdbs.transaction.TransactionRetry;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * {@link JdbcTransactionManager} whose exceptions name the database.
 */
@SuppressWarnings("serial")
public final class NamedJdbcTransactionManager extends JdbcTransactionManager {

	private final String database;

	/**
	 * Create a new {@link NamedJdbcTransactionManager}.
	 * @param database the name of the database
	 * @param dataSource the database
	 */
	public NamedJdbcTransactionManager(String database, DataSource dataSource) {
		super(dataSource);
		this.database = database;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			throw new CannotCreateTransactionException(
					NamedSqlExceptionTranslator.name(this.database, String.valueOf(ex.getMessage())),
					(ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		try {
			super.doCommit(status);
		}
		catch (RuntimeException ex) {
			TransactionRetry.rollsBack(ex);
			throw ex;
		}
	}

	@Override
	protected RuntimeException translateException(String task, SQLException failure) {
		return super.translateException(NamedSqlExceptionTranslator.name(this.database, task), failure);
	}

}
