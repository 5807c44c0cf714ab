package io.appdbs.config.validator;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Engine;
import io.appdbs.maintenance.MaintenanceOperation;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.MaintenanceSettings;
import io.appdbs.settings.TablePattern;

/**
 * Validates the settings of the maintenance of a database.
 *
 * @param problems where problems are reported
 * @param database the settings of the database
 * @param engine the engine of the database
 */
record MaintenanceValidator(SettingProblems problems, DatabaseSettings database, Engine engine) {

	private static final String OPERATIONS = "maintenance.operations";

	private static final String TABLES = "maintenance.tables";

	private static final String USERNAME = "maintenance.username";

	private static final String PASSWORD = "maintenance.password";

	private static final String LOCK_TIMEOUT = "maintenance.lock-timeout";

	private static final String TIMEOUT = "maintenance.timeout";

	private MaintenanceSettings settings() {
		return this.database.maintenance();
	}

	void validate() {
		this.problems.checkPositive(LOCK_TIMEOUT, settings().lockTimeout());
		this.problems.checkPositive(TIMEOUT, settings().timeout());
		validateLogin();
		validateTables();
		if (settings().operations().isEmpty()) {
			rejectUseless();
			return;
		}
		validateOperations();
		Place lockTimeout = this.problems.place(LOCK_TIMEOUT);
		if (this.engine.getKind() == DatabaseKind.MONGODB && lockTimeout != null && lockTimeout.own()) {
			this.problems.addOwn(LOCK_TIMEOUT,
					"'%s' is set, but %s has no such limit.".formatted(lockTimeout.key(), this.engine.getDisplayName()),
					"Remove '%s'.".formatted(lockTimeout.key()));
		}
		if (settings().operations().contains(MaintenanceOperation.TRUNCATE)) {
			validateTruncation();
		}
	}

	/**
	 * Reports what has no effect as long as nothing is allowed. The login also creates
	 * partitions.
	 */
	private void rejectUseless() {
		Stream<String> login = this.database.partitions().isEmpty() ? Stream.of(USERNAME, PASSWORD) : Stream.empty();
		Stream.concat(Stream.of(this.problems.entry(TABLES, 0), LOCK_TIMEOUT, TIMEOUT), login).forEach((key) -> {
			Place place = this.problems.place(key);
			if (place != null && place.own()) {
				this.problems.addOwn(key,
						"'%s' is set, but '%s' allows nothing.".formatted(place.key(), this.problems.key(OPERATIONS)),
						"Set '%s' as well, for example to 'analyze', or remove '%s'."
							.formatted(this.problems.key(OPERATIONS), place.key()));
			}
		});
	}

	private void validateOperations() {
		Set<MaintenanceOperation> known = this.engine.getMaintenanceOperations();
		List<MaintenanceOperation> operations = settings().operations();
		for (int i = 0; i < operations.size(); i++) {
			if (!known.contains(operations.get(i))) {
				this.problems.addOwn(this.problems.entry(OPERATIONS, i),
						"'%s' is '%s', but %s does not have this operation.".formatted(
								this.problems.key(this.problems.entry(OPERATIONS, i)), operations.get(i).getName(),
								this.engine.getDisplayName()),
						known.isEmpty() ? "Remove '%s'.".formatted(this.problems.key(OPERATIONS))
								: "Remove it. %s has: %s.".formatted(this.engine.getDisplayName(), names(known)));
			}
		}
	}

	private static String names(Set<MaintenanceOperation> operations) {
		return operations.stream().map(MaintenanceOperation::getName).collect(Collectors.joining(", "));
	}

	private void validateLogin() {
		if (settings().password() != null && settings().username() == null) {
			this.problems.addOwn(PASSWORD,
					"'%s' is set, but '%s' is not.".formatted(this.problems.key(PASSWORD), this.problems.key(USERNAME)),
					"Set '%s' as well, or remove '%s'.".formatted(this.problems.key(USERNAME),
							this.problems.key(PASSWORD)));
		}
	}

	/**
	 * Collections can have any name.
	 */
	private void validateTables() {
		List<String> tables = settings().tables();
		for (int i = 0; i < tables.size() && this.engine.getKind() == DatabaseKind.RELATIONAL; i++) {
			if (TablePattern.parse(tables.get(i)) == null) {
				this.problems.add(this.problems.entry(TABLES, i), tables.get(i), "which is not the name of a table",
						"Write 'table' or 'schema.table', with '*' for any characters, and with double quotes around a "
								+ "part that has capital letters or other characters than letters, digits, '_' and '$': "
								+ "sales.*.");
			}
		}
	}

	private void validateTruncation() {
		List<String> tables = settings().tables();
		if (this.database.readOnly()) {
			this.problems.addOwn(OPERATIONS,
					"'%s' has 'truncate', but '%s' is 'true'.".formatted(this.problems.key(OPERATIONS),
							this.problems.key("read-only")),
					"Remove 'truncate', or set '%s' to 'false'.".formatted(this.problems.key("read-only")));
		}
		if (tables.isEmpty()) {
			this.problems.addOwn(OPERATIONS,
					"'%s' has 'truncate', but '%s' names no table.".formatted(this.problems.key(OPERATIONS),
							this.problems.key(TABLES)),
					"Write the names of the tables that may be emptied to '%s', or remove 'truncate'."
						.formatted(this.problems.key(TABLES)));
		}
		for (int i = 0; i < tables.size(); i++) {
			if (hasWildcard(tables.get(i))) {
				this.problems.add(this.problems.entry(TABLES, i), tables.get(i),
						"but 'truncate', which '%s' has, needs names".formatted(this.problems.key(OPERATIONS)),
						"Write the names of the tables that may be emptied, without '*', or remove 'truncate'.");
			}
		}
	}

	private boolean hasWildcard(String table) {
		TablePattern pattern = (this.engine.getKind() == DatabaseKind.RELATIONAL) ? TablePattern.parse(table) : null;
		return (pattern != null) ? pattern.hasWildcard() : table.contains("*");
	}

}
