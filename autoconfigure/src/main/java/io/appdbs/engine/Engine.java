package io.appdbs.engine;

import java.util.Set;

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
	ConnectionTarget resolve(String url);

	/**
	 * Tell why a database could not be reached.
	 * @param failure what the driver threw
	 * @return the reason, {@link FailureReason#OTHER} if it is none that is known
	 */
	default FailureReason classify(Throwable failure) {
		return NetworkFailures.classify(failure);
	}

}
