package io.appdbs.benchmarks.pool;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the clients do.
 */
enum Phase {

	/**
	 * A statement that keeps the processor busy.
	 */
	CPU {

		@Override
		void work(Connection connection) throws SQLException {
			execute(connection, "SELECT sum(hashint8(g)) FROM generate_series(1, 8000) g");
		}

	},

	/**
	 * A statement that waits in the server, as for a disk.
	 */
	WAIT {

		@Override
		void work(Connection connection) throws SQLException {
			execute(connection, "SELECT pg_sleep(0.01)");
		}

	},

	/**
	 * A transaction that waits for all others, as they update the same row.
	 */
	HOT {

		@Override
		void work(Connection connection) throws SQLException {
			connection.setAutoCommit(false);
			execute(connection, "UPDATE hot SET amount = amount + 1 WHERE id = 1");
			execute(connection, "SELECT pg_sleep(0.002)");
			connection.commit();
			connection.setAutoCommit(true);
		}

	},

	/**
	 * One short statement for nine that wait.
	 */
	MIXED {

		@Override
		void work(Connection connection) throws SQLException {
			if (ThreadLocalRandom.current().nextInt(10) == 0) {
				execute(connection, "SELECT 1");
			}
			else {
				WAIT.work(connection);
			}
		}

	};

	abstract void work(Connection connection) throws SQLException;

	private static void execute(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.execute();
		}
	}

}
