package io.appdbs.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where a driver connects to: the outcome of {@link Engine#resolve(String)}.
 *
 * @param url the URL that the driver is given; holds no user information and no secret
 * @param hosts the hosts as {@code host:port}, in order; empty for a database without
 * hosts, such as a file or memory
 * @param database the name of the database on the server or {@code null} if the URL names
 * none
 * @param username the user that the URL named or {@code null}
 * @param password the password that the URL held or {@code null}
 * @param properties further connection properties for the driver, secrets included
 */
public record ConnectionTarget(String url, List<String> hosts, @Nullable String database, @Nullable String username,
		@Nullable String password, Map<String, String> properties) {

	public ConnectionTarget {
		hosts = List.copyOf(hosts);
		properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
	}

	/**
	 * Return the same target with other credentials.
	 * @param username the login username or {@code null}
	 * @param password the login password or {@code null}
	 * @return a copy
	 */
	public ConnectionTarget withCredentials(@Nullable String username, @Nullable String password) {
		return new ConnectionTarget(this.url, this.hosts, this.database, username, password, this.properties);
	}

	/**
	 * Return where the database is, for messages.
	 * @return the hosts and the database or, of a database without hosts, the URL
	 */
	public String address() {
		if (this.hosts.isEmpty()) {
			return this.url;
		}
		String joined = String.join(",", this.hosts);
		return (this.database != null) ? joined + "/" + this.database : joined;
	}

	/**
	 * Return the hosts and the database, without user, password and properties.
	 */
	@Override
	public String toString() {
		return "ConnectionTarget[url=" + this.url + "]";
	}

}
