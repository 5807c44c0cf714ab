package io.appdbs.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL that is as far away as the argument says, a round trip in milliseconds.
 * Prints one line, the port, and then executes every line of its standard input as a
 * statement, until that ends. Answers each with one line: the connections and the round
 * trips that others have made since the line before. Everybody may log in as
 * {@code postgres}.
 */
public final class DelayedPostgresServer {

	private DelayedPostgresServer() {
	}

	public static void main(String[] args) throws IOException, SQLException {
		PrintStream out = System.out;
		// Logging would otherwise be taken for answers.
		System.setOut(System.err);
		Duration roundTrip = Duration.ofMillis(Long.parseLong(args[0]));
		try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
				DelayingProxy proxy = new DelayingProxy(postgres.getPort(), roundTrip);
				Connection connection = postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			out.println(proxy.getPort());
			BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			for (String sql = in.readLine(); sql != null; sql = in.readLine()) {
				statement.execute(sql);
				DelayingProxy.Traffic traffic = proxy.takeTraffic();
				out.println(traffic.connections() + " " + traffic.roundTrips());
			}
		}
	}

}
