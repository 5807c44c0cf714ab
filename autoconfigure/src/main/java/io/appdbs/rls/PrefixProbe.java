package io.appdbs.rls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Finds out how long a setting lasts that is made for the rest of a transaction.
 */
final class PrefixProbe {

	private static final String VALUE = "appdbs";

	private final Connection connection;

	private final String setting;

	PrefixProbe(Connection connection, String setting) {
		this.connection = connection;
		this.setting = setting;
	}

	/**
	 * Set the setting in a transaction and in front of a statement outside of one.
	 */
	Result run() throws SQLException {
		this.connection.setAutoCommit(false);
		try (PreparedStatement statement = this.connection.prepareStatement("SELECT set_config(?, ?, true)")) {
			statement.setString(1, this.setting);
			statement.setString(2, VALUE);
			statement.execute();
			this.connection.commit();
		}
		finally {
			this.connection.setAutoCommit(true);
		}
		boolean applied = isApplied();
		boolean ended = !VALUE.equals(read());
		return new Result(applied && ended, ended);
	}

	private boolean isApplied() throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT set_config(?, ?, true);SELECT current_setting(?, true)")) {
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

	private @Nullable String read() throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement("SELECT current_setting(?, true)")) {
			statement.setString(1, this.setting);
			statement.execute();
			return value(statement);
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
	 * @param ended whether the setting was empty afterwards
	 */
	record Result(boolean prefixed, boolean ended) {

	}

}
