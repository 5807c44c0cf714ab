package io.appdbs;

import java.time.Duration;
import java.time.Instant;

import javax.sql.DataSource;

import io.appdbs.inspection.Inspection;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.schema.Schema;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * A named database: its state, and the objects with which code uses it. Reading the state
 * never accesses the database.
 */
public interface Database {

	/**
	 * Returns the name as written below {@code app.dbs}.
	 * @return the name
	 */
	String getName();

	/**
	 * Returns the engine, for example {@code postgresql} or {@code mongodb}. Once
	 * connected, this is the engine that the server reports: a CockroachDB behind a
	 * {@code postgresql:} URL shows as {@code cockroachdb}, and a MariaDB behind a
	 * {@code mysql:} URL as {@code mariadb}.
	 * @return the identifier of the engine
	 */
	String getEngine();

	/**
	 * Returns the state.
	 * @return the state
	 */
	DatabaseState getState();

	/**
	 * Returns since when the database has been in its {@linkplain #getState() state}.
	 * @return the time of the last transition
	 */
	Instant getSince();

	/**
	 * Returns the last failure, which stays readable after the database has recovered.
	 * @return the failure or {@code null} if there was none
	 */
	@Nullable Throwable getLastFailure();

	/**
	 * Waits until the database is up, for example after it has been
	 * {@linkplain Databases#add(String, RuntimeDatabaseSettings) added}.
	 * @param timeout how long to wait
	 * @return whether it is up; {@code false} at once if it is closed
	 * @throws InterruptedException if the current thread is interrupted
	 */
	boolean awaitUp(Duration timeout) throws InterruptedException;

	/**
	 * Returns a snapshot of the database.
	 * @return the snapshot
	 */
	DatabaseSnapshot getSnapshot();

	/**
	 * Returns the inspection of the database: sizes, tables, indexes, activity,
	 * statements and findings. Unlike the rest, it asks the server, on a connection that
	 * the application does not use.
	 * @return the inspection
	 */
	Inspection inspect();

	/**
	 * Returns the look-ups in the schema of the database. They borrow a connection of the
	 * pool.
	 * @return the look-ups
	 */
	Schema getSchema();

	/**
	 * Returns the operations that maintain tables and indexes, as far as
	 * {@code maintenance.operations} allows them.
	 * @return the operations
	 */
	Maintenance getMaintenance();

	/**
	 * Returns the {@link DataSource} of a relational database.
	 * @return the data source, with all layers of the database
	 * @throws IllegalDatabaseOperationException if the database has none
	 * @see #getBean(Class)
	 */
	default DataSource getDataSource() {
		return getBean(DataSource.class);
	}

	/**
	 * Returns the template for transactions of the database. On a MongoDB server without
	 * transactions, beginning one fails.
	 * @return the template, which retries as the database is configured to
	 * @throws IllegalDatabaseOperationException if the database has none
	 * @see #getBean(Class)
	 */
	default TransactionTemplate getTransactionTemplate() {
		return getBean(TransactionTemplate.class);
	}

	/**
	 * Returns an object with which code uses the database, such as a {@code JdbcClient}
	 * or a {@code MongoTemplate}. It is the bean that an injection point gets with the
	 * name of the database as its qualifier. As an injection does, the call waits while a
	 * required database starts; it does not wait for one that is not required.
	 * <p>
	 * The type is an argument, so that this class can be loaded, and examined by
	 * reflection, without the libraries of databases that the application does not have.
	 * @param <T> the type of the object
	 * @param type the type of the object
	 * @return the object, which must not be closed
	 * @throws IllegalDatabaseOperationException if the database has no object of the
	 * type, has several, or is a replica; the message says what to use
	 */
	<T> T getBean(Class<T> type);

}
