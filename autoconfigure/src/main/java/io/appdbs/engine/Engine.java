package io.appdbs.engine;

import java.util.Collection;
import java.util.Set;

import io.appdbs.engine.url.InvalidUrlException;
import org.jspecify.annotations.Nullable;

/**
 * What a database runs on. Implementations are stateless, are listed in
 * {@code META-INF/spring.factories} under this type's name, and have a constructor
 * without arguments. A relational engine extends {@link JdbcEngine}.
 */
public interface Engine {

	/**
	 * Return the identifier, as used by {@code app.dbs.<name>.engine},
	 * {@code embedded:<id>} and {@code Database.getEngine()}.
	 * @return the identifier in lower case, for example {@code postgresql}
	 */
	String getId();

	/**
	 * Return the name that messages use.
	 * @return the name, for example {@code PostgreSQL}
	 */
	String getDisplayName();

	/**
	 * Return the kind of database, which decides what beans it gets.
	 * @return the kind
	 */
	DatabaseKind getKind();

	/**
	 * Return the URL schemes that belong to this engine.
	 * @return schemes in lower case without the colon, for example {@code postgres} or
	 * {@code jdbc:postgresql}
	 */
	Set<String> getSchemes();

	/**
	 * Translate the URL of a configuration into what the driver is given.
	 * @param url a URL of one of the {@linkplain #getSchemes() schemes}, possibly with
	 * user information
	 * @return the target, with credentials and secrets taken out of its URL
	 * @throws InvalidUrlException if the URL cannot be understood
	 */
	DatabaseConnectionDetails resolve(String url);

	/**
	 * Return the parameters that the driver takes, so that a misspelt one is an error of
	 * the configuration. Opens no connection.
	 * @param target where the database is or {@code null} if that is not known yet
	 * @param classLoader the class loader that has the driver or {@code null} for the
	 * default one
	 * @return the parameters, {@link DriverParameters#UNKNOWN} unless overridden
	 */
	default DriverParameters readParameters(@Nullable DatabaseConnectionDetails target,
			@Nullable ClassLoader classLoader) {
		return DriverParameters.UNKNOWN;
	}

	/**
	 * Tell why a database could not be reached.
	 * @param failure what the driver threw
	 * @return the reason, {@link FailureReason#OTHER} if it is none that is known
	 */
	default FailureReason classify(Throwable failure) {
		return NetworkFailures.classify(failure);
	}

	/**
	 * Return whether the servers of another engine are spoken to in the same way, so that
	 * a URL of one may well lead to the other.
	 * @param other the other engine
	 * @return whether it is the same engine, unless overridden
	 */
	default boolean isSameProtocol(Engine other) {
		return this == other;
	}

	/**
	 * Return whether the engine expects its clients to run a transaction again after a
	 * conflict, so that {@code retry.enabled} is true by default.
	 * @return {@code false} unless overridden
	 */
	default boolean isTransactionRetryExpected() {
		return false;
	}

	/**
	 * Tell whether running a transaction again may mend its failure, by the codes of the
	 * server and not by the type of the exception.
	 * @param failure what ended the transaction, in any wrapping
	 * @param conflicts the SQLStates that are conflicts in addition to those of the
	 * engine
	 * @return the kind of failure, {@link TransactionFailure#OTHER} if it is not known
	 */
	default TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts) {
		return TransactionFailure.OTHER;
	}

}
