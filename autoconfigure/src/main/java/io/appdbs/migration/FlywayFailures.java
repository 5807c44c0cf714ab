package io.appdbs.migration;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.Causes;
import io.appdbs.settings.DatabaseDefinition;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.flywaydb.core.internal.exception.sqlExceptions.FlywaySqlUnableToConnectToDbException;
import org.jspecify.annotations.Nullable;

/**
 * Translates Flyway's exceptions to messages that say what to correct.
 *
 * @param failures the failures of the database
 */
record FlywayFailures(MigrationFailures failures) {

	private static final String UNRESOLVED_LOCATION = "Unable to resolve location ";

	private static final String INVALID_NAMES = "Invalid SQL filenames found:";

	private static final String UNSUPPORTED = "Unsupported Database:";

	private static final String NOT_EMPTY = "Found non-empty schema(s)";

	/** SQLState of a statement that the login may not execute. */
	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private static final String FAILED_BEFORE = "Detected failed migration";

	static FlywayFailures of(DatabaseDefinition definition) {
		return new FlywayFailures(new MigrationFailures(definition, "flyway", "username",
				definition.settings().flyway().containsKey("user")));
	}

	/**
	 * Returns the exception to throw.
	 * @param failure the exception of Flyway
	 * @param flyway the Flyway or {@code null} if it could not be created
	 * @return the exception of the driver if the connection failed, otherwise one that
	 * says what to correct
	 */
	Exception translate(FlywayException failure, @Nullable Flyway flyway) {
		if (failure instanceof FlywayMigrateException script) {
			return describe(script);
		}
		if (failure instanceof FlywayValidateException && flyway != null) {
			return describe(failure, flyway);
		}
		SQLException driver = Causes.find(SQLException.class, failure);
		if (driver != null) {
			return this.failures.ofDriver(driver, failure instanceof FlywaySqlUnableToConnectToDbException, failure);
		}
		return describe(failure, String.valueOf(failure.getMessage()));
	}

	/**
	 * Returns whether a migration was not executed because an earlier execution failed.
	 */
	static boolean isOfEarlierAttempt(FlywayException failure) {
		return failure instanceof FlywayValidateException
				&& String.valueOf(failure.getMessage()).contains(FAILED_BEFORE);
	}

	private DatabaseStartException describe(FlywayException failure, String message) {
		if (message.startsWith(UNRESOLVED_LOCATION)) {
			return this.failures.create(
					"the location '%s' does not exist.".formatted(MigrationFailures.oneLine(message)
						.substring(UNRESOLVED_LOCATION.length())
						.replaceFirst("\\.(\\s.*)?$", "")),
					"Correct '%s', or create the location.".formatted(this.failures.key("locations")), failure);
		}
		if (message.startsWith(INVALID_NAMES)) {
			return this.failures.create(
					"Flyway would ignore scripts because of their names. It says: "
							+ message.lines().skip(1).sorted().collect(Collectors.joining("; ")),
					"Rename them, for example to 'V2__add_total.sql' with two underscores, or set '%s' to false to have them ignored."
						.formatted(this.failures.key("validate-migration-naming")),
					failure);
		}
		if (message.startsWith(UNSUPPORTED)) {
			return this.failures.create("Flyway says: " + MigrationFailures.oneLine(message),
					"Add the Flyway module that supports it to the dependencies, or set '%s' to false."
						.formatted(this.failures.key("enabled")),
					failure);
		}
		if (message.startsWith(NOT_EMPTY)) {
			return this.failures.create("Flyway says: " + MigrationFailures.oneLine(message),
					"Use an empty schema, or set '%s' to true: the migrations up to '%s', which is 1 by default, are then not executed."
						.formatted(this.failures.key("baseline-on-migrate"), this.failures.key("baseline-version")),
					failure);
		}
		return this.failures.create("Flyway says: " + MigrationFailures.oneLine(message),
				"Correct the migrations or the options under '%s', as the message says."
					.formatted(this.failures.definition().key("flyway")),
				failure);
	}

	private DatabaseStartException describe(FlywayMigrateException script) {
		String file = (script.getMigration() != null) ? script.getMigration().getScript() : "unknown";
		String line = (script.getLineNumber() > 0) ? " at line " + script.getLineNumber() : "";
		SQLException driver = Causes.find(SQLException.class, script);
		String says = (driver != null) ? "The driver says: " + driver.getMessage() : MigrationFailures.oneLine(
				String.valueOf((script.getCause() != null) ? script.getCause().getMessage() : script.getMessage()));
		boolean undone = script.isExecutableInTransaction() && this.failures.isTransactional();
		String left = undone ? "It was rolled back."
				: "%s does not roll back statements that change the schema: undo what the migration did before it failed, and remove the failed entry with Flyway's 'repair'."
					.formatted(this.failures.definition().engine().getDisplayName());
		boolean denied = driver != null && INSUFFICIENT_PRIVILEGE.equals(driver.getSQLState());
		String action = denied ? "Grant what '%s' needs to the login for migrations%s, or correct it, and start again."
			.formatted(file, this.failures.describeLogin()) : "Correct '%s' and start again.".formatted(file);
		return this.failures.create("migration '%s' failed%s. %s".formatted(file, line, says), action + " " + left,
				script);
	}

	private DatabaseStartException describe(FlywayException failure, Flyway flyway) {
		List<ValidateOutput> invalid = flyway.validateWithResult().invalidMigrations;
		boolean outOfOrder = invalid.stream()
			.allMatch((
					output) -> output.errorDetails.errorCode == CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED);
		return this.failures.create("it does not match the migrations of the application. " + invalid.stream()
			.map(this::describe)
			.collect(Collectors.joining(" ")), outOfOrder
					? "Give the migration a version above the applied ones, or set '%s' to true to execute it now."
						.formatted(this.failures.key("out-of-order"))
					: "Restore the applied migrations and put changes into a new one. If the database is correct, run Flyway's 'repair'.",
				failure);
	}

	private String describe(ValidateOutput output) {
		String what = (output.version != null && !output.version.isEmpty()) ? "Version " + output.version
				: "The repeatable migration";
		ErrorCode code = output.errorDetails.errorCode;
		String text = what + " (" + output.description + ") " + problem(code, output);
		return output.filepath.isEmpty() ? text + "." : text + ", in " + output.filepath + ".";
	}

	private static String problem(ErrorCode code, ValidateOutput output) {
		if (!(code instanceof CoreErrorCode core)) {
			return MigrationFailures.oneLine(output.errorDetails.errorMessage);
		}
		return switch (core) {
			case CHECKSUM_MISMATCH -> "was changed after it had been applied (checksum mismatch)";
			case DESCRIPTION_MISMATCH -> "was renamed after it had been applied";
			case TYPE_MISMATCH -> "changed its type after it had been applied";
			case FAILED_VERSIONED_MIGRATION, FAILED_REPEATABLE_MIGRATION -> "failed when it was applied";
			case APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED, APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED ->
				"was applied, but the application does not contain it";
			case RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED, RESOLVED_REPEATABLE_MIGRATION_NOT_APPLIED ->
				"is older than the applied ones, but has not been applied";
			default -> MigrationFailures.oneLine(output.errorDetails.errorMessage);
		};
	}

}
