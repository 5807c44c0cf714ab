package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the exceptions of a driver behind what others have wrapped them in.
 */
final class SqlFailures {

	private SqlFailures() {
	}

	/**
	 * Return every {@link SQLException} among the causes of a failure, with those that
	 * are chained to one, such as the failed statements of a batch.
	 */
	static List<SQLException> of(Throwable failure) {
		return Causes
			.of(failure,
					(each) -> (each instanceof SQLException ex) ? Stream.ofNullable(ex.getNextException())
							: Stream.empty())
			.filter(SQLException.class::isInstance)
			.map(SQLException.class::cast)
			.toList();
	}

}
