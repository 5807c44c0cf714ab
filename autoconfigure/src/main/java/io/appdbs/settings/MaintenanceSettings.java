package io.appdbs.settings;

import java.time.Duration;
import java.util.List;

import io.appdbs.maintenance.MaintenanceOperation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Maintenance of a database.
 *
 * @param operations Operations that are allowed. None by default. The engine determines
 * which ones exist.
 * @param tables Tables or collections that may be maintained, with '*' for any
 * characters. By default, all that the login finds without a schema. 'truncate' needs
 * names without '*'.
 * @param username Login username for maintenance. By default, that of the migrations,
 * otherwise of the application.
 * @param password Login password for maintenance.
 * @param lockTimeout Maximum time that an operation waits for a lock. Relational
 * databases only.
 * @param timeout Time after which an operation is cancelled.
 */
public record MaintenanceSettings(@DefaultValue List<MaintenanceOperation> operations,
		@DefaultValue List<String> tables, @Nullable String username, @Nullable String password,
		@DefaultValue("1s") Duration lockTimeout, @DefaultValue("30m") Duration timeout) {

	public MaintenanceSettings {
		// an empty default, as in ${ORDERS_OWNER:}, counts as not set
		username = (username != null && !username.isEmpty()) ? username : null;
		password = (password != null && !password.isEmpty()) ? password : null;
		operations = List.copyOf(operations);
		tables = List.copyOf(tables);
	}

	/**
	 * Returns the same settings without anything that is allowed, for a replica.
	 * @return a copy
	 */
	MaintenanceSettings withoutOperations() {
		return new MaintenanceSettings(List.of(), this.tables, this.username, this.password, this.lockTimeout,
				this.timeout);
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "MaintenanceSettings[operations=" + this.operations + ", tables=" + this.tables + ", lockTimeout="
				+ this.lockTimeout + ", timeout=" + this.timeout + "]";
	}

}
