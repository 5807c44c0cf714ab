package io.appdbs.settings.security;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tables whose changes the server records, by triggers that a migration installs.
 *
 * @param tables Tables whose changes triggers record, as 'table' or 'schema.table'. None
 * by default. PostgreSQL only.
 * @param log Table that the triggers write to, as 'schema.table'.
 * @param verify What happens if changes are not recorded, or the application can change
 * the log, at the start or later.
 * @param verifyInterval Interval between verifications while the application runs, or 0
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
