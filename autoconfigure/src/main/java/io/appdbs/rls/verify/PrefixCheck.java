package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Finds out how long a setting lasts that is made for the rest of a transaction, and as
 * which role a session begins.
 */
final class PrefixCheck {

	private static final String VALUE = "appdbs";

	private final Connection connection;

	private final boolean distributed;

	private final List<String> settings;

	private final String setting;

	/**
	 * Creates a new {@link PrefixCheck}.
	 * @param settings the settings, at least one
	 * @param distributed whether other nodes evaluate policies
	 */
	PrefixCheck(Connection connection, List<String> settings, boolean distributed) {
		this.connection = connection;
		this.distributed = distributed;
		this.settings = settings;
		this.setting = settings.get(0);
	}

	/**
	 * Sets the setting in a transaction and in front of a statement outside of one.
	 */
	Result run() throws SQLException {
		this.connection.setAutoCommit(false);
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT pg_catalog.set_config(?, ?, true)")) {
			statement.setString(1, this.setting);
			statement.setString(2, VALUE);
			statement.execute();
			this.connection.commit();
		}
		finally {
			this.connection.setAutoCommit(true);
		}
		return readLasting(this.distributed ? isPropagated() : isApplied());
	}

	/**
	 * As {@link #isApplied()}, with the statements for several nodes.
	 * @throws SQLException also if the server rejects them, since without them no policy
	 * would see the user
	 */
	private boolean isPropagated() throws SQLException {
		String name = Arrays.stream(this.setting.split("\\.")).collect(Collectors.joining("\".\"", "\"", "\""));
		this.connection.setAutoCommit(false);
		try (PreparedStatement statement = this.connection.prepareStatement(
				"SET LOCAL citus.propagate_set_commands = 'local';SET LOCAL %s = '%s';SELECT pg_catalog.current_setting(?, true);COMMIT"
					.formatted(name, VALUE))) {
			statement.setString(1, this.setting);
			statement.execute();
			return !statement.getMoreResults() && statement.getMoreResults() && Objects.equals(VALUE, value(statement));
		}
		finally {
			this.connection.rollback();
			this.connection.setAutoCommit(true);
		}
	}

	private boolean isApplied() throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT pg_catalog.set_config(?, ?, true);SELECT pg_catalog.current_setting(?, true)")) {
			statement.setString(1, this.setting);
			statement.setString(2, VALUE);
			statement.setString(3, this.setting);
			return statement.execute() && statement.getMoreResults() && Objects.equals(VALUE, value(statement));
		}
		catch (SQLException ex) {
			if (String.valueOf(ex.getSQLState()).startsWith("08")) {
				throw ex;
			}
			// a server that does not take two statements at once
			return false;
		}
	}

	private Result readLasting(boolean applied) throws SQLException {
		String sql = this.settings.stream()
			.map((setting) -> "pg_catalog.current_setting(?, true)")
			.collect(Collectors.joining(", ", "SELECT ",
					", CASE WHEN current_user <> session_user THEN current_user END"));
		Map<String, String> lasting = new LinkedHashMap<>();
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			for (int i = 0; i < this.settings.size(); i++) {
				statement.setString(i + 1, this.settings.get(i));
			}
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				for (int i = 0; i < this.settings.size(); i++) {
					String value = rows.getString(i + 1);
					if (value != null && !value.isEmpty()) {
						lasting.put(this.settings.get(i), value);
					}
				}
				return new Result(applied && !VALUE.equals(lasting.get(this.setting)), lasting.keySet(),
						rows.getString(this.settings.size() + 1), this.distributed);
			}
		}
	}

	private static @Nullable String value(PreparedStatement statement) throws SQLException {
		try (ResultSet rows = statement.getResultSet()) {
			return rows.next() ? rows.getString(1) : null;
		}
	}

	/**
	 * What was found out.
	 *
	 * @param prefixed whether a statement outside of a transaction sees what was set in
	 * front of it, and the next one does not
	 * @param lasting the settings that were not empty afterwards
	 * @param role the role of the session or {@code null} if it is the login
	 * @param distributed whether other nodes evaluate policies
	 */
	record Result(boolean prefixed, Set<String> lasting, @Nullable String role, boolean distributed) {

	}

}
