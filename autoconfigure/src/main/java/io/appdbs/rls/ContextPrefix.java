package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What sets the context for the rest of the transaction, alone or in front of another
 * statement, with which it then shares a round trip.
 */
abstract class ContextPrefix {

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
		this.change = Pattern.compile(this.settings.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT).replace(".", "\"? ?\\. ?\"?"))
			.collect(Collectors.joining("|", "(?:set|reset) (?:(?:session|local) )?(?:u&|\"?(?:",
					"|role|(?:session[_ ])?authorization)\\b)")));
	}

	/**
	 * Returns the names of the settings, in the order of the values of a context.
	 */
	final List<String> getSettings() {
		return this.settings;
	}

	final String role(AppliedContext context) {
		String role = (context.role() != null) ? context.role() : this.sessionRole.get();
		return (role != null) ? role : RlsContext.LOGIN_ROLE;
	}

	/**
	 * Returns a statement with the prefix in front.
	 * @param sql the statement
	 * @param autoCommit whether it is executed outside of a transaction
	 * @param context the context
	 * @return the statements
	 * @throws SQLException if the context cannot be sent
	 */
	abstract String before(String sql, boolean autoCommit, AppliedContext context) throws SQLException;

	/**
	 * Returns whether the text of the prefix has the values, so that it cannot be
	 * executed with another context.
	 */
	abstract boolean isLiteral();

	/**
	 * Returns how many parameters the prefix has.
	 */
	abstract int countParameters();

	/**
	 * Returns how many results precede that of the statement.
	 */
	abstract int countResults();

	/**
	 * Sets the parameters of the prefix.
	 */
	abstract void bind(PreparedStatement statement, AppliedContext context) throws SQLException;

	/**
	 * Sets the context with a separate round trip.
	 */
	abstract void execute(Connection connection, AppliedContext context) throws SQLException;

	/**
	 * Returns whether a statement of the application would change what only the context
	 * may change.
	 */
	final boolean isChangedBy(String sql) {
		return StatementKind.split(sql).stream().anyMatch((text) -> this.change.matcher(text).lookingAt());
	}

}
