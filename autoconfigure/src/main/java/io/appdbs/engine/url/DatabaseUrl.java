package io.appdbs.engine.url;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A provider-style URL:
 * {@code scheme://[user[:password]@]host[:port][,host[:port]...][/database][?name=value&...]}.
 *
 * @param scheme the scheme in lower case
 * @param username the user or {@code null}
 * @param password the password, possibly empty, or {@code null}
 * @param hosts the hosts as {@code host:port}, at least one
 * @param database the database or {@code null}
 * @param parameters the parameters of the query in their order, decoded
 */
public record DatabaseUrl(String scheme, @Nullable String username, @Nullable String password, List<String> hosts,
		@Nullable String database, Map<String, String> parameters) {

	/**
	 * The properties of a MongoDB authentication mechanism can contain the session token
	 * of AWS.
	 */
	private static final Pattern SECRET_NAME = Pattern
		.compile("(?i).*(password|passwd|pwd|passphrase|secret|token|credential|apikey|accesskey|privatekey"
				+ "|authmechanismproperties).*");

	public DatabaseUrl {
		hosts = List.copyOf(hosts);
		parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
	}

	/**
	 * Parses a URL.
	 * @param url the URL
	 * @param defaultPort the port of hosts without one; 0 to leave such hosts without
	 * port
	 * @return the parsed URL, whose only host is {@code localhost} if it names none
	 * @throws InvalidUrlException if the URL is invalid
	 */
	public static DatabaseUrl parse(String url, int defaultPort) {
		UrlParts parts = UrlParts.split(url);
		return new DatabaseUrl(parts.scheme(), decodeUsername(parts.userInfo()), decodePassword(parts.userInfo()),
				UrlHosts.parse(parts.hosts(), defaultPort), decodeDatabase(parts.path()),
				decodeParameters(parts.query()));
	}

	/**
	 * Returns the scheme of a URL, which for {@code jdbc:} URLs includes what follows,
	 * for example {@code jdbc:postgresql}.
	 * @param url the URL
	 * @return the scheme in lower case or {@code null} if the URL has none
	 */
	public static @Nullable String schemeOf(String url) {
		int colon = url.indexOf(':');
		if (colon > 0 && "jdbc".equalsIgnoreCase(url.substring(0, colon))) {
			colon = url.indexOf(':', colon + 1);
		}
		return (colon > 0) ? url.substring(0, colon).toLowerCase(Locale.ROOT) : null;
	}

	/**
	 * Returns whether a parameter's value is a secret, judged by the parameter's name.
	 * @param parameter the name of the parameter
	 * @return whether the value must not be shown
	 */
	public static boolean isSecret(String parameter) {
		return SECRET_NAME.matcher(parameter).matches();
	}

	/**
	 * Returns the parameter with a secret value that precedes another parameter, which
	 * can then be a part of that secret.
	 * @param url the URL as it is written
	 * @param parameter the name of the other parameter
	 * @return the name of the preceding parameter, or {@code null} if its value is not a
	 * secret
	 */
	public static @Nullable String secretInFrontOf(String url, String parameter) {
		Matcher matcher = Pattern
			.compile("(?:^|[?&;])([^=&;?]+)=[^&;]*[&;]\\s*" + Pattern.quote(parameter) + "(?=[=&;\\s]|$)")
			.matcher(url);
		while (matcher.find()) {
			String name = matcher.group(1).trim();
			if (Credentials.isCredential(name) || isSecret(name)) {
				return name;
			}
		}
		return null;
	}

	public static @Nullable String decodeUsername(@Nullable String userInfo) {
		if (userInfo == null) {
			return null;
		}
		int colon = userInfo.indexOf(':');
		String username = (colon >= 0) ? userInfo.substring(0, colon) : userInfo;
		return (!username.isEmpty()) ? PercentEncoding.decode(username, "a user") : null;
	}

	public static @Nullable String decodePassword(@Nullable String userInfo) {
		int colon = (userInfo != null) ? userInfo.indexOf(':') : -1;
		return (userInfo != null && colon >= 0) ? PercentEncoding.decode(userInfo.substring(colon + 1), "a password")
				: null;
	}

	private static @Nullable String decodeDatabase(String path) {
		if (path.indexOf('/') >= 0) {
			throw new InvalidUrlException("has more than the name of a database after the hosts",
					"Write one name there, a '/' within it as %2F.");
		}
		return (!path.isEmpty()) ? PercentEncoding.decode(path, "a database") : null;
	}

	private static Map<String, String> decodeParameters(@Nullable String query) {
		Map<String, String> parameters = new LinkedHashMap<>();
		for (String parameter : splitQuery(query)) {
			int equals = parameter.indexOf('=');
			if (equals <= 0) {
				throw new InvalidUrlException("has a parameter that is not of the form name=value",
						"Write parameters as ?name=value&name=value, an '&' within a value as %26.");
			}
			String name = PercentEncoding.decode(parameter.substring(0, equals), "a parameter");
			String value = PercentEncoding.decode(parameter.substring(equals + 1), "the parameter '" + name + "'");
			putOnce(parameters, name, value);
		}
		return parameters;
	}

	public static void putOnce(Map<String, String> parameters, String name, String value) {
		String former = parameters.putIfAbsent(name, value);
		if (former != null && !former.equals(value)) {
			throw new InvalidUrlException("has the parameter '" + name + "' twice, with different values",
					"Remove one of the two.");
		}
	}

	public static List<String> splitQuery(@Nullable String query) {
		return (query != null) ? Stream.of(query.split("&")).filter(StringUtils::hasLength).toList() : List.of();
	}

	/**
	 * Returns the scheme, hosts and database, without user, password and parameters.
	 */
	@Override
	public String toString() {
		return "DatabaseUrl[" + this.scheme + "://" + String.join(",", this.hosts) + "/"
				+ ((this.database != null) ? this.database : "") + "]";
	}

}
