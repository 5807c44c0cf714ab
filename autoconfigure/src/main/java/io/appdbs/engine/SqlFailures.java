package io.appdbs.engine;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.appdbs.DatabaseCredentialsException;
import org.jspecify.annotations.Nullable;

/**
 * Classifies failures by the exceptions of the driver among their causes.
 */
final class SqlFailures {

	private SqlFailures() {
	}

	/**
	 * Returns why a database could not be reached, by the first cause that says it.
	 * @return the reason, or {@code null} if no cause says it
	 */
	static @Nullable FailureReason classify(Throwable failure, Function<SQLException, @Nullable FailureReason> states) {
		return Causes.of(failure)
			.map((each) -> classifyOne(each, states))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable FailureReason classifyOne(Throwable failure,
			Function<SQLException, @Nullable FailureReason> states) {
		if (failure instanceof DatabaseCredentialsException) {
			return FailureReason.CREDENTIALS;
		}
		return (failure instanceof SQLException ex) ? states.apply(ex) : null;
	}

	/**
	 * Classifies the failure of a transaction. A lost connection outweighs a conflict.
	 */
	static TransactionFailure classifyTransaction(Throwable failure, Collection<String> conflicts,
			Function<SQLException, TransactionFailure> classifier) {
		TransactionFailure result = TransactionFailure.OTHER;
		for (SQLException each : of(failure)) {
			TransactionFailure one = classifier.apply(each);
			if (one == TransactionFailure.LOST) {
				return one;
			}
			String state = each.getSQLState();
			if (one == TransactionFailure.CONFLICT || (state != null && conflicts.contains(state))) {
				result = TransactionFailure.CONFLICT;
			}
		}
		return result;
	}

	static <T> @Nullable T findFirst(Throwable failure, Function<SQLException, @Nullable T> classifier) {
		return of(failure).stream().map(classifier).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * Returns every {@link SQLException} among the causes of a failure, with those that
	 * are chained to one, such as the failed statements of a batch.
	 */
	private static List<SQLException> of(Throwable failure) {
		return Causes
			.of(failure,
					(each) -> (each instanceof SQLException ex) ? Stream.ofNullable(ex.getNextException())
							: Stream.empty())
			.filter(SQLException.class::isInstance)
			.map(SQLException.class::cast)
			.toList();
	}

}
