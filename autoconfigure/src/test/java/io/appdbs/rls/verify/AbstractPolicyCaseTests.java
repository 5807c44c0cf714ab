package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.rls.verify.PolicyCases.PolicyCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Base class of tests that run {@link PolicyCases}, each in a database of its own.
 */
public abstract class AbstractPolicyCaseTests {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static EmbeddedServers servers;

	private static String server;

	@BeforeAll
	static void start() {
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:postgresql", "cases");
		String rest = url.substring(url.indexOf('@') + 1);
		server = rest.substring(0, rest.indexOf('/'));
	}

	@AfterAll
	static void stop() {
		servers.close();
	}

	static Stream<PolicyCase> cases() {
		return Stream.concat(PolicyCases.policies().stream(), PolicyCases.schemas().stream());
	}

	/**
	 * Create the database of a case.
	 * @return the name
	 */
	static String create(PolicyCase policyCase) throws SQLException {
		String database = "case_" + COUNT.incrementAndGet();
		execute("postgres", "CREATE DATABASE " + database);
		execute(database, policyCase.sql());
		return database;
	}

	static String url(String database) {
		return "postgresql://" + server + "/" + database;
	}

	static void execute(String database, String sql) throws SQLException {
		try (Connection connection = connect(database, "postgres");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	static Connection connect(String database, String login) throws SQLException {
		return DriverManager.getConnection("jdbc:" + url(database) + "?user=" + login);
	}

}
