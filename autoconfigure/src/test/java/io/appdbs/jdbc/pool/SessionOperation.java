package io.appdbs.jdbc.pool;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a borrower does to a session.
 *
 * @param name what to call it in a failure
 * @param visible whether a query or a getter shows what it leaves behind
 * @param action does it
 */
record SessionOperation(String name, boolean visible, Action action) {

	private static final List<String> BLANKS = List.of("", " ", "\n\t", "/* it's */", "-- it's; \"\n", "/**/ -- */\n");

	/**
	 * Statements that leave something behind, to be executed in any of JDBC's ways, with
	 * blanks and comments between.
	 */
	static List<SessionOperation> statements(String... statements) {
		List<SessionOperation> operations = new ArrayList<>();
		for (String sql : statements) {
			operations.add(new SessionOperation(sql, true, (connection, random) -> execute(connection, random, sql)));
		}
		return operations;
	}

	static SessionOperation of(String name, Action action) {
		return new SessionOperation(name, true, action);
	}

	/**
	 * What leaves nothing behind, or nothing that is visible.
	 */
	static SessionOperation invisible(String name, Action action) {
		return new SessionOperation(name, false, action);
	}

	static void execute(Connection connection, Random random, String sql) throws SQLException {
		String text = blanks(random) + sql.replaceFirst(" ", " " + blanks(random).replace("$", "\\$"));
		switch (random.nextInt(4)) {
			case 0 -> {
				try (PreparedStatement statement = connection.prepareStatement(text)) {
					statement.execute();
				}
			}
			case 1 -> {
				try (CallableStatement statement = connection.prepareCall(text)) {
					statement.execute();
				}
			}
			default -> {
				try (Statement statement = connection.createStatement()) {
					statement.execute(text);
				}
			}
		}
	}

	private static String blanks(Random random) {
		return BLANKS.get(random.nextInt(BLANKS.size()));
	}

	/**
	 * Does something to a connection.
	 */
	interface Action {

		void on(Connection connection, Random random) throws SQLException;

	}

}
