package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.settings.RlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * {@link ContextPrefix} that calls {@code set_config} with bound values.
 */
final class FunctionPrefix extends ContextPrefix {

	private final String sql;

	FunctionPrefix(RlsSettings settings, Supplier<@Nullable String> sessionRole) {
		super(settings, sessionRole);
		// The names were found to be identifiers. The role goes last: it may not be
		// allowed to set the rest. It is always set, as what was verified is one role,
		// and the session may have got another one. With its schema, no function of the
		// same name is called that the search_path has or whose types match better.
		this.sql = Stream.concat(getSettings().stream(), Stream.of("role"))
			.map((name) -> "pg_catalog.set_config('" + name + "', ?, true)")
			.collect(Collectors.joining(", ", "SELECT ", ""));
	}

	/**
	 * The text differs between statements inside and outside of a transaction, since what
	 * the driver has learned of a text decides whether it sends both parts at once.
	 */
	@Override
	String before(String sql, boolean autoCommit, AppliedContext context) {
		return this.sql + (autoCommit ? "; " : ";") + sql;
	}

	@Override
	boolean isLiteral() {
		return false;
	}

	@Override
	int countParameters() {
		return getSettings().size() + 1;
	}

	@Override
	int countResults() {
		return 1;
	}

	@Override
	void bind(PreparedStatement statement, AppliedContext context) throws SQLException {
		int index = 1;
		for (String value : context.values()) {
			statement.setString(index++, value);
		}
		statement.setString(index, role(context));
	}

	@Override
	void execute(Connection connection, AppliedContext context) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.sql)) {
			bind(statement, context);
			statement.execute();
		}
	}

}
