package io.appdbs.container;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.util.StringUtils;

/**
 * The properties of an image, official or compatible.
 *
 * @param engine the identifier of the engine
 * @param prefix the start of URLs
 * @param port the port inside of the container
 * @param username the variables that may contain the username
 * @param password the variables that may contain the password
 * @param database the variables that may contain the name of the database
 * @param defaultUsername the username if no variable is set or {@code null} for none
 * @param defaultDatabase the database if no variable is set or {@code null} for none
 */
record ComposeImage(String engine, String prefix, int port, List<String> username, List<String> password,
		List<String> database, @Nullable String defaultUsername, @Nullable String defaultDatabase) {

	private static final String PARAMETERS_LABEL = "org.springframework.boot.jdbc.parameters";

	private static final ComposeImage POSTGRESQL = new ComposeImage("postgresql", "jdbc:postgresql", 5432,
			List.of("POSTGRES_USER", "POSTGRESQL_USER", "POSTGRESQL_USERNAME"),
			List.of("POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD"),
			List.of("POSTGRES_DB", "POSTGRESQL_DB", "POSTGRESQL_DATABASE", "POSTGRES_USER"), "postgres", "postgres");

	private static final ComposeImage MONGODB = new ComposeImage("mongodb", "mongodb", 27017,
			List.of("MONGO_INITDB_ROOT_USERNAME", "MONGODB_INITDB_ROOT_USERNAME", "MONGODB_ROOT_USERNAME"),
			List.of("MONGO_INITDB_ROOT_PASSWORD", "MONGODB_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD"),
			List.of("MONGO_INITDB_DATABASE", "MONGODB_DATABASE"), null, null);

	/**
	 * Images by the last part of their names.
	 */
	private static final Map<String, ComposeImage> IMAGES = Map.of("postgres", POSTGRESQL, "postgis", POSTGRESQL,
			"pgvector", POSTGRESQL, "timescaledb", POSTGRESQL, "cockroach",
			new ComposeImage("cockroachdb", "jdbc:postgresql", 26257, List.of("COCKROACH_USER"),
					List.of("COCKROACH_PASSWORD"), List.of("COCKROACH_DATABASE"), "root", "defaultdb"),
			"yugabyte",
			new ComposeImage("yugabytedb", "jdbc:postgresql", 5433, List.of("YSQL_USER"), List.of("YSQL_PASSWORD"),
					List.of("YSQL_DB", "YSQL_USER"), "yugabyte", "yugabyte"),
			"mysql",
			new ComposeImage("mysql", "jdbc:mysql", 3306, List.of("MYSQL_USER"),
					List.of("MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"), List.of("MYSQL_DATABASE"), "root", null),
			"mariadb",
			new ComposeImage("mariadb", "jdbc:mariadb", 3306, List.of("MARIADB_USER", "MYSQL_USER"),
					List.of("MARIADB_PASSWORD", "MYSQL_PASSWORD", "MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"),
					List.of("MARIADB_DATABASE", "MYSQL_DATABASE"), "root", null),
			"mongo", MONGODB, "mongodb-community-server", MONGODB);

	/**
	 * Finds an image by its name.
	 * @param name the name, with or without registry and tag
	 * @return the image or {@code null} if it is not known
	 */
	static @Nullable ComposeImage find(String name) {
		String last = name.substring(name.lastIndexOf('/') + 1).split("[:@]", 2)[0];
		return IMAGES.get(last);
	}

	static Set<String> known() {
		return new TreeSet<>(IMAGES.keySet());
	}

	@Nullable String findUsername(RunningService service) {
		return first(service, this.username, this.defaultUsername);
	}

	@Nullable String findPassword(RunningService service) {
		return first(service, this.password, null);
	}

	/**
	 * Returns the URL of a service.
	 * @param service the service
	 * @param name the name of the database if neither a variable nor the image has one
	 * @return the URL without credentials
	 */
	String url(RunningService service, String name) {
		StringBuilder url = new StringBuilder(this.prefix).append("://")
			.append(service.host())
			.append(':')
			.append(service.ports().get(this.port))
			.append('/')
			.append(first(service, this.database, (this.defaultDatabase != null) ? this.defaultDatabase : name));
		String parameters = (this == MONGODB) ? mongoParameters(service) : service.labels().get(PARAMETERS_LABEL);
		return (parameters != null) ? url.append('?').append(parameters).toString() : url.toString();
	}

	private @Nullable String mongoParameters(RunningService service) {
		return (findUsername(service) != null) ? "authSource=admin" : null;
	}

	private static @Nullable String first(RunningService service, List<String> variables, @Nullable String fallback) {
		return variables.stream().map(service.env()::get).filter(StringUtils::hasLength).findFirst().orElse(fallback);
	}

}
