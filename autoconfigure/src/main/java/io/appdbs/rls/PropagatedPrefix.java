package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.appdbs.settings.RlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * {@link ContextPrefix} for
 * <a href= "https://docs.citusdata.com/en/stable/develop/api_guc.html">Citus</a>, which
 * sends {@code SET LOCAL} to the other nodes if it is configured to, and only inside of a
 * transaction block, but no call of {@code set_config}. {@code SET} has no parameters, so
 * the values are literals.
 */
final class PropagatedPrefix extends ContextPrefix {

	private static final String SWITCH = "SET LOCAL citus.propagate_set_commands = 'local'";

	private final List<String> names;

	PropagatedPrefix(RlsSettings settings, Supplier<@Nullable String> sessionRole) {
		super(settings, sessionRole);
		this.names = getSettings().stream().map(PropagatedPrefix::quoteName).toList();
	}

	/**
	 * Each part, since it could be a reserved word.
	 */
	private static String quoteName(String name) {
		return Arrays.stream(name.split("\\."))
			.map((part) -> "\"" + part.replace("\"", "\"\"") + "\"")
			.collect(Collectors.joining("."));
	}

	/**
	 * Returns a literal that means the same whatever the session's settings are.
	 * @throws RlsContextException if the value has a NUL, where the server would end the
	 * text of the statement. The source of contexts rejects it before, with the name of
	 * the database.
	 */
	static String quote(String value) throws RlsContextException {
		if (value.indexOf('\0') >= 0) {
			throw new RlsContextException(
					"The context of row-level security has a NUL character, which PostgreSQL does not support.");
		}
		return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
	}

	/**
	 * Outside of a transaction the statements get one, which ends with the same round
	 * trip. A comment may be the end of the statement.
	 */
	@Override
	String before(String sql, boolean autoCommit, AppliedContext context) throws SQLException {
		return text(context) + ";" + sql + (autoCommit ? "\n;COMMIT" : "");
	}

	private String text(AppliedContext context) throws SQLException {
		StringBuilder text = new StringBuilder(SWITCH);
		for (int i = 0; i < this.names.size(); i++) {
			append(text, this.names.get(i), context.values().get(i));
		}
		append(text, "\"role\"", role(context));
		return text.toString();
	}

	private static void append(StringBuilder text, String name, String value) throws RlsContextException {
		text.append(";SET LOCAL ").append(name).append(" = ").append(quote(value));
	}

	@Override
	boolean isLiteral() {
		return true;
	}

	@Override
	int countParameters() {
		return 0;
	}

	@Override
	int countResults() {
		// the switch, the settings and the role
		return this.names.size() + 2;
	}

	@Override
	void bind(PreparedStatement statement, AppliedContext context) {
	}

	@Override
	void execute(Connection connection, AppliedContext context) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(text(context));
		}
	}

}
