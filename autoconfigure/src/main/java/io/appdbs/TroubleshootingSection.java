package io.appdbs;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A section of the page on troubleshooting to which the analysis of a failed start leads.
 */
public enum TroubleshootingSection {

	REQUIRED_DATABASE_DOWN("A required database is down"),

	DATABASE_STARTING("A database is still starting"),

	DATABASE_CLOSED("A database is closed or did not close in time"),

	DATABASE_MISSING("A database does not exist"),

	CREDENTIALS("Credentials cannot be read or are rejected"),

	TLS("A TLS connection fails"),

	CONNECTION_NOT_OPENED("Connections cannot be opened"),

	EMBEDDED_SERVER("An embedded server does not start"),

	CONTAINER("A container does not fit a database"),

	UNKNOWN_KEY("A key is unknown"),

	NAME("A name is not allowed"),

	URL("A URL is not accepted"),

	PLACEHOLDER("A placeholder has no value"),

	LIBRARY("A driver or module is missing"),

	CHANGED_KEY("A key changed after the beans were defined"),

	POOL_SETTING("A value for the pool or a time limit is not accepted"),

	MIGRATION_SETTING("A value for migrations is not accepted"),

	PERSISTENCE_SETTING("A value for entities or repositories is not accepted"),

	SCHEMA_SETTING("A value for the schema is not accepted"),

	SECURITY_SETTING("A value for security or audit is not accepted"),

	REPLICA_SETTING("A value for replicas is not accepted"),

	OPERATION_SETTING("A value for operation is not accepted"),

	ROUTE("A route is not accepted"),

	RUNTIME_SETTING("A database cannot be added at run time"),

	INJECTION("No bean matches an injection point"),

	BEAN("A bean of the application conflicts with a database"),

	PERSISTENCE_UNIT("A persistence unit cannot be created"),

	TEST_DATABASE("A database of a test is replaced"),

	MIGRATION("A migration failed"),

	UNUSED_MIGRATION("Migrations are not executed"),

	SCHEMA("The schema lacks what the application requires"),

	INDEX_OR_VALIDATOR("An index or a validator differs"),

	SHARDING("Collections are not sharded"),

	PARTITIONS("Partitions are not created ahead"),

	ROW_LEVEL_SECURITY("Row-level security does not protect a table"),

	PRIVILEGES("The login has the wrong privileges"),

	ROW_AUDIT("Row audit has gaps"),

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
