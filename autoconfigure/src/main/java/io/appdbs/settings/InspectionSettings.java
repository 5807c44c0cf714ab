package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Inspection of a database.
 *
 * @param interval Interval at which the database is inspected, at least 1s. By default,
 * it is inspected on request.
 * @param timeout Time after which the server cancels a statement of an inspection, at
 * most 5s.
 * @param limit Maximum number of rows in a list, at most 1000.
 * @param username Login username for inspections. By default, that of the application.
 * @param password Login password for inspections.
 * @param findings What counts as a finding.
 */
public record InspectionSettings(@Nullable Duration interval, @DefaultValue("2s") Duration timeout,
		@DefaultValue("50") int limit, @Nullable String username, @Nullable String password,
		@DefaultValue @NestedConfigurationProperty FindingsSettings findings) {

	public InspectionSettings {
		// an empty default, as in ${ORDERS_MONITOR:}, counts as not set
		username = (username != null && !username.isEmpty()) ? username : null;
		password = (password != null && !password.isEmpty()) ? password : null;
	}

	/**
	 * Returns the settings that are not secret.
	 */
	@Override
	public String toString() {
		return "InspectionSettings[interval=" + this.interval + ", timeout=" + this.timeout + ", limit=" + this.limit
				+ ", findings=" + this.findings + "]";
	}

}
