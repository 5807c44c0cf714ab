package io.appdbs.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.engine.url.DatabaseUrl;
import io.appdbs.engine.url.UrlParameters;
import org.jspecify.annotations.Nullable;

/**
 * Where a driver connects to: the result of {@link Engine#resolve(String)}.
 *
 * @param url the URL that the driver is given; contains no user information and no
 * secret, as far as the engine understands the URL; {@link #displayUrl()} can be shown
 * @param hosts the hosts as {@code host:port}, in order; empty for a database without
 * hosts, such as a file or memory
 * @param database the name of the database on the server or {@code null} if the URL names
 * none
 * @param username the user that the URL named or {@code null}
 * @param password the password that the URL held or {@code null}
 * @param properties further connection properties for the driver, secrets included
 */
public record DatabaseConnectionDetails(String url, List<String> hosts, @Nullable String database,
		@Nullable String username, @Nullable String password, Map<String, String> properties) {

	private static final Pattern SERVER = Pattern
		.compile("(?i)(?:jdbc:)?[a-z][a-z0-9+.-]*:(?:[a-z0-9]+:)?(?://[^/]*/?)?");

	public DatabaseConnectionDetails {
		hosts = List.copyOf(hosts);
		properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
	}

	/**
	 * Returns the same connection details with other credentials.
	 * @param username the login username or {@code null}
	 * @param password the login password or {@code null}
	 * @return a copy
	 */
	public DatabaseConnectionDetails withCredentials(@Nullable String username, @Nullable String password) {
		return new DatabaseConnectionDetails(this.url, this.hosts, this.database, username, password, this.properties);
	}

	/**
	 * Returns the same connection details with further properties.
	 * @param properties the properties, which replace those of the same name
	 * @return a copy
	 */
	public DatabaseConnectionDetails withProperties(Map<String, String> properties) {
		Map<String, String> all = new LinkedHashMap<>(this.properties);
		all.putAll(properties);
		return new DatabaseConnectionDetails(this.url, this.hosts, this.database, this.username, this.password, all);
	}

	/**
	 * Returns the URL for logs. A part that the engine does not understand can be a
	 * login, so that such a URL is not shown.
	 * @return the URL or, in place of one that is not shown, its scheme
	 */
	public String displayUrl() {
		return isUnderstood() ? this.url : hiddenUrl();
	}

	/**
	 * Returns the location of the database, for messages.
	 * @return the hosts and the database or, of a database without hosts, the URL without
	 * parameters as far as it can be shown
	 */
	public String address() {
		if (this.hosts.isEmpty()) {
			return isUnderstood() ? head() : hiddenUrl();
		}
		String joined = String.join(",", this.hosts);
		return (this.database != null) ? joined + "/" + this.database : joined;
	}

	/**
	 * Returns the parameters of the URL and the properties. The values can be secrets.
	 * @return the values as they are written, by name
	 */
	public Map<String, String> parameters() {
		Map<String, String> parameters = new LinkedHashMap<>(UrlParameters.all(this.url));
		parameters.putAll(this.properties);
		return parameters;
	}

	/**
	 * Returns the URL without its parameters.
	 */
	String head() {
		return this.url.split("[?;]", 2)[0];
	}

	private String hiddenUrl() {
		return DatabaseUrl.schemeOf(this.url) + ":***";
	}

	private boolean isUnderstood() {
		String head = head();
		int authority = head.indexOf("://");
		if (this.database == null) {
			return SERVER.matcher(head).matches() && this.hosts.isEmpty() == (authority < 0);
		}
		return authority < 0 || SERVER.matcher(head.substring(0, authority + 1)).matches();
	}

	/**
	 * Returns the URL as far as it can be shown, without user, password and properties.
	 */
	@Override
	public String toString() {
		return "DatabaseConnectionDetails[url=" + displayUrl() + "]";
	}

}
