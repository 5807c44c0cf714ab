package io.appdbs.migration;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.Causes;
import io.appdbs.engine.FailureReason;
import io.appdbs.engine.url.ShownLocation;
import io.appdbs.migration.ScriptLocations.Script;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.init.ScriptException;
import org.springframework.jdbc.datasource.init.UncategorizedScriptException;

/**
 * Failure of an SQL script.
 *
 * @param definition the database
 * @param script the path of the script
 * @param statement the number of the statement, or 0 if the script cannot be read
 * @param driver the exception of the driver or {@code null}
 * @param cause the exception of Spring
 */
record ScriptFailure(DatabaseDefinition definition, String script, int statement, @Nullable SQLException driver,
		ScriptException cause) {

	private static final Pattern STATEMENT = Pattern.compile("statement #(\\d+) of ");

	static ScriptFailure of(DatabaseDefinition definition, Script script, ScriptException cause) {
		Matcher statement = STATEMENT.matcher(String.valueOf(cause.getMessage()));
		SQLException driver = Causes.find(SQLException.class, cause);
		ScriptException shown = (ShownLocation.cause(script.url(), cause) != null) ? cause : withoutUrl(driver);
		return new ScriptFailure(definition, script.path(), statement.find() ? Integer.parseInt(statement.group(1)) : 0,
				driver, shown);
	}

	/**
	 * The message of Spring's exception contains the URL of the script.
	 */
	private static ScriptException withoutUrl(@Nullable SQLException driver) {
		String message = "The reason is omitted, because it can contain secrets.";
		return (driver != null) ? new UncategorizedScriptException(message, driver)
				: new UncategorizedScriptException(message);
	}

	/**
	 * Returns the exception to throw if the connection could not be opened.
	 * @return the exception of the driver
	 * @throws DatabaseStartException if the separate login was refused
	 */
	static SQLException ofLogin(DatabaseDefinition definition, SQLException driver) {
		if (definition.engine().classify(driver) == FailureReason.AUTHENTICATION
				&& definition.settings().sqlInit().username() != null) {
			throw create(definition,
					"the server refused the login for SQL scripts: username or password is wrong. The driver says: "
							+ driver.getMessage(),
					"Correct '%s' and '%s'.".formatted(definition.key("sql-init.username"),
							definition.key("sql-init.password")),
					driver);
		}
		return driver;
	}

	/**
	 * Returns the failure to report after another attempt. An earlier statement than the
	 * one that has failed first fails because it has been executed before.
	 */
	ScriptFailure keepFirst(ScriptFailure later) {
		return (later.script().equals(this.script) && later.statement() < this.statement) ? this : later;
	}

	/**
	 * Returns the exception to throw.
	 * @return an exception that says what to correct
	 * @throws SQLException if the connection has failed
	 */
	DatabaseStartException toException() throws SQLException {
		if (this.driver == null) {
			return create(this.definition,
					"the script '%s' cannot be read. %s".formatted(this.script,
							MigrationFailures.oneLine(this.cause.getMessage())),
					"Correct '%s' and start again.".formatted(this.script), this.cause);
		}
		if (this.definition.engine().classify(this.driver) != FailureReason.OTHER) {
			throw this.driver;
		}
		String left = (this.statement > 1)
				? " The statements before it have been executed and will be executed again: undo them, or write them so that they can be repeated."
				: "";
		return create(this.definition,
				"statement %d of the script '%s' failed. The driver says: %s".formatted(this.statement, this.script,
						this.driver.getMessage()),
				"Correct '%s' and start again.%s".formatted(this.script, left), this.cause);
	}

	private static DatabaseStartException create(DatabaseDefinition definition, String message, String action,
			Throwable cause) {
		return new DatabaseStartException(definition.name(),
				"Database '%s' (%s) could not be initialized: %s".formatted(definition.name(),
						definition.engine().getDisplayName(), message),
				action, TroubleshootingSection.MIGRATION, cause);
	}

}
