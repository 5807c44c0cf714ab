package io.appdbs.engine;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

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
		for (@Nullable
		Throwable current = failure; current != null; current = current.getCause()) {
			if (current instanceof DatabaseCredentialsException) {
				return FailureReason.CREDENTIALS;
			}
			FailureReason reason = (current instanceof SQLException ex) ? states.apply(ex) : null;
			if (reason != null) {
				return reason;
			}
		}
		return null;
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
		List<SQLException> found = new ArrayList<>();
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
		while (!open.isEmpty()) {
			Throwable current = open.pop();
			if (seen.add(current)) {
				add(open, current.getCause());
				if (current instanceof SQLException ex) {
					found.add(ex);
					add(open, ex.getNextException());
				}
			}
		}
		return found;
	}

	private static void add(Deque<Throwable> open, @Nullable Throwable failure) {
		if (failure != null) {
			open.push(failure);
		}
	}

}
