package io.appdbs.testcontainers;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mongodb.MongoDBAtlasLocalContainer;
import org.testcontainers.mongodb.MongoDBContainer;

import org.springframework.util.ClassUtils;

/**
 * The kinds of database containers. Classes of a kind are loaded only if they are on the
 * class path.
 */
final class ContainerKind {

	private static final Map<String, String> ENGINES = Map.of("PostgreSQLContainer", "postgresql", "CockroachContainer",
			"cockroachdb", "YugabyteDBYSQLContainer", "yugabytedb", "MySQLContainer", "mysql", "MariaDBContainer",
			"mariadb", "MongoDBContainer", "mongodb", "MongoDBAtlasLocalContainer", "mongodb");

	private static final boolean jdbcPresent = isPresent("org.testcontainers.containers.JdbcDatabaseContainer");

	private static final boolean mongoPresent = isPresent("org.testcontainers.mongodb.MongoDBContainer");

	private ContainerKind() {
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, ContainerKind.class.getClassLoader());
	}

	/**
	 * Returns the engine in containers of a class.
	 * @param type the class
	 * @return the identifier or {@code null} if the class does not determine it
	 */
	static @Nullable String engine(Class<?> type) {
		for (@Nullable
		Class<?> current = type; current != null; current = current.getSuperclass()) {
			if (current.getName().startsWith("org.testcontainers.") && ENGINES.containsKey(current.getSimpleName())) {
				return ENGINES.get(current.getSimpleName());
			}
		}
		return null;
	}

	/**
	 * Returns whether a container has a database that can be connected to.
	 * @param type the class of the container
	 * @return whether the container has a database
	 */
	static boolean isDatabase(Class<?> type) {
		return (jdbcPresent && Jdbc.isDatabase(type)) || (mongoPresent && "mongodb".equals(engine(type)));
	}

	/**
	 * Configures a MongoDB container as a replica set, which transactions require, unless
	 * it is running or has a command.
	 * @param container the container
	 */
	static void prepare(Object container) {
		if (mongoPresent) {
			Mongo.prepare(container);
		}
	}

	static Server server(Container<?> container, String database) {
		Server server = jdbcPresent ? Jdbc.server(container) : null;
		if (server == null && mongoPresent) {
			server = Mongo.server(container, database);
		}
		if (server == null) {
			throw new IllegalArgumentException("Not a database container: " + container.getClass().getName());
		}
		return server;
	}

	/**
	 * The connection details of a running container.
	 *
	 * @param url the URL
	 * @param username the username or {@code null} if there is none
	 * @param password the password or {@code null} if there is none
	 */
	record Server(String url, @Nullable String username, @Nullable String password) {

		@Override
		public String toString() {
			return "Server[url=" + this.url + "]";
		}

	}

	private static final class Jdbc {

		static boolean isDatabase(Class<?> type) {
			return JdbcDatabaseContainer.class.isAssignableFrom(type);
		}

		static @Nullable Server server(Container<?> container) {
			return (container instanceof JdbcDatabaseContainer<?> jdbc)
					? new Server(jdbc.getJdbcUrl(), jdbc.getUsername(), jdbc.getPassword()) : null;
		}

	}

	private static final class Mongo {

		static void prepare(Object container) {
			if (container instanceof MongoDBContainer mongo && !mongo.isRunning()
					&& mongo.getCommandParts().length == 0) {
				mongo.withReplicaSet();
			}
		}

		@SuppressWarnings("deprecation")
		static @Nullable Server server(Container<?> container, String database) {
			String url = null;
			if (container instanceof MongoDBContainer mongo) {
				url = mongo.getReplicaSetUrl(database);
			}
			else if (container instanceof MongoDBAtlasLocalContainer atlas) {
				url = atlas.getDatabaseConnectionString(database);
			}
			else if (container instanceof org.testcontainers.containers.MongoDBContainer former) {
				url = former.getReplicaSetUrl(database);
			}
			return (url != null) ? new Server(url, null, null) : null;
		}

	}

}
