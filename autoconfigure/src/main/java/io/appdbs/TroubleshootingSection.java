package io.appdbs;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A section of the page on troubleshooting to which the analysis of a failed start leads.
 */
public enum TroubleshootingSection {

	/** The server does not accept connections. */
	REQUIRED_DATABASE_DOWN("A required database is down"),

	/** The wait for the start was interrupted. */
	DATABASE_STARTING("A database is still starting"),

	/** The application is being closed. */
	DATABASE_CLOSED("A database is closed or did not close in time"),

	/** The server has no such database. */
	DATABASE_MISSING("A database does not exist"),

	/** The login is missing or refused. */
	CREDENTIALS("Credentials cannot be read or are rejected"),

	/** Client and server do not agree on TLS. */
	TLS("A TLS connection fails"),

	/** The server takes no further connection. */
	CONNECTION_NOT_OPENED("Connections cannot be opened"),

	/** An embedded server cannot be started. */
	EMBEDDED_SERVER("An embedded server does not start"),

	/** A container belongs to no database. */
	CONTAINER("A container does not fit a database"),

	/** A key does not exist. */
	UNKNOWN_KEY("A key is unknown"),

	/** The name of a database or its place is wrong. */
	NAME("A name is not allowed"),

	/** The URL or the engine is wrong. */
	URL("A URL is not accepted"),

	/** A placeholder cannot be resolved. */
	PLACEHOLDER("A placeholder has no value"),

	/** A class is not on the class path. */
	LIBRARY("A driver or module is missing"),

	/** A key has another value than before. */
	CHANGED_KEY("A key changed after the beans were defined"),

	/** A value for connections or time limits. */
	POOL_SETTING("A value for the pool or a time limit is not accepted"),

	/** A value for migrations. */
	MIGRATION_SETTING("A value for migrations is not accepted"),

	/** A value for entities and repositories. */
	PERSISTENCE_SETTING("A value for entities or repositories is not accepted"),

	/** A value for what the schema should have. */
	SCHEMA_SETTING("A value for the schema is not accepted"),

	/** A value for security or audit. */
	SECURITY_SETTING("A value for security or audit is not accepted"),

	/** A value for replicas. */
	REPLICA_SETTING("A value for replicas is not accepted"),

	/** A value for operation. */
	OPERATION_SETTING("A value for operation is not accepted"),

	/** A route is wrong. */
	ROUTE("A route is not accepted"),

	/** A value for databases at run time. */
	RUNTIME_SETTING("A database cannot be added at run time"),

	/** A required bean does not exist. */
	INJECTION("No bean matches an injection point"),

	/** Beans contradict each other or a key. */
	BEAN("A bean of the application conflicts with a database"),

	/** Hibernate rejects a persistence unit. */
	PERSISTENCE_UNIT("A persistence unit cannot be created"),

	/** A test replaces databases. */
	TEST_DATABASE("A database of a test is replaced"),

	/** A migration or script failed. */
	MIGRATION("A migration failed"),

	/** A migration belongs to no database. */
	UNUSED_MIGRATION("Migrations are not executed"),

	/** A required object does not exist. */
	SCHEMA("The schema lacks what the application requires"),

	/** An index or validator of MongoDB differs. */
	INDEX_OR_VALIDATOR("An index or a validator differs"),

	/** A collection is not sharded as expected. */
	SHARDING("Collections are not sharded"),

	/** Partitions cannot be created. */
	PARTITIONS("Partitions are not created ahead"),

	/** Policies do not bind the login. */
	ROW_LEVEL_SECURITY("Row-level security does not protect a table"),

	/** The login has other privileges than expected. */
	PRIVILEGES("The login has the wrong privileges"),

	/** Changes of a table are not recorded. */
	ROW_AUDIT("Row audit has gaps"),

	/** A keyset cannot be used. */
	ENCRYPTION("Encrypted fields cannot be read");

	/** Address of the project, as in {@code bom/pom.xml}. */
	static final String PROJECT = "https://github.com/appdbs/appdbs";

	private final String heading;

	TroubleshootingSection(String heading) {
		this.heading = heading;
	}

	/**
	 * Returns the heading of the section.
	 * @return the heading
	 */
	public String getHeading() {
		return this.heading;
	}

	/**
	 * Returns the address of the section, for a release that of its own page.
	 * @return the address
	 */
	public String getAddress() {
		return getAddress(TroubleshootingSection.class.getPackage().getImplementationVersion());
	}

	String getAddress(@Nullable String version) {
		boolean release = version != null && !version.endsWith("-SNAPSHOT");
		return "%s/blob/%s/docs/troubleshooting.md#%s".formatted(PROJECT, release ? "v" + version : "main",
				this.heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'));
	}

}
