package io.appdbs.migration;

import java.sql.SQLException;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.FailureReason;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Creates exceptions for migrations that have failed, whatever executes them.
 *
 * @param definition the database
 * @param group the keys of the migrations, for example {@code flyway}
 * @param usernameKey the key of the username of the separate login, below the group
 * @param ownLogin whether there is a separate login
 */
record MigrationFailures(DatabaseDefinition definition, String group, String usernameKey, boolean ownLogin) {

	/**
	 * Returns the exception for a failure outside of a migration.
	 * @param driver the exception of the driver
	 * @param connecting whether the connection could not be opened
	 * @param cause the exception of the library
	 * @return the exception of the driver if the connection failed, so that it is
	 * retried; otherwise one that says what to correct
	 */
	Exception ofDriver(SQLException driver, boolean connecting, Throwable cause) {
		FailureReason reason = this.definition.engine().classify(driver);
		if (reason == FailureReason.AUTHENTICATION && this.ownLogin) {
			return create(
					"the server refused the login for migrations: username or password is wrong. The driver says: "
							+ driver.getMessage(),
					"Correct '%s' and '%s'.".formatted(key(this.usernameKey), key("password")), cause);
		}
		if (connecting || reason != FailureReason.OTHER) {
			return driver;
		}
		if ("0A000".equals(driver.getSQLState()) && String.valueOf(driver.getMessage()).contains("advisory lock")) {
			return create(
					"the server has no advisory locks, with which Flyway keeps instances from migrating at the same time. The driver says: "
							+ driver.getMessage(),
					"Use a version of the server that has them, add the Flyway module org.flywaydb:flyway-database-yugabytedb, which locks a row on YugabyteDB, or migrate with Liquibase.",
					cause);
		}
		return create("the driver says: " + driver.getMessage(),
				"Check the privileges of the login for migrations%s: it must own the schema, or be allowed to create tables in it."
					.formatted(describeLogin()),
				cause);
	}

	/**
	 * Returns which login executes the migrations, to be inserted after a noun.
	 */
	String describeLogin() {
		return this.ownLogin ? " ('%s')".formatted(key(this.usernameKey))
				: " (that of the application, unless '%s' is set)".formatted(key(this.usernameKey));
	}

	/**
	 * Returns whether a failure has other reasons than the statement.
	 */
	boolean isOfConnection(SQLException driver) {
		return this.definition.engine().classify(driver) != FailureReason.OTHER;
	}

	/**
	 * Returns the full key of an option.
	 */
	String key(String option) {
		return this.definition.key(this.group + "." + option);
	}

	/**
	 * Returns whether a failed migration is rolled back. Of the supported engines, only
	 * PostgreSQL has transactions for statements that change the schema.
	 */
	boolean isTransactional() {
		return this.definition.engine().getId().equals("postgresql");
	}

	DatabaseStartException create(String message, String action, @Nullable Throwable cause) {
		String name = this.definition.name();
		return new DatabaseStartException(name,
				"Database '%s' (%s) could not be migrated: %s".formatted(name,
						this.definition.engine().getDisplayName(), message),
				action, TroubleshootingSection.MIGRATION, cause);
	}

	/**
	 * Returns a text of several lines as one.
	 */
	static String oneLine(@Nullable String message) {
		return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
	}

}
