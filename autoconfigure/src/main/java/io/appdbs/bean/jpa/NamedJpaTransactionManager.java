package io.appdbs.bean.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.engine.Causes;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import io.appdbs.transaction.TransactionRetry;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * {@link JpaTransactionManager} whose exceptions name the database.
 */
@SuppressWarnings("serial")
class NamedJpaTransactionManager extends JpaTransactionManager {

	private static final Log logger = LogFactory.getLog(NamedJpaTransactionManager.class);

	private static final boolean hibernatePresent = ClassUtils.isPresent(
			"org.hibernate.engine.spi.SharedSessionContractImplementor",
			NamedJpaTransactionManager.class.getClassLoader());

	private final transient Supplier<String> database;

	private final transient @Nullable DataSource dataSource;

	private final boolean replicated;

	/**
	 * Creates a new {@link NamedJpaTransactionManager}.
	 * @param database supplies the name of the database
	 * @param factory the factory
	 * @param dataSource the data source of the database if the factory uses a wrapper of
	 * it: plain JDBC on that data source still takes part in the transactions
	 * @param replicated whether the database has replicas
	 */
	NamedJpaTransactionManager(Supplier<String> database, EntityManagerFactory factory, @Nullable DataSource dataSource,
			boolean replicated) {
		this.database = database;
		this.dataSource = dataSource;
		this.replicated = replicated;
		setEntityManagerFactory(factory);
	}

	@Override
	public void afterPropertiesSet() {
		super.afterPropertiesSet();
		if (this.dataSource != null) {
			setDataSource(this.dataSource);
		}
		if (getJpaDialect() instanceof NamedHibernateJpaDialect dialect) {
			setJpaDialect(dialect.forTransactions());
		}
	}

	/**
	 * The direct cause is the exception of JDBC, and not the one of the JPA provider.
	 */
	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			super.doBegin(transaction, definition);
		}
		catch (CannotCreateTransactionException ex) {
			SQLException failure = Causes.find(SQLException.class, ex);
			Throwable cause = (failure != null) ? failure : ex.getCause();
			throw new CannotCreateTransactionException(
					NamedSqlExceptionTranslator.name(this.database.get(), String.valueOf(ex.getMessage())),
					(cause != null) ? cause : ex);
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

	/**
	 * A connection that has been lost cannot be rolled back, and need not: the failure
	 * would hide the reason for the rollback.
	 */
	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		try {
			super.doRollback(status);
		}
		catch (DataAccessException | TransactionSystemException ex) {
			Connection connection = (status.getTransaction() instanceof JdbcTransactionObjectSupport transaction
					&& transaction.hasConnectionHolder()) ? transaction.getConnectionHolder().getConnection() : null;
			if (!isClosed(connection)) {
				throw ex;
			}
			logger.debug("The connection to database '%s' was lost before the rollback".formatted(this.database.get()),
					ex);
		}
	}

	private static boolean isClosed(@Nullable Connection connection) {
		try {
			return connection != null && connection.isClosed();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * An {@code EntityManager} that stays open after the transaction, such as that of a
	 * web request, would keep its connection. The next transaction may need a connection
	 * of another server: of the database itself, or of a replica.
	 */
	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		super.doCleanupAfterCompletion(transaction);
		if (this.replicated && hibernatePresent && TransactionSynchronizationManager
			.getResource(obtainEntityManagerFactory()) instanceof EntityManagerHolder holder) {
			Hibernate.releaseConnection(holder.getEntityManager());
		}
	}

	/**
	 * Loaded only if Hibernate is on the class path.
	 */
	private static final class Hibernate {

		static void releaseConnection(EntityManager entityManager) {
			try {
				entityManager.unwrap(SharedSessionContractImplementor.class)
					.getJdbcCoordinator()
					.getLogicalConnection()
					.manualDisconnect();
			}
			catch (PersistenceException ex) {
				logger.debug("Failed to release the connection of an open EntityManager", ex);
			}
		}

	}

}
