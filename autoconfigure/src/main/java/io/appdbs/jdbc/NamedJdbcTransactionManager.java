package io.appdbs.jdbc;

import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.engine.Engine;
import io.appdbs.transaction.TransactionRetry;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * {@link JdbcTransactionManager} whose exceptions name the database.
 */
@SuppressWarnings("serial")
public class NamedJdbcTransactionManager extends JdbcTransactionManager {

	private final transient Supplier<String> database;

	private final transient ServerTimeoutTranslator timeouts;

	/**
	 * Creates a new {@link NamedJdbcTransactionManager}.
	 * @param database the name of the database
	 * @param engine the engine
	 * @param dataSource the database
	 */
	public NamedJdbcTransactionManager(String database, Supplier<Engine> engine, DataSource dataSource) {
		this(() -> database, engine, dataSource);
	}

	/**
	 * Creates a new {@link NamedJdbcTransactionManager} for several databases.
	 * @param database supplies the name of the current database
	 * @param engine the engine
	 * @param dataSource the databases
	 */
	protected NamedJdbcTransactionManager(Supplier<String> database, Supplier<Engine> engine, DataSource dataSource) {
		super(dataSource);
		this.database = database;
		this.timeouts = new ServerTimeoutTranslator(engine);
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			throw new CannotCreateTransactionException(
					NamedSqlExceptionTranslator.name(this.database.get(), String.valueOf(ex.getMessage())),
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
		String named = NamedSqlExceptionTranslator.name(this.database.get(), task);
		RuntimeException translated = super.translateException(named, failure);
		DataAccessException timeout = (translated instanceof DataAccessException) ? null
				: this.timeouts.translate(named, null, failure);
		return (timeout != null) ? timeout : translated;
	}

}
