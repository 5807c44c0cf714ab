package io.appdbs.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.engine.url.InvalidUrlException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A URL of the form {@code embedded:<engine>[?data-dir=<path>|?template=migrated]}, or a
 * replica of its server.
 *
 * @param engine the engine in lower case
 * @param dataDir the absolute path of the directory that keeps the data or {@code null}
 * if the data is temporary
 * @param template whether databases are copies of a template
 * @param replica the number of the replica, from 1 on, or 0 for the server itself
 */
record EmbeddedUrl(String engine, @Nullable Path dataDir, boolean template, int replica) {

	static final String SCHEME = "embedded:";

	static final String DATA_DIR = "data-dir";

	static final String TEMPLATE = "template";

	private static final String MIGRATED = "migrated";

	// anything else may contain a password and is not repeated in messages
	private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");

	static boolean matches(String url) {
		return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
	}

	/**
	 * Returns the engine as written in the URL.
	 */
	static String engine(String url) {
		int query = url.indexOf('?');
		return url.substring(SCHEME.length(), (query < 0) ? url.length() : query);
	}

	static EmbeddedUrl parse(String url) {
		String engine = engine(url);
		if (!WORD.matcher(engine).matches()) {
			throw new InvalidUrlException("is not of the form embedded:<engine>",
					"Write for example embedded:postgresql, without host, user or database.");
		}
		int query = url.indexOf('?');
		Map<String, String> parameters = (query < 0) ? Map.of() : parseQuery(url.substring(query + 1));
		if (parameters.size() > 1) {
			throw new InvalidUrlException("has both data-dir and template, but a template is only for temporary data",
					"Remove one of them.");
		}
		String dataDir = parameters.get(DATA_DIR);
		return new EmbeddedUrl(engine.toLowerCase(Locale.ROOT), (dataDir != null) ? parsePath(dataDir) : null,
				parseTemplate(parameters.get(TEMPLATE)), 0);
	}

	private static Map<String, String> parseQuery(String query) {
		Map<String, String> parameters = new HashMap<>();
		for (String parameter : query.split("&", -1)) {
			int equals = parameter.indexOf('=');
			String name = (equals < 0) ? parameter : parameter.substring(0, equals);
			if (!name.equals(DATA_DIR) && !name.equals(TEMPLATE)) {
				throw new InvalidUrlException(
						"has an unknown parameter" + (WORD.matcher(name).matches() ? ": '" + name + "'" : ""),
						"The parameters of an embedded: URL are data-dir, the directory that keeps the data, and template.");
			}
			if (parameters.put(name, (equals < 0) ? "" : parameter.substring(equals + 1)) != null) {
				throw new InvalidUrlException("has the parameter " + name + " twice",
						name.equals(DATA_DIR) ? "Name one directory." : "Remove one of them.");
			}
		}
		return parameters;
	}

	private static boolean parseTemplate(@Nullable String value) {
		if (value != null && !value.equals(MIGRATED)) {
			throw new InvalidUrlException("has an unknown template",
					"The only template is the migrated database: ?template=migrated.");
		}
		return value != null;
	}

	/**
	 * Returns the URL without the parameters of single databases. Databases with equal
	 * ones share a server.
	 */
	EmbeddedUrl server() {
		return new EmbeddedUrl(this.engine, this.dataDir, false, 0);
	}

	/**
	 * Returns a replica of the server.
	 */
	EmbeddedUrl replica(int number) {
		return new EmbeddedUrl(this.engine, this.dataDir, false, number);
	}

	private static Path parsePath(String value) {
		if (!StringUtils.hasText(value)) {
			throw new InvalidUrlException("has the parameter data-dir without a value",
					"Name a directory, for example ?data-dir=data, or remove the parameter for temporary data.");
		}
		try {
			return Path.of(StringUtils.uriDecode(value, StandardCharsets.UTF_8)).toAbsolutePath().normalize();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidUrlException("has a data-dir that is not a path: '" + value + "'",
					"Name a directory, for example ?data-dir=data; a literal % is written %25.");
		}
	}

}
