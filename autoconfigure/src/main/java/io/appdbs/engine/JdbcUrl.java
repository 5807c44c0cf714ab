package io.appdbs.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.url.Credentials;
import io.appdbs.engine.url.DatabaseUrl;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.UrlParts;
import org.jspecify.annotations.Nullable;

/**
 * A {@code jdbc:} URL, which is parsed only as far as parts must be removed from it.
 * Parameters are {@code ?name=value&name=value} or {@code ;name=value;name=value}.
 */
final class JdbcUrl {

	private static final Pattern ADDRESS = Pattern.compile("(?i)\\s*(?:address\\s*=\\s*)?\\(");

	private static final Pattern ADDRESS_HOST = Pattern.compile("(?i)[(,]\\s*host\\s*=\\s*([^),\\s]+)");

	private static final Pattern ADDRESS_PORT = Pattern.compile("(?i)[(,]\\s*port\\s*=\\s*(\\d+)");

	private static final Pattern ADDRESS_CREDENTIAL = Pattern.compile("(?i)[(,]\\s*(user|password\\d?)\\s*=");

	private static final Pattern HOST = Pattern.compile("(?:\\[+[^]@]*]?|[\\p{L}\\p{N}._\\-\\\\ ]*)(?::\\d*)?]?");

	private static final Pattern PLAIN_PATH = Pattern.compile("[^=@:;({\\s]*");

	private static final String OUTSIDE_PARENTHESES = ",(?![^(]*\\))";

	private final String url;

	private final JdbcUrlSyntax syntax;

	private final JdbcEngine engine;

	private final Credentials credentials = new Credentials();

	private final Map<String, String> properties = new LinkedHashMap<>();

	private final int headEnd;

	private final int authorityStart;

	private final int authorityEnd;

	JdbcUrl(String url, JdbcUrlSyntax syntax) {
		this.url = url;
		this.syntax = syntax;
		this.engine = syntax.engine();
		Matcher parameters = Pattern.compile("[?;]").matcher(url);
		this.headEnd = parameters.find() ? parameters.start() : url.length();
		int authority = url.indexOf("://");
		this.authorityStart = (authority >= 0 && authority < this.headEnd) ? authority + 3 : -1;
		this.authorityEnd = (this.authorityStart >= 0)
				? Math.min(UrlParts.authorityEnd(url, this.authorityStart), this.headEnd) : -1;
	}

	DatabaseConnectionDetails resolve() {
		List<String> segments = takeUserInfo();
		String parameters = takeParameters();
		String result = (this.authorityStart >= 0) ? this.url.substring(0, this.authorityStart)
				+ String.join(",", segments) + this.url.substring(this.authorityEnd, this.headEnd)
				: this.url.substring(0, this.headEnd);
		List<String> hosts = hosts(segments);
		boolean understood = this.authorityStart < 0 || !hosts.isEmpty();
		return new DatabaseConnectionDetails(result + parameters, hosts, understood ? database() : null,
				this.credentials.getUsername(), this.credentials.getPassword(), this.properties);
	}

	/**
	 * Returns the URL with another database.
	 * @param database the encoded name, empty for none
	 * @return the URL with the same hosts and parameters
	 */
	String withDatabase(String database) {
		String server = (this.authorityStart >= 0) ? this.url.substring(0, this.authorityEnd) + "/"
				: this.url.substring(0, this.url.indexOf(':', "jdbc:".length()) + 1);
		return server + database + this.url.substring(this.headEnd);
	}

	private List<String> takeUserInfo() {
		if (this.authorityStart < 0) {
			checkNoUserInfo();
			return List.of();
		}
		String authority = this.url.substring(this.authorityStart, this.authorityEnd);
		if (ADDRESS_CREDENTIAL.matcher(authority).find()) {
			throw new InvalidUrlException("has a user or a password within the address of a host",
					"Set 'username' and 'password' as separate keys instead.");
		}
		List<String> segments = new ArrayList<>();
		for (String segment : authority.split(OUTSIDE_PARENTHESES, -1)) {
			int at = segment.indexOf('@');
			if (at >= 0) {
				String userInfo = segment.substring(0, at);
				this.credentials.add(DatabaseUrl.decodeUsername(userInfo), DatabaseUrl.decodePassword(userInfo));
			}
			segments.add(segment.substring(at + 1));
		}
		checkUnambiguous(authority, segments);
		return segments;
	}

	/**
	 * Without hosts there is no user information, unless a slash is missing.
	 */
	private void checkNoUserInfo() {
		int at = this.url.indexOf('@');
		if (this.engine.getDefaultPort() > 0 && at >= 0 && at < this.headEnd) {
			throw new InvalidUrlException("has an '@', but no '//' in front of user and hosts",
					"Write it as " + this.engine.getJdbcPrefix()
							+ "//host/database, or '%40' for an '@' in the name of the database.");
		}
		if (this.engine.getDefaultPort() > 0 && this.url.startsWith("/", databaseStart())) {
			throw new InvalidUrlException("has no '//' in front of the host", "Write it as %s//host:%d/database."
				.formatted(this.engine.getJdbcPrefix(), this.engine.getDefaultPort()));
		}
	}

	private void checkUnambiguous(String authority, List<String> segments) {
		boolean left = String.join(",", segments).indexOf('@') >= 0
				|| this.url.substring(this.authorityEnd, this.headEnd).indexOf('@') >= 0;
		boolean borderWithinPassword = authority.indexOf('@') < 0 && this.authorityEnd == this.headEnd
				&& this.url.indexOf('@', this.headEnd) >= 0 && (authority.matches("[^\\[(:]*:(?!\\d*(,|$)).*")
						|| !this.url.substring(this.headEnd).matches("(?s).[\\w.\\-]+=.*"));
		if (left || borderWithinPassword) {
			throw new InvalidUrlException(
					"has an '@' other than the one that separates user and password from the hosts",
					UrlParts.ENCODING_ACTION);
		}
	}

	private String takeParameters() {
		if (this.headEnd == this.url.length()) {
			return "";
		}
		char separator = (this.url.charAt(this.headEnd) == '?') ? '&' : ';';
		List<String> kept = new ArrayList<>();
		Map<String, String> values = new LinkedHashMap<>();
		boolean taken = false;
		String border = this.engine.isBackslashEscape() ? "(?<!\\\\)" + separator : String.valueOf(separator);
		for (String parameter : this.url.substring(this.headEnd + 1).split(border, -1)) {
			int equals = parameter.indexOf('=');
			if (equals > 0 && !Credentials.isCredential(parameter.substring(0, equals).trim())) {
				DatabaseUrl.putOnce(values, parameter.substring(0, equals).trim(), parameter.substring(equals + 1));
			}
			if (take(parameter, separator)) {
				taken = true;
			}
			else {
				kept.add(parameter);
			}
		}
		if (!taken) {
			return this.url.substring(this.headEnd);
		}
		return (!kept.isEmpty()) ? this.url.charAt(this.headEnd) + String.join(String.valueOf(separator), kept) : "";
	}

	private boolean take(String parameter, char separator) {
		int equals = parameter.indexOf('=');
		String name = (equals >= 0) ? parameter.substring(0, equals).trim() : "";
		String property = this.syntax.propertyName(name);
		if (property == null && !Credentials.isCredential(name)) {
			return false;
		}
		String written = parameter.substring(equals + 1);
		String value = (separator == '&') ? decode(written, "the parameter '" + name + "'") : unescape(written, name);
		if (property != null) {
			this.properties.put(property, value);
		}
		else {
			this.credentials.addParameter(name, value);
		}
		return true;
	}

	/**
	 * A value in braces can contain the separator, so that a part of it would remain in
	 * the URL.
	 */
	private String unescape(String value, String name) {
		if (value.trim().startsWith("{")) {
			throw new InvalidUrlException("has the parameter '" + name + "' with a value in braces",
					Credentials.isCredential(name) ? "Set 'username' and 'password' as separate keys instead."
							: "Set it below 'hikari.data-source-properties' instead.");
		}
		return this.engine.isBackslashEscape() ? value.replaceAll("\\\\(.)", "$1") : value;
	}

	private String decode(String text, String part) {
		try {
			return this.engine.decode(text);
		}
		catch (IllegalArgumentException ex) {
			// Without the cause, whose message repeats the text.
			throw new InvalidUrlException("has " + part + " with a '%' that is not followed by two hexadecimal digits",
					UrlParts.ENCODING_ACTION);
		}
	}

	/**
	 * Returns the hosts, or none if one of them is not a host: it could be a login.
	 */
	private List<String> hosts(List<String> segments) {
		if (this.authorityStart < 0) {
			return (this.engine.getDefaultPort() > 0) ? List.of("localhost:" + this.engine.getDefaultPort())
					: List.of();
		}
		List<String> hosts = new ArrayList<>();
		for (String segment : segments) {
			if (!HOST.matcher(segment).matches() && !ADDRESS.matcher(segment).lookingAt()) {
				return List.of();
			}
			hosts.add(host(segment));
		}
		return hosts;
	}

	private String host(String segment) {
		if (ADDRESS.matcher(segment).lookingAt()) {
			Matcher host = ADDRESS_HOST.matcher(segment);
			Matcher port = ADDRESS_PORT.matcher(segment);
			return withPort(host.find() ? host.group(1) : "", port.find() ? port.group(1) : null);
		}
		int colon = segment.lastIndexOf(':');
		boolean port = colon > segment.lastIndexOf(']');
		return withPort(port ? segment.substring(0, colon) : segment, port ? segment.substring(colon + 1) : null);
	}

	private String withPort(String host, @Nullable String port) {
		String name = (!host.isEmpty()) ? host : "localhost";
		if (port != null) {
			return name + ":" + port;
		}
		return (this.engine.getDefaultPort() > 0) ? name + ":" + this.engine.getDefaultPort() : name;
	}

	private int databaseStart() {
		return (this.authorityStart >= 0) ? this.authorityEnd + 1 : this.url.indexOf(':', "jdbc:".length()) + 1;
	}

	private @Nullable String database() {
		int start = databaseStart();
		String path = (start < this.headEnd) ? this.url.substring(start, this.headEnd) : "";
		boolean plain = this.authorityStart >= 0 && PLAIN_PATH.matcher(path).matches();
		String name = plain ? path : this.engine.toDatabase(path);
		return (name != null && !name.isEmpty()) ? decode(name, "a database") : null;
	}

}
