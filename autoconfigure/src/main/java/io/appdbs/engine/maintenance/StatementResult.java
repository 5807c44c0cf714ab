package io.appdbs.engine.maintenance;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered to a statement that it did not reject. Servers report that they
 * did nothing by a warning or a row of a result.
 *
 * @param messages what the server said, in order
 * @param failure why the statement did not do what it is for, {@code null} if it did
 */
public record StatementResult(List<String> messages, @Nullable String failure) {

	/** The server has said nothing. */
	static final StatementResult SUCCESS = new StatementResult(List.of(), null);

	public StatementResult {
		messages = List.copyOf(messages);
	}

}
