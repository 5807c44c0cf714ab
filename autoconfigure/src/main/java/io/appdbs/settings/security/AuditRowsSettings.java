package io.appdbs.settings.security;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tables whose changes the server records, by triggers that a migration installs.
 *
 * @param tables Tables that must have an audit trigger, as 'table' or 'schema.table'.
 * @param log Table that the triggers write to, as 'schema.table'.
 * @param verify What happens if changes of a table are not recorded, or the application
 * can change the log, at the start or later.
 * @param verifyInterval Time between two verifications while the application runs. Zero
 * to verify only when the database is opened.
 */
public record AuditRowsSettings(@DefaultValue List<String> tables, @DefaultValue("audit.log") String log,
		@DefaultValue("fail") VerificationMode verify, @DefaultValue("1h") Duration verifyInterval) {

	public AuditRowsSettings {
		tables = List.copyOf(tables);
	}

	/**
	 * Returns whether tables are verified.
	 * @return whether there are any and the verification is not off
	 */
	public boolean isVerified() {
		return !this.tables.isEmpty() && this.verify != VerificationMode.OFF;
	}

	/**
	 * Returns the same settings without tables.
	 * @return a copy
	 */
	AuditRowsSettings withoutTables() {
		return new AuditRowsSettings(List.of(), this.log, this.verify, this.verifyInterval);
	}

}
