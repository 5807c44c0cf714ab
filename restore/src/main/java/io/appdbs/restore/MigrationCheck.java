package io.appdbs.restore;

import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.restore.sql.SqlDialect;
import io.appdbs.restore.sql.Table;
import org.jspecify.annotations.Nullable;

/**
 * Checks the histories of Flyway and Liquibase.
 */
final class MigrationCheck {

	static final String FLYWAY = "flyway_schema_history";

	static final String LIQUIBASE = "databasechangelog";

	private static final Pattern VERSION = Pattern.compile("\\d+([._]\\d+)*");

	private MigrationCheck() {
	}

	static boolean isVersion(String version) {
		return VERSION.matcher(version).matches();
	}

	/**
	 * Finds a database whose newest migration is too old, and failed migrations.
	 */
	static void checkVersion(RestoredDatabase database, String minimum) throws SQLException {
		List<Table> histories = database.findTablesByName(FLYWAY);
		if (histories.isEmpty()) {
			database.log()
				.addFinding("There is no table '" + FLYWAY + "', so the migration version is not known. Expected: "
						+ minimum + " or later.");
		}
		for (Table history : histories) {
			checkVersion(database, history, minimum);
		}
	}

	private static void checkVersion(RestoredDatabase database, Table history, String minimum) throws SQLException {
		SqlDialect dialect = database.dialect();
		TreeSet<String> applied = new TreeSet<>(MigrationCheck::compare);
		List<Migration> migrations = database.sql()
			.query(Stream.of("version", "type", "success", "script")
				.map(dialect::quote)
				.reduce((first, second) -> first + ", " + second)
				.map((columns) -> "SELECT " + columns + " FROM " + history.quoted(dialect) + " ORDER BY "
						+ dialect.quote("installed_rank"))
				.orElseThrow(),
					(row) -> new Migration(row.getString(1), row.getString(2), row.getBoolean(3), row.getString(4)));
		for (Migration migration : migrations) {
			if (!migration.success()) {
				database.log().addFinding("Migration '" + migration.script() + "' in '" + history + "' has failed.");
			}
			else if (migration.version() != null && isVersion(migration.version())) {
				if (migration.isUndone()) {
					applied.remove(migration.version());
				}
				else {
					applied.add(migration.version());
				}
			}
		}
		String newest = applied.isEmpty() ? null : applied.last();
		if (newest == null || compare(newest, minimum) < 0) {
			database.log()
				.addFinding("The migration version in '" + history + "' is "
						+ Objects.requireNonNullElse(newest, "none") + ". Expected: " + minimum + " or later.");
		}
	}

	/**
	 * Finds change sets of Liquibase that were not executed.
	 */
	static void checkChangeSet(RestoredDatabase database, String id) throws SQLException {
		List<Table> histories = database.findTablesByName(LIQUIBASE);
		for (Table history : histories) {
			if (!database.sql()
				.strings("SELECT id FROM " + history.quoted(database.dialect())
						+ " WHERE id = ? AND exectype IN ('EXECUTED', 'RERAN', 'MARK_RAN')", id)
				.isEmpty()) {
				return;
			}
		}
		database.log()
			.addFinding(histories.isEmpty()
					? "There is no table '" + LIQUIBASE + "', so the change set '" + id + "' is missing."
					: "Change set '" + id + "' is missing in '" + histories.get(0) + "'.");
	}

	/**
	 * Compares versions as Flyway does: number by number, missing numbers are zero.
	 */
	static int compare(String first, String second) {
		String[] left = first.split("[._]");
		String[] right = second.split("[._]");
		for (int i = 0; i < Math.max(left.length, right.length); i++) {
			int result = part(left, i).compareTo(part(right, i));
			if (result != 0) {
				return result;
			}
		}
		return 0;
	}

	private static BigInteger part(String[] parts, int index) {
		return (index < parts.length) ? new BigInteger(parts[index]) : BigInteger.ZERO;
	}

	private record Migration(@Nullable String version, String type, boolean success, String script) {

		boolean isUndone() {
			return this.type.equals("DELETE") || this.type.startsWith("UNDO");
		}

	}

}
