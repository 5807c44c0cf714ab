package io.appdbs.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the endpoint {@code databases}.
 *
 * @param showValues When to show hosts, the names of databases on their servers, and the
 * causes of failures.
 * @param roles Roles of users who are authorized to see values. If empty, all
 * authenticated users are authorized.
 * @param page Status page for browsers.
 */
@ConfigurationProperties("management.endpoint.databases")
record DatabasesEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles,
		@DefaultValue Page page) {

	/**
	 * Configuration properties of the status page.
	 *
	 * @param enabled Whether to answer browsers with a page instead of JSON.
	 */
	record Page(@DefaultValue("true") boolean enabled) {

	}

}
