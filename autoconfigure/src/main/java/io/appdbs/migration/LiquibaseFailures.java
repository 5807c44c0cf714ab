package io.appdbs.migration;

import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.DatabaseStartException;
import io.appdbs.engine.Causes;
import io.appdbs.settings.DatabaseDefinition;
import liquibase.changelog.ChangeSet;
import liquibase.exception.ChangeLogParseException;
import liquibase.exception.LiquibaseException;
import liquibase.exception.LockException;
import liquibase.exception.MigrationFailedException;
import liquibase.exception.ValidationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Translates Liquibase's exceptions to messages that say what to correct.
 *
 * @param failures the failures of the database
 * @param progress the progress of the run that has failed
 */
record LiquibaseFailures(MigrationFailures failures, LiquibaseProgress progress) {

	/** The part of a message that repeats the statement. */
	private static final String STATEMENT = "(?s) \\[Failed SQL: .*";

	/** A table exists, or a row of the catalog of PostgreSQL that describes it. */
	private static final Set<String> TABLE_EXISTS = Set.of("42P07", "42S01", "23505");

	static LiquibaseFailures of(DatabaseDefinition definition, LiquibaseProgress progress) {
		return new LiquibaseFailures(new MigrationFailures(definition, "liquibase", "user",
				definition.settings().liquibase().user() != null), progress);
	}

	/**
	 * Returns whether the run has failed, before any change set, because another instance
	 * has created a table of Liquibase meanwhile.
	 */
	static boolean isCreatedByOther(LiquibaseException failure, LiquibaseProgress progress) {
		SQLException driver = Causes.find(SQLException.class, failure);
		return progress.getFailed() == null && driver != null && driver.getSQLState() != null
				&& TABLE_EXISTS.contains(driver.getSQLState());
	}

	String getDatabase() {
		return this.failures.definition().name();
	}

	/**
	 * Returns the exception to throw.
	 * @param failure the exception of Liquibase
	 * @return the exception of the driver if the connection failed, otherwise one that
	 * says what to correct
	 */
	Exception translate(LiquibaseException failure) {
		ValidationFailedException invalid = Causes.find(ValidationFailedException.class, failure);
		if (invalid != null) {
			return describe(invalid, failure);
		}
		if (Causes.find(ChangeLogParseException.class, failure) != null) {
			return this.failures.create("the changelog cannot be read. Liquibase says: " + message(failure),
					"Correct the changelog, or '%s'.".formatted(this.failures.key("change-log")), failure);
		}
		SQLException driver = Causes.find(SQLException.class, failure);
		ChangeSet changeSet = this.progress.getFailed();
		if (changeSet != null && (driver == null || !this.failures.isOfConnection(driver))) {
			return describe(changeSet, driver, failure);
		}
		if (driver != null) {
			return this.failures.ofDriver(driver, !this.progress.isConnected(), failure);
		}
		if (Causes.find(LockException.class, failure) != null && this.progress.getLock() != null) {
			return describeLock(this.progress.getLock(), failure);
		}
		return this.failures.create("Liquibase says: " + message(failure),
				"Correct the changelog or the keys under '%s', as the message says."
					.formatted(this.failures.definition().key("liquibase")),
				failure);
	}

	/**
	 * Returns the change set that has failed, if it was not rolled back.
	 */
	@Nullable String getChangeSetLeftBehind() {
		ChangeSet changeSet = this.progress.getFailed();
		return (changeSet != null && !isUndone(changeSet)) ? changeSet.toString(false) : null;
	}

	private boolean isUndone(ChangeSet changeSet) {
		return this.progress.isRefused() || (this.failures.isTransactional() && changeSet.isRunInTransaction());
	}

	private DatabaseStartException describe(ChangeSet changeSet, @Nullable SQLException driver, Throwable failure) {
		String name = LiquibaseProgress.describe(changeSet);
		String says = (driver != null) ? "The driver says: " + driver.getMessage()
				: "Liquibase says: " + reason(failure);
		if (this.progress.isRefused()) {
			return this.failures.create("the preconditions of %s are not met: %s".formatted(name, reason(failure)),
					"Correct the preconditions, or the database, and start again.", failure);
		}
		String left = isUndone(changeSet) ? "It was rolled back."
				: "%s does not roll back statements that change the schema: undo what the change set did before it failed."
					.formatted(this.failures.definition().engine().getDisplayName());
		return this.failures.create("%s failed. %s".formatted(name, says),
				"Correct %s and start again. %s".formatted(name, left), failure);
	}

	private DatabaseStartException describe(ValidationFailedException invalid, LiquibaseException failure) {
		if (invalid.getInvalidMD5Sums().isEmpty()) {
			return this.failures.create("Liquibase says: " + MigrationFailures.oneLine(invalid.getMessage()),
					"Correct the change sets, as the message says.", failure);
		}
		String changed = invalid.getInvalidMD5Sums()
			.stream()
			.map(MigrationFailures::oneLine)
			.collect(Collectors.joining("; "));
		return this.failures.create(
				"change sets were changed after they had been executed (checksum mismatch): " + changed + ".",
				"Restore the executed change sets and put changes into new ones. If the database is correct, run Liquibase's 'clear-checksums', or set '%s' to true once."
					.formatted(this.failures.key("clear-checksums")),
				failure);
	}

	private DatabaseStartException describeLock(String lock, LiquibaseException failure) {
		String table = this.failures.definition().settings().liquibase().databaseChangeLogLockTable();
		return this.failures.create("Liquibase did not get its lock in time: %s.".formatted(lock),
				"If that instance is still migrating, wait until it has finished. If it no longer runs, release its lock with Liquibase's 'release-locks', or with UPDATE %s SET LOCKED = FALSE, LOCKGRANTED = NULL, LOCKEDBY = NULL WHERE ID = 1."
					.formatted(table),
				failure);
	}

	/**
	 * Returns why a change set has failed, for example the preconditions.
	 */
	private static String reason(Throwable failure) {
		MigrationFailedException failed = Causes.find(MigrationFailedException.class, failure);
		return (failed != null)
				? MigrationFailures.oneLine(String.valueOf(failed.getMessage()).replaceFirst("(?s).*Reason:", ""))
				: message(failure);
	}

	private static String message(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return MigrationFailures.oneLine(String.valueOf(root.getMessage()).replaceFirst(STATEMENT, ""));
	}

}
