package io.appdbs.query.jdbc;

import java.lang.reflect.Array;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

import io.appdbs.query.QueryLog;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.proxy.ParameterSetOperation;
import org.jspecify.annotations.Nullable;

/**
 * The text that is logged for a statement: its SQL and, if configured, its parameters.
 */
final class StatementText {

	private static final Comparator<ParameterSetOperation> BY_INDEX = Comparator
		.comparingInt((operation) -> (operation.getArgs()[0] instanceof Integer index) ? index : 0);

	private StatementText() {
	}

	static String of(List<QueryInfo> queries, boolean parameters, SqlMask mask) {
		// it is up to the driver to reject null
		List<SqlMask.Result> statements = queries.stream()
			.map((query) -> mask.apply(String.valueOf(query.getQuery())))
			.toList();
		String text = shorten(statements.stream()
			.map((statement) -> SqlSecrets.hide(statement.text()))
			.collect(Collectors.joining("; ")));
		if (parameters && queries.size() == 1 && !queries.get(0).getParametersList().isEmpty()) {
			text += " parameters=" + (SqlSecrets.isAboutSecrets(queries.get(0).getQuery()) ? "***"
					: shorten(parameters(queries.get(0).getParametersList(), statements.get(0).masked())));
		}
		return text;
	}

	private static String parameters(List<List<ParameterSetOperation>> rows, IntPredicate masked) {
		StringBuilder text = new StringBuilder();
		for (List<ParameterSetOperation> row : rows) {
			text.append(row.stream()
				.sorted(BY_INDEX)
				.map((operation) -> parameter(operation, masked))
				.collect(Collectors.joining(", ", "[", "]")));
			if (text.length() > QueryLog.MAX_LENGTH) {
				break;
			}
		}
		return text.toString();
	}

	/**
	 * Returns the value, prefixed with its name if it has one. An index follows from the
	 * order.
	 */
	private static String parameter(ParameterSetOperation operation, IntPredicate masked) {
		Object key = operation.getArgs()[0];
		String prefix = (key instanceof String) ? key + "=" : "";
		if (ParameterSetOperation.isRegisterOutParameterOperation(operation)) {
			return prefix + "out";
		}
		if (masked.test((key instanceof Integer index) ? index : 0)) {
			return prefix + SqlMask.MASKED;
		}
		return prefix + (ParameterSetOperation.isSetNullParameterOperation(operation) ? "null"
				: value(operation.getArgs()[1]));
	}

	/**
	 * Returns a readable text for a value. An application type whose {@code toString}
	 * fails must not make the statement fail.
	 */
	private static String value(@Nullable Object value) {
		if (value instanceof String) {
			return "'" + value + "'";
		}
		if (value != null && value.getClass().isArray()) {
			return value.getClass().getComponentType().getSimpleName() + "[" + Array.getLength(value) + "]";
		}
		try {
			return String.valueOf(value);
		}
		catch (RuntimeException ex) {
			return "?";
		}
	}

	private static String shorten(String text) {
		return (text.length() > QueryLog.MAX_LENGTH)
				? text.substring(0, QueryLog.MAX_LENGTH) + "... (%d characters)".formatted(text.length()) : text;
	}

}
