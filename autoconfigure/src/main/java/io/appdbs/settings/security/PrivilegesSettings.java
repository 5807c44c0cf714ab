package io.appdbs.settings.security;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Privileges that the application's login should have.
 *
 * @param verify What happens if the login has more privileges than the application needs,
 * or lacks some. Not for CockroachDB, YugabyteDB, TiDB and Vitess.
 * @param allow Findings that are intended, such as 'may-truncate'. None by default. Not
 * for CockroachDB, YugabyteDB, TiDB and Vitess.
 * @param needed Privileges that the application needs, by table, such as 'orders' with
 * 'SELECT' and 'INSERT'. Missing and further ones are reported.
 */
public record PrivilegesSettings(@DefaultValue("warn") VerificationMode verify, @DefaultValue List<String> allow,
		@DefaultValue Map<String, List<String>> needed) {

	public PrivilegesSettings {
		allow = List.copyOf(allow);
		needed = needed.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> List.copyOf(entry.getValue())));
	}

	/**
	 * Returns the settings of a login that is not verified.
	 * @return the settings
	 */
	public static PrivilegesSettings off() {
		return new PrivilegesSettings(VerificationMode.OFF, List.of(), Map.of());
	}

	/**
	 * Returns the same settings for a login that only reads.
	 * @return a copy without needed privileges
	 */
	public PrivilegesSettings withoutNeeded() {
		return new PrivilegesSettings(this.verify, this.allow, Map.of());
	}

}
