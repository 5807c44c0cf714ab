package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.Setting;

/**
 * The statement that sets the context for the rest of the transaction, alone or in front
 * of another statement, with which it then shares a round trip.
 */
final class ContextPrefix {

	private final String sql;

	private final List<String> settings;

	private final Pattern change;

	ContextPrefix(RlsSettings settings) {
		this.settings = settings.settings().stream().map(Setting::name).toList();
		// The names were found to be identifiers. A role goes last: it may not be allowed
		// to set the rest.
		this.sql = this.settings.stream()
			.map((name) -> "set_config('" + name + "', ?, true)")
			.collect(Collectors.joining(", ", "SELECT ", ""));
		this.change = Pattern.compile(this.settings.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT).replace(".", "\"? ?\\. ?\"?"))
			.collect(Collectors.joining("|", "(?:set|reset) (?:(?:session|local) )?(?:u&|\"?(?:",
					"|role|(?:session )?authorization)\\b)")));
	}

	/**
	 * Return a statement with the prefix in front. The text tells what is executed
	 * outside of a transaction from the rest, since what the driver has learned of a text
	 * decides whether it sends both parts at once.
	 */
	String before(String sql, AppliedContext context, boolean autoCommit) {
		return sql(context) + (autoCommit ? "; " : ";") + sql;
	}

	private String sql(AppliedContext context) {
		return (context.role() != null) ? this.sql + ", set_config('role', ?, true)" : this.sql;
	}

	/**
	 * Return how many parameters the prefix has.
	 */
	int countParameters(AppliedContext context) {
		return this.settings.size() + ((context.role() != null) ? 1 : 0);
	}

	void bind(PreparedStatement statement, AppliedContext context) throws SQLException {
		int index = 1;
		for (String value : context.values()) {
			statement.setString(index++, value);
		}
		if (context.role() != null) {
			statement.setString(index, context.role());
		}
	}

	/**
	 * Set the context with a round trip of its own.
	 */
	void execute(Connection connection, AppliedContext context) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql(context))) {
			bind(statement, context);
			statement.execute();
		}
	}

	/**
	 * Return whether a statement of the application would change what only the context
	 * may change.
	 */
	boolean isChangedBy(String sql) {
		return StatementKind.split(sql).stream().anyMatch((text) -> this.change.matcher(text).lookingAt());
	}

}
