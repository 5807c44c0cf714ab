package io.appdbs.engine.privilege;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A role of PostgreSQL that has dangerous rights.
 *
 * @param login whether it is the login that has or can get the rights, else it is the
 * role that statements run as
 * @param name the name, quoted where SQL requires it
 * @param own whether it is that role itself
 * @param usable whether that role has the rights, or can become the role that has them,
 * else it can only make itself a member
 * @param rights the most dangerous one first: SUPERUSER, which then is the only one,
 * BYPASSRLS, REPLICATION, CREATEROLE, the name of a predefined role or CREATEDB
 * @param revokes the statements that end the memberships through which it is reached
 */
public record RolePower(boolean login, String name, boolean own, boolean usable, List<String> rights,
		List<String> revokes) {

	/** The right of a superuser, to which no other one adds anything. */
	public static final String SUPERUSER = "SUPERUSER";

	/** The right not to be bound by policies. */
	public static final String BYPASSRLS = "BYPASSRLS";

	/** The right to create roles. */
	public static final String CREATEROLE = "CREATEROLE";

	/** The right to create databases. */
	public static final String CREATEDB = "CREATEDB";

	/** The right to stream the changes of all rows. */
	public static final String REPLICATION = "REPLICATION";

	/** The rights that lead past policies. */
	public static final Set<String> PAST_POLICIES = Set.of(SUPERUSER, BYPASSRLS, REPLICATION, CREATEROLE,
			"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pg_read_all_data",
			"pg_write_all_data", "pg_maintain");

	private static final Set<String> ATTRIBUTES = Set.of(SUPERUSER, BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION);

	private static final int POSTGRESQL_16 = 160000;

	/** What a role can do that has a right. */
	private static final Map<String, String> CONSEQUENCES = Map.ofEntries(
			Map.entry(REPLICATION, "can read the changes of all rows from the log of the server"),
			Map.entry(CREATEDB, "can create databases"),
			Map.entry("pg_execute_server_program", "can run programs on the server"),
			Map.entry("pg_read_server_files", "can read the files of the server"),
			Map.entry("pg_write_server_files", "can write the files of the server"),
			Map.entry("pg_read_all_data", "can read all tables, also statistics, which have values of all rows"),
			Map.entry("pg_write_all_data", "can write every table that has no policies"),
			Map.entry("pg_maintain", "can lock and rewrite every table"),
			Map.entry("pg_monitor", "can read the statements of other sessions and all settings"),
			Map.entry("pg_read_all_stats", "can read the statements of other sessions"),
			Map.entry("pg_read_all_settings", "can read all settings, also those of superusers"),
			Map.entry("pg_stat_scan_tables", "can lock every table while a function scans it"),
			Map.entry("pg_signal_backend", "can end the sessions of others"),
			Map.entry("pg_signal_autovacuum_worker", "can end the workers of autovacuum"),
			Map.entry("pg_checkpoint", "can make the server write checkpoints"),
			Map.entry("pg_use_reserved_connections", "can use up connections that are reserved for others"),
			Map.entry("pg_create_subscription", "can copy tables of other servers"));

	public RolePower {
		rights = List.copyOf(rights);
		revokes = List.copyOf(revokes);
	}

	/**
	 * Reads a row of {@link PostgreSqlRoles#POWERS}.
	 * @param row the row
	 * @return the role
	 * @throws SQLException if the row cannot be read
	 */
	public static RolePower read(ResultSet row) throws SQLException {
		return new RolePower(row.getBoolean(1), row.getString(2), row.getBoolean(3), row.getBoolean(4), strings(row, 5),
				strings(row, 6));
	}

	private static List<String> strings(ResultSet row, int column) throws SQLException {
		return Arrays.stream((Object[]) row.getArray(column).getArray()).map(String::valueOf).toList();
	}

	/**
	 * Returns the role with some of its rights.
	 * @param some the rights to keep
	 * @return the role, whose rights may be empty
	 */
	public RolePower retain(Set<String> some) {
		return new RolePower(this.login, this.name, this.own, this.usable,
				this.rights.stream().filter(some::contains).toList(), this.revokes);
	}

	/**
	 * Returns whether a right is an attribute of a role and not a predefined role.
	 * @param right one of the rights
	 * @return whether it is an attribute
	 */
	public static boolean isAttribute(String right) {
		return ATTRIBUTES.contains(right);
	}

	/**
	 * Describes a right.
	 * @param right one of the rights
	 * @param version the version of the server, 160000 for PostgreSQL 16
	 * @return the predicate of a sentence
	 */
	public String describe(String right, int version) {
		String has = isAttribute(right) ? "has " + right : "is a member of role " + right;
		if (right.equals(SUPERUSER)) {
			has = "is a superuser";
		}
		String can = consequence(right, version);
		if (this.own || (this.usable && !isAttribute(right))) {
			return has + ((can != null) ? " and " + can : "");
		}
		return "can %s role %s, which %s".formatted(this.usable ? "become" : "make itself a member of", this.name,
				isAttribute(right) ? has + ((can != null) ? " and " + can : "")
						: (can != null) ? can : "is predefined");
	}

	private static @Nullable String consequence(String right, int version) {
		if (right.equals(CREATEROLE)) {
			return isLimited(right, version) ? "can create logins" : "can make itself a member of other roles";
		}
		return CONSEQUENCES.get(right);
	}

	/**
	 * Returns whether a right only is about the roles that a role has created itself,
	 * which holds for CREATEROLE since PostgreSQL 16.
	 * @param right one of the rights
	 * @param version the version of the server, 160000 for PostgreSQL 16
	 * @return whether it is limited
	 */
	public static boolean isLimited(String right, int version) {
		return right.equals(CREATEROLE) && version >= POSTGRESQL_16;
	}

	/**
	 * Returns the statements that take a right away.
	 * @param right one of the rights
	 * @return the statements, {@code null} if none is known
	 */
	public @Nullable String revoke(String right) {
		if (this.own) {
			return "ALTER ROLE %s NO%s;".formatted(this.name, right);
		}
		return this.revokes.isEmpty() ? null : String.join(" ", this.revokes);
	}

}
