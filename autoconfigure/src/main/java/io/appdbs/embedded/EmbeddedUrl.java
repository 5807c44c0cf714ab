package io.appdbs.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

import io.appdbs.engine.InvalidUrlException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A URL of the form {@code embedded:<engine>[?data-dir=<path>]}. Equal URLs share a
 * server.
 *
 * @param engine the engine in lower case
 * @param dataDir the absolute path of the directory that keeps the data or {@code null}
 * if the data is temporary
 */
record EmbeddedUrl(String engine, @Nullable Path dataDir) {

	static final String SCHEME = "embedded:";

	static final String DATA_DIR = "data-dir";

	// What is no plain word may be anything, a password included, and is not repeated.
	private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");

	static boolean matches(String url) {
		return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
	}

	static EmbeddedUrl parse(String url) {
		String specific = url.substring(SCHEME.length());
		int query = specific.indexOf('?');
		String engine = (query < 0) ? specific : specific.substring(0, query);
		if (!WORD.matcher(engine).matches()) {
			throw new InvalidUrlException("is not of the form embedded:<engine>",
					"Write for example embedded:postgresql, without host, user or database.");
		}
		Path dataDir = (query < 0) ? null : parseQuery(specific.substring(query + 1));
		return new EmbeddedUrl(engine.toLowerCase(Locale.ROOT), dataDir);
	}

	private static @Nullable Path parseQuery(String query) {
		Path dataDir = null;
		for (String parameter : query.split("&", -1)) {
			int equals = parameter.indexOf('=');
			String name = (equals < 0) ? parameter : parameter.substring(0, equals);
			if (!name.equals(DATA_DIR)) {
				throw new InvalidUrlException(
						"has an unknown parameter" + (WORD.matcher(name).matches() ? ": '" + name + "'" : ""),
						"The only parameter of an embedded: URL is data-dir, the directory that keeps the data.");
			}
			if (dataDir != null) {
				throw new InvalidUrlException("has the parameter data-dir twice", "Name one directory.");
			}
			dataDir = parsePath((equals < 0) ? "" : parameter.substring(equals + 1));
		}
		return dataDir;
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
