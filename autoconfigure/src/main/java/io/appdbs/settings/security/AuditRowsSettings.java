package io.appdbs.settings.security;

import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tables whose changes the server records, by triggers that a migration installs.
 *
 * @param tables Tables that must have an audit trigger, as 'table' or 'schema.table'.
 * @param log Table that the triggers write to, as 'schema.table'.
 * @param verify What happens if a table has no effective trigger.
 */
public record AuditRowsSettings(@DefaultValue List<String> tables, @DefaultValue("audit.log") String log,
		@DefaultValue("fail") VerificationMode verify) {

	public AuditRowsSettings {
		tables = List.copyOf(tables);
	}

}
