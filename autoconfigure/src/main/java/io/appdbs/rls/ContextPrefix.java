package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * The statement that sets the context for the rest of the transaction, alone or in front
 * of another statement, with which it then shares a round trip.
 */
final class ContextPrefix {

	private final String sql;

	private final List<String> settings;

	private final Supplier<@Nullable String> sessionRole;

	private final Pattern change;

	/**
	 * Creates a new {@link ContextPrefix}.
	 * @param settings what the context consists of
	 * @param sessionRole supplies the role that statements run as where neither the
	 * context nor the settings have one, {@code null} for that of the login
	 */
	ContextPrefix(RlsSettings settings, Supplier<@Nullable String> sessionRole) {
		this.sessionRole = sessionRole;
		this.settings = settings.settings().stream().map(Setting::name).toList();
		// The names were found to be identifiers. The role goes last: it may not be
		// allowed to set the rest. It is always set, as what was verified is one role,
		// and the session may have got another one. With its schema, no function of the
		// same name is called that the search_path has or whose types match better.
		this.sql = Stream.concat(this.settings.stream(), Stream.of("role"))
			.map((name) -> "pg_catalog.set_config('" + name + "', ?, true)")
			.collect(Collectors.joining(", ", "SELECT ", ""));
		this.change = Pattern.compile(this.settings.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT).replace(".", "\"? ?\\. ?\"?"))
			.collect(Collectors.joining("|", "(?:set|reset) (?:(?:session|local) )?(?:u&|\"?(?:",
					"|role|(?:session[_ ])?authorization)\\b)")));
	}

	/**
	 * Returns a statement with the prefix in front. The text differs between statements
	 * inside and outside of a transaction, since what the driver has learned of a text
	 * decides whether it sends both parts at once.
	 */
	String before(String sql, boolean autoCommit) {
		return this.sql + (autoCommit ? "; " : ";") + sql;
	}

	/**
	 * Returns how many parameters the prefix has.
	 */
	int countParameters() {
		return this.settings.size() + 1;
	}

	void bind(PreparedStatement statement, AppliedContext context) throws SQLException {
		int index = 1;
		for (String value : context.values()) {
			statement.setString(index++, value);
		}
		statement.setString(index, role(context));
	}

	private String role(AppliedContext context) {
		String role = (context.role() != null) ? context.role() : this.sessionRole.get();
		return (role != null) ? role : RlsContext.LOGIN_ROLE;
	}

	/**
	 * Sets the context with a separate round trip.
	 */
	void execute(Connection connection, AppliedContext context) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql)) {
			bind(statement, context);
			statement.execute();
		}
	}

	/**
	 * Returns whether a statement of the application would change what only the context
	 * may change.
	 */
	boolean isChangedBy(String sql) {
		return StatementKind.split(sql).stream().anyMatch((text) -> this.change.matcher(text).lookingAt());
	}

}
