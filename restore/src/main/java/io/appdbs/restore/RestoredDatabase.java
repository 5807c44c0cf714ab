package io.appdbs.restore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.restore.sql.Sql;
import io.appdbs.restore.sql.SqlDialect;
import io.appdbs.restore.sql.Table;
import org.jspecify.annotations.Nullable;

/**
 * The restored database, for the checks.
 *
 * @param sql the connection
 * @param dialect the dialect of the server
 * @param tables all tables
 * @param log what was found
 */
record RestoredDatabase(Sql sql, SqlDialect dialect, List<Table> tables, RestoreLog log) {

	private static final int KNOWN = 20;

	/**
	 * Returns the table that a user named, and adds a finding if it does not exist.
	 */
	@Nullable Table findTable(String written) {
		List<Table> found = this.tables.stream().filter((table) -> table.matches(written)).toList();
		if (found.isEmpty()) {
			this.log.addFinding("Table '" + written + "' is missing. Known: " + describeTables() + ".");
			return null;
		}
		return found.get(0);
	}

	private String describeTables() {
		if (this.tables.isEmpty()) {
			return "none";
		}
		String known = this.tables.stream().limit(KNOWN).map(Table::toString).collect(Collectors.joining(", "));
		return known + ((this.tables.size() > KNOWN) ? " and " + (this.tables.size() - KNOWN) + " more" : "");
	}

	/**
	 * Returns the tables of a name in all schemas.
	 */
	List<Table> findTablesByName(String name) {
		return this.tables.stream().filter((table) -> table.name().equalsIgnoreCase(name)).toList();
	}

	long count(Table table) throws SQLException {
		return this.sql.number("SELECT count(*) FROM " + table.quoted(this.dialect));
	}

	/**
	 * Returns whether any table has a row.
	 */
	boolean hasRows() throws SQLException {
		List<Table> others = new ArrayList<>(this.tables);
		others.removeAll(findTablesByName(MigrationCheck.FLYWAY));
		others.removeAll(findTablesByName(MigrationCheck.LIQUIBASE));
		for (Table table : others) {
			if (!this.sql.strings("SELECT 1 FROM " + table.quoted(this.dialect) + " LIMIT 1").isEmpty()) {
				return true;
			}
		}
		return false;
	}

}
