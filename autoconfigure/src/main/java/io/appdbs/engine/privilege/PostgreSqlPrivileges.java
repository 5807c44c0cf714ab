package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.appdbs.engine.privilege.PostgreSqlFindings.Granted;
import io.appdbs.engine.privilege.PostgreSqlFindings.Login;
import io.appdbs.engine.privilege.PostgreSqlFindings.Owned;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Privileges of PostgreSQL, which are read with one round trip.
 */
public final class PostgreSqlPrivileges implements PrivilegeReader {

	@Override
	public LoginPrivileges read(Connection connection, PrivilegeRequest request) throws SQLException {
		// with prepareThreshold=-1 the driver mixes up the columns of several statements
		PGConnection driver = connection.unwrap(PGConnection.class);
		if (driver.getPrepareThreshold() < 0) {
			driver.setPrepareThreshold(0);
		}
		String sql = String.join(";", PostgreSqlPrivilegeQueries.LIMITS, PostgreSqlPrivilegeQueries.SELF,
				PostgreSqlRoles.POWERS, PostgreSqlPrivilegeQueries.OWNED, PostgreSqlPrivilegeQueries.GRANTS)
				+ (request.tables() ? ";" + PostgreSqlPrivilegeQueries.TABLES : "");
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, request.owner());
			long parameters = sql.chars().filter((character) -> character == '?').count();
			for (int i = 2; i <= parameters; i++) {
				statement.setString(i, request.role());
			}
			statement.execute();
			statement.getMoreResults();
			return readAll(statement, request);
		}
	}

	private static LoginPrivileges readAll(PreparedStatement statement, PrivilegeRequest request) throws SQLException {
		Login login = read(statement, (row) -> new Login(row.getString(1), row.getString(2), row.getInt(3),
				row.getString(4), row.getString(5)))
			.get(0);
		List<RolePower> powers = read(statement, RolePower::read);
		List<Owned> owned = read(statement, (row) -> new Owned(row.getString(1), row.getString(2), row.getString(3),
				row.getString(4), row.getBoolean(5), row.getString(6), strings(row, 7), strings(row, 8)));
		List<Granted> grants = read(statement,
				(row) -> new Granted(row.getString(1), row.getString(2), row.getString(3), row.getString(4),
						row.getString(5), row.getString(6), row.getString(7), row.getBoolean(8), row.getString(9)));
		List<PrivilegeFinding> findings = new PostgreSqlFindings(login, request).find(powers, owned, grants);
		if (!request.tables() || PostgreSqlFindings.isSuperuser(findings)) {
			return new LoginPrivileges(login.role(), findings, List.of());
		}
		Map<String, Map<String, List<String>>> revokes = new LinkedHashMap<>();
		grants.stream()
			.filter((grant) -> grant.kind().equals("TABLE"))
			.forEach((grant) -> revokes.computeIfAbsent(grant.name(), (name) -> new LinkedHashMap<>())
				.computeIfAbsent(grant.privilege(), (privilege) -> new ArrayList<>())
				.add(grant.revoke()));
		return new LoginPrivileges(login.role(), findings,
				read(statement, (row) -> new TablePrivileges(row.getString(1), row.getString(2), row.getString(3),
						row.getBoolean(4), Set.copyOf(strings(row, 5)),
						revokes.getOrDefault(row.getString(3), Map.of()), grants(strings(row, 6), login.role()))));
	}

	private static Map<String, String> grants(List<String> sequences, String login) {
		return sequences.stream()
			.collect(Collectors.toMap(Function.identity(),
					(sequence) -> "GRANT USAGE ON SEQUENCE %s TO %s;".formatted(sequence, login)));
	}

	private static List<String> strings(ResultSet row, int column) throws SQLException {
		return (row.getArray(column) != null)
				? Arrays.stream((Object[]) row.getArray(column).getArray()).map(String::valueOf).toList() : List.of();
	}

	/**
	 * Reads all rows of the next result.
	 */
	private static <T> List<T> read(PreparedStatement statement, RowMapper<T> mapper) throws SQLException {
		List<T> all = new ArrayList<>();
		try (ResultSet rows = statement.getResultSet()) {
			while (rows.next()) {
				all.add(mapper.map(rows));
			}
		}
		statement.getMoreResults();
		return all;
	}

	@Override
	public List<String> getTablePrivileges() {
		return List.of("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN");
	}

	@Override
	public String toStored(String identifier) {
		return identifier.startsWith("\"") ? identifier.substring(1, identifier.length() - 1).replace("\"\"", "\"")
				: identifier.toLowerCase(Locale.ROOT);
	}

	@Override
	public List<String> grant(@Nullable String schema, String table, Collection<String> privileges, String login) {
		String grant = "GRANT %s ON TABLE %s%s TO %s;".formatted(String.join(", ", privileges),
				(schema != null) ? quoteLogin(schema) + "." : "", quoteLogin(table), login);
		return (schema != null) ? List.of("GRANT USAGE ON SCHEMA %s TO %s;".formatted(quoteLogin(schema), login), grant)
				: List.of(grant);
	}

	/**
	 * The session that executes the statements finds the schema and the sequences.
	 */
	@Override
	public List<String> grantUnread(@Nullable String schema, String table, Collection<String> privileges,
			String login) {
		List<String> statements = new ArrayList<>(grant(schema, table, privileges, login));
		String relation = literal(((schema != null) ? quoteLogin(schema) + "." : "") + quoteLogin(table))
				+ "::pg_catalog.regclass";
		List<String> targets = new ArrayList<>();
		if (schema == null) {
			targets.add("SELECT 'SCHEMA ' || c.relnamespace::pg_catalog.regnamespace FROM pg_catalog.pg_class c "
					+ "WHERE c.oid = " + relation);
		}
		if (privileges.contains("INSERT")) {
			targets.add("SELECT 'SEQUENCE ' || z.oid::pg_catalog.regclass "
					+ PostgreSqlPrivilegeQueries.SEQUENCES.replace('\n', ' ') + " " + relation);
		}
		if (!targets.isEmpty()) {
			String block = "DECLARE target text; BEGIN FOR target IN %s LOOP EXECUTE 'GRANT USAGE ON ' || target || %s; END LOOP; END"
				.formatted(String.join(" UNION ", targets), literal(" TO " + login));
			statements.add("DO %1$s %2$s %1$s;".formatted(findTag(block), block));
		}
		return statements;
	}

	private static String literal(String text) {
		return "'" + text.replace("'", "''") + "'";
	}

	/**
	 * Returns quotes that the text does not have.
	 */
	private static String findTag(String text) {
		String tag = "$grant$";
		while (text.contains(tag)) {
			tag = "$_" + tag.substring(1);
		}
		return tag;
	}

	@Override
	public String quoteLogin(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/**
	 * Reads one row.
	 *
	 * @param <T> what it becomes
	 */
	private interface RowMapper<T> {

		T map(ResultSet row) throws SQLException;

	}

}
