package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Inspection of a database.
 *
 * @param interval Time between two inspections of the findings and figures for meters. If
 * not set, the database is inspected when somebody asks for it.
 * @param timeout Time after which the server cancels a statement of the inspection.
 * @param limit Maximum number of rows in a list.
 * @param username Username of a login for inspections, which needs more rights than the
 * application. The login of the application if not set.
 * @param password Password of the login for inspections.
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
