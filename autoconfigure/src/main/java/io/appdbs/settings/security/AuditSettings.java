package io.appdbs.settings.security;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Audit of what the application does.
 *
 * @param statements Units of work that are recorded: none, 'off', those that write,
 * 'writes', or 'all'.
 * @param onFailure What happens to a unit of work that cannot be recorded: 'log' the
 * failure, or 'fail', for relational databases only.
 * @param rows Tables whose changes the server records.
 */
public record AuditSettings(@DefaultValue("off") Statements statements, @DefaultValue("log") OnFailure onFailure,
		@DefaultValue @NestedConfigurationProperty AuditRowsSettings rows) {

	/**
	 * Returns the settings of a replica, whose rows the database itself records.
	 * @return a copy
	 */
	public AuditSettings withoutRows() {
		return new AuditSettings(this.statements, this.onFailure, this.rows.withoutTables());
	}

	/**
	 * Units of work that are recorded.
	 */
	public enum Statements {

		/**
		 * None.
		 */
		OFF,

		/**
		 * Those that write.
		 */
		WRITES,

		/**
		 * All.
		 */
		ALL

	}

	/**
	 * What happens to a unit of work that cannot be recorded.
	 */
	public enum OnFailure {

		/**
		 * The failure is logged and counted.
		 */
		LOG,

		/**
		 * The unit of work fails.
		 */
		FAIL

	}

}
