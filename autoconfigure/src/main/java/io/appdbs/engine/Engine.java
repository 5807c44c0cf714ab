package io.appdbs.engine;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import io.appdbs.engine.archive.Archiver;
import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.maintenance.MaintenanceOperation;
import org.jspecify.annotations.Nullable;

/**
 * Engine of a database. Implementations are stateless, are listed in
 * {@code META-INF/spring.factories} under this type's name, and have a constructor
 * without arguments. A relational engine extends {@link JdbcEngine}.
 */
public interface Engine {

	/**
	 * The name of the property with the key of the certificates, among
	 * {@link #getSslProperties}.
	 */
	String SSL_KEY = "appdbs";

	/**
	 * Returns the identifier, as used by {@code app.dbs.<name>.engine},
	 * {@code embedded:<id>} and {@code Database.getEngine()}.
	 * @return the identifier in lower case, for example {@code postgresql}
	 */
	String getId();

	/**
	 * Returns the name that messages use.
	 * @return the name, for example {@code PostgreSQL}
	 */
	String getDisplayName();

	/**
	 * Returns the kind of database, which determines its beans.
	 * @return the kind
	 */
	DatabaseKind getKind();

	/**
	 * Returns the URL schemes that belong to this engine.
	 * @return schemes in lower case without the colon, for example {@code postgres} or
	 * {@code jdbc:postgresql}
	 */
	Set<String> getSchemes();

	/**
	 * Translates a configured URL to connection details for the driver.
	 * @param url a URL of one of the {@linkplain #getSchemes() schemes}, possibly with
	 * user information
	 * @return the connection details, with credentials and secrets removed from the URL
	 * @throws InvalidUrlException if the URL is invalid
	 */
	DatabaseConnectionDetails resolve(String url);

	/**
	 * Returns the parameters that the driver accepts, so that a misspelt one can be
	 * rejected. Does not open a connection.
	 * @param details where the database is or {@code null} if that is not known yet
	 * @param classLoader the class loader that has the driver or {@code null} for the
	 * default one
	 * @return the parameters, {@link DriverParameters#UNKNOWN} unless overridden
	 */
	default DriverParameters readParameters(@Nullable DatabaseConnectionDetails details,
			@Nullable ClassLoader classLoader) {
		return DriverParameters.UNKNOWN;
	}

	/**
	 * Returns the operations that maintain tables, collections and indexes.
	 * @return the operations of the engine, none unless overridden
	 */
	default Set<MaintenanceOperation> getMaintenanceOperations() {
		return Set.of();
	}

	/**
	 * Returns the privileges on tables or collections that a login can need.
	 * @return the privileges, or {@code null} if those of a login are not verified;
	 * {@code null} unless overridden
	 */
	default @Nullable GrantSyntax getGrantSyntax() {
		return null;
	}

	/**
	 * Returns what reads how the server archives its log.
	 * @return the archiver, or {@code null} if the engine has none; {@code null} unless
	 * overridden
	 */
	default @Nullable Archiver getArchiver() {
		return null;
	}

	/**
	 * Returns the properties of the connection details with which a connection uses the
	 * certificates of an SSL bundle, and is never opened without TLS. They include
	 * {@value #SSL_KEY}.
	 * @param key the key under which the driver's part finds the certificates
	 * @param hostNameVerified whether the certificate of the server must be for its host
	 * name
	 * @return the properties; empty, unless overridden, if the engine has no TLS, so that
	 * {@code ssl.bundle} is rejected
	 */
	default Map<String, String> getSslProperties(String key, boolean hostNameVerified) {
		return Map.of();
	}

	/**
	 * Returns the parameters of the driver that contradict an SSL bundle, or would
	 * replace it.
	 * @return the names, whose case does not matter; none unless overridden
	 */
	default Set<String> getSslParameters() {
		return Set.of();
	}

	/**
	 * Returns what encrypts a connection instead of TLS because of a parameter of the
	 * driver.
	 * @param parameter the name of the parameter, whose case does not matter
	 * @param value its value
	 * @return the name of the encryption, or {@code null} if the parameter lets nothing
	 * replace TLS; {@code null} unless overridden
	 */
	default @Nullable String getTlsReplacement(String parameter, String value) {
		return null;
	}

	/**
	 * Returns why a database could not be reached.
	 * @param failure what the driver threw
	 * @return the reason, {@link FailureReason#OTHER} if it is not known
	 */
	default FailureReason classify(Throwable failure) {
		return NetworkFailures.classify(failure);
	}

	/**
	 * Returns whether another engine has the same protocol, so that a URL of one may lead
	 * to a server of the other.
	 * @param other the other engine
	 * @return whether it is the same engine, unless overridden
	 */
	default boolean isSameProtocol(Engine other) {
		return this == other;
	}

	/**
	 * Returns whether the engine expects clients to retry a transaction after a conflict,
	 * so that {@code retry.enabled} is true by default.
	 * @return {@code false} unless overridden
	 */
	default boolean isTransactionRetryExpected() {
		return false;
	}

	/**
	 * Returns whether a retry may succeed after the failure of a transaction, by the
	 * codes of the server and not by the type of the exception.
	 * @param failure the failure of the transaction, possibly wrapped
	 * @param conflicts the SQLStates that are conflicts in addition to those of the
	 * engine
	 * @return the kind of failure, {@link TransactionFailure#OTHER} if it is not known
	 */
	default TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts) {
		return TransactionFailure.OTHER;
	}

}
