package io.appdbs.migration;

import java.sql.SQLException;
import java.util.stream.Collectors;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.Causes;
import io.appdbs.engine.FailureReason;
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
 * @param definition the database
 */
record FlywayFailures(DatabaseDefinition definition) {

	private static final String UNRESOLVED_LOCATION = "Unable to resolve location ";

	private static final String INVALID_NAMES = "Invalid SQL filenames found:";

	private static final String UNSUPPORTED = "Unsupported Database:";

	private static final String FAILED_BEFORE = "Detected failed migration";

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
		FailureReason reason = (driver != null) ? this.definition.engine().classify(driver) : FailureReason.OTHER;
		if (driver != null && reason == FailureReason.AUTHENTICATION && hasOwnLogin()) {
			return failure(
					"the server refused the login for migrations: username or password is wrong. The driver says: "
							+ driver.getMessage(),
					"Correct '%s' and '%s'.".formatted(key("username"), key("password")), failure);
		}
		if (driver != null
				&& (failure instanceof FlywaySqlUnableToConnectToDbException || reason != FailureReason.OTHER)) {
			return driver;
		}
		if (driver != null) {
			return failure("the driver says: " + driver.getMessage(),
					"Check the privileges of the login for migrations%s: it must own the schema, or be allowed to create tables in it."
						.formatted(hasOwnLogin() ? " ('%s')".formatted(key("username")) : ""),
					failure);
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
			return failure("the location '%s' does not exist.".formatted(
					firstParagraph(message).substring(UNRESOLVED_LOCATION.length()).replaceFirst("\\.(\\s.*)?$", "")),
					"Correct '%s', or create the location.".formatted(key("locations")), failure);
		}
		if (message.startsWith(INVALID_NAMES)) {
			return failure(
					"Flyway would ignore scripts because of their names. It says: "
							+ message.lines().skip(1).sorted().collect(Collectors.joining("; ")),
					"Rename them, for example to 'V2__add_total.sql' with two underscores, or set '%s' to false to have them ignored."
						.formatted(key("validate-migration-naming")),
					failure);
		}
		if (message.startsWith(UNSUPPORTED)) {
			return failure("Flyway says: " + firstParagraph(message),
					"Add the Flyway module that supports it to the dependencies, or set '%s' to false."
						.formatted(key("enabled")),
					failure);
		}
		return failure("Flyway says: " + firstParagraph(message),
				"Correct the migrations or the options under '%s', as the message says."
					.formatted(this.definition.key("flyway")),
				failure);
	}

	private String key(String option) {
		return this.definition.key("flyway." + option);
	}

	private boolean hasOwnLogin() {
		return this.definition.settings().flyway().containsKey("user");
	}

	private DatabaseStartException describe(FlywayMigrateException script) {
		String file = (script.getMigration() != null) ? script.getMigration().getScript() : "unknown";
		String line = (script.getLineNumber() > 0) ? " at line " + script.getLineNumber() : "";
		SQLException driver = Causes.find(SQLException.class, script);
		String says = (driver != null) ? "The driver says: " + driver.getMessage() : firstParagraph(
				String.valueOf((script.getCause() != null) ? script.getCause().getMessage() : script.getMessage()));
		boolean undone = script.isExecutableInTransaction() && isTransactional();
		String left = undone ? "It was rolled back."
				: "%s does not roll back statements that change the schema: undo what the migration did before it failed, and remove the failed entry with Flyway's 'repair'."
					.formatted(this.definition.engine().getDisplayName());
		return failure("migration '%s' failed%s. %s".formatted(file, line, says),
				"Correct '%s' and start again. %s".formatted(file, left), script);
	}

	/**
	 * Returns whether a failed migration is rolled back. Of the supported engines, only
	 * PostgreSQL has transactions for statements that change the schema.
	 */
	private boolean isTransactional() {
		return this.definition.engine().getId().equals("postgresql");
	}

	private DatabaseStartException describe(FlywayException failure, Flyway flyway) {
		String invalid = flyway.validateWithResult().invalidMigrations.stream()
			.map(this::describe)
			.collect(Collectors.joining(" "));
		return failure("it does not match the migrations of the application. " + invalid,
				"Restore the applied migrations and put changes into a new one. If the database is correct, run Flyway's 'repair'.",
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
			return firstParagraph(output.errorDetails.errorMessage);
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
			default -> firstParagraph(output.errorDetails.errorMessage);
		};
	}

	private DatabaseStartException failure(String message, String action, Throwable cause) {
		String name = this.definition.name();
		return new DatabaseStartException(name, "Database '%s' (%s) could not be migrated: %s".formatted(name,
				this.definition.engine().getDisplayName(), message), action, cause);
	}

	private static String firstParagraph(@Nullable String message) {
		return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
	}

}
