package io.appdbs.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.appdbs.engine.url.Credentials;
import io.appdbs.engine.url.DatabaseUrl;
import io.appdbs.engine.url.InvalidUrlException;
import org.jspecify.annotations.Nullable;

/**
 * The URL syntax of an engine: {@code jdbc:} URLs and provider-style URLs.
 *
 * @param engine the engine, which says in what its URLs differ from those of others
 */
record JdbcUrlSyntax(JdbcEngine engine) {

	/**
	 * Returns the connection details of a URL of either form.
	 */
	DatabaseConnectionDetails resolve(String url) {
		return url.regionMatches(true, 0, "jdbc:", 0, 5) ? new JdbcUrl(url, this).resolve()
				: translate(DatabaseUrl.parse(url, this.engine.getDefaultPort()));
	}

	private DatabaseConnectionDetails translate(DatabaseUrl url) {
		String database = url.database();
		if (database == null) {
			throw new InvalidUrlException("names no database",
					"Add the name of the database after the host, for example " + url.scheme() + "://"
							+ String.join(",", url.hosts()) + "/orders.");
		}
		Map<String, String> parameters = new LinkedHashMap<>();
		url.parameters()
			.forEach((name, value) -> this.engine.translateParameter(name, value)
				.forEach((translated, to) -> DatabaseUrl.putOnce(parameters, translated, to)));
		Credentials credentials = new Credentials();
		credentials.add(url.username(), url.password());
		Map<String, String> properties = new LinkedHashMap<>();
		String query = takeParameters(parameters, credentials, properties);
		String jdbcUrl = this.engine.getJdbcPrefix() + "//" + String.join(",", url.hosts()) + "/"
				+ this.engine.encode(database) + query;
		return new DatabaseConnectionDetails(jdbcUrl, url.hosts(), database, credentials.getUsername(),
				credentials.getPassword(), properties);
	}

	private String takeParameters(Map<String, String> parameters, Credentials credentials,
			Map<String, String> properties) {
		StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
		parameters.forEach((name, value) -> {
			String property = propertyName(name);
			if (property != null) {
				properties.put(property, value);
			}
			else if (!credentials.addParameter(name, value)) {
				query.add(this.engine.encode(name) + "=" + this.engine.encode(value));
			}
		});
		return query.toString();
	}

	/**
	 * Returns the name of the property that a parameter of a URL becomes.
	 * @param parameter the driver's name of the parameter
	 * @return the name, or {@code null} if the parameter stays in the URL or is a
	 * credential
	 */
	@Nullable String propertyName(String parameter) {
		if (Credentials.isCredential(parameter)) {
			return null;
		}
		String property = this.engine.toProperty(parameter);
		return (property == null && DatabaseUrl.isSecret(parameter)) ? parameter : property;
	}

	/**
	 * Returns a URL that has the properties of the driver as parameters. Parameters in
	 * the URL override properties. Credentials and other secrets are left out.
	 */
	String addProperties(String url, Properties properties) {
		String result = url;
		for (String name : new TreeSet<>(properties.stringPropertyNames())) {
			boolean secret = Credentials.isCredential(name) || DatabaseUrl.isSecret(name);
			if (!secret && !url.matches("(?is).*[?&;]" + Pattern.quote(name) + "=.*")) {
				result = this.engine.addParameter(result, name, properties.getProperty(name));
			}
		}
		return result;
	}

	/**
	 * Returns connection details with another database, or with none for {@code null}.
	 */
	DatabaseConnectionDetails withDatabase(DatabaseConnectionDetails details, @Nullable String database) {
		String url = new JdbcUrl(details.url(), this)
			.withDatabase((database != null) ? this.engine.encode(database) : "");
		return new DatabaseConnectionDetails(url, details.hosts(), database, details.username(), details.password(),
				details.properties());
	}

}
