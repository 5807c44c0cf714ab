package io.appdbs.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DriverParameters;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.url.DatabaseUrl;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.settings.NearestName;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds parameters of URLs, and properties for the driver, that the driver does not know.
 * Most drivers ignore them, so a typo can disable TLS.
 */
class DriverParameterValidator {

	private static final Log logger = LogFactory.getLog(DriverParameterValidator.class);

	/** A parameter value that is a class name. The class can read parameters, too. */
	private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z_]\\w*\\.)+[A-Z][\\w$]*");

	/** Some parameters take several classes. */
	private static final String LIST_BORDER = "(?i)\\s*(?:,|%2C)\\s*";

	/** Maximum number of names that are listed. */
	private static final int LISTED = 60;

	private final @Nullable ClassLoader classLoader;

	/** Properties of the defaults that the driver of a database knows. */
	private final Set<String> knownDefaults = new HashSet<>();

	private final Map<String, Runnable> unknownDefaults = new HashMap<>();

	DriverParameterValidator(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Validates the parameters of a URL.
	 * @param problems where to report problems
	 * @param key the key of the URL
	 * @param url the URL as it is written
	 * @param engine the engine
	 * @param details the connection details of the URL
	 * @param properties the properties for the driver in addition to the URL
	 */
	void validateUrl(SettingProblems problems, String key, String url, Engine engine, DatabaseConnectionDetails details,
			Map<String, String> properties) {
		Map<String, String> parameters = details.parameters();
		if (parameters.isEmpty()) {
			return;
		}
		Names names = names(engine, details, properties);
		for (String name : parameters.keySet()) {
			if (isObsolete(engine, name)) {
				warn("'%s' has the parameter '%s'".formatted(problems.key(key), name), engine);
			}
			else if (names.areWrong(name)) {
				// otherwise, the name can be a part of the secret
				String secret = names.isTypo(name) ? null : DatabaseUrl.secretInFrontOf(url, name);
				String parameter = (secret != null) ? "a parameter after '" + secret + "'"
						: "the parameter '" + name + "'";
				problems.addOwn(key, "'%s' has %s, which the %s driver does not know.".formatted(problems
					.key(key), parameter, engine.getDisplayName()), (secret != null)
							? "If it is a piece of that value, percent-encode the value. Otherwise remove the parameter."
							: names.suggest(name));
			}
		}
	}

	/**
	 * Validates the URL for migrations, which must be for the same engine.
	 * @param problems where to report problems
	 * @param key the key of the URL
	 * @param url the URL as it is written
	 * @param engine the engine of the database
	 * @param properties the properties for the driver in addition to the URL
	 */
	void validateMigrationUrl(SettingProblems problems, String key, String url, Engine engine,
			Map<String, String> properties) {
		int colon = url.indexOf(':', url.startsWith("jdbc:") ? 5 : 0);
		String scheme = (colon > 0) ? url.substring(0, colon).toLowerCase(Locale.ROOT) : "";
		if (!engine.getSchemes().contains(scheme)) {
			problems.addOwn(key, "'%s' is not a %s URL.".formatted(problems.key(key), engine.getDisplayName()),
					"Write a URL that begins with one of: %s."
						.formatted(String.join(", ", engine.getSchemes().stream().sorted().toList())));
			return;
		}
		try {
			validateUrl(problems, key, url, engine, engine.resolve(url), properties);
		}
		catch (InvalidUrlException ex) {
			problems.addOwn(key, "'%s' %s.".formatted(problems.key(key), ex.getMessage()), ex.getAction());
		}
	}

	/**
	 * Validates properties for the driver. The defaults apply to all databases, so a
	 * property is valid if the driver of one of them knows it.
	 * @param problems where to report problems
	 * @param group the key that the properties are below
	 * @param engine the engine
	 * @param details where the database is or {@code null} if that is not known yet
	 * @param properties the properties
	 */
	void validateProperties(SettingProblems problems, String group, Engine engine,
			@Nullable DatabaseConnectionDetails details, Map<String, String> properties) {
		if (properties.isEmpty()) {
			return;
		}
		Names names = names(engine, details, properties);
		for (String name : properties.keySet()) {
			Place place = problems.entryOf(group, name);
			if (place == null) {
				continue;
			}
			if (isObsolete(engine, name)) {
				warn("'%s' is a parameter".formatted(place.key()), engine);
				this.knownDefaults.add(place.key());
				continue;
			}
			Runnable report = () -> problems.addAt(place,
					"'%s' is not a parameter of the %s driver.".formatted(place.key(), engine.getDisplayName()),
					names.suggest(name) + hint(place.origin(), name, names));
			if (!names.areWrong(name)) {
				this.knownDefaults.add(place.key());
			}
			else if (place.own()) {
				report.run();
			}
			else {
				this.unknownDefaults.putIfAbsent(place.key(), report);
			}
		}
	}

	/**
	 * Reports properties of the defaults that no driver knows.
	 */
	void validateDefaults() {
		this.unknownDefaults.forEach((key, report) -> {
			if (!this.knownDefaults.contains(key)) {
				report.run();
			}
		});
	}

	private static boolean isObsolete(Engine engine, String name) {
		return engine instanceof JdbcEngine jdbcEngine && jdbcEngine.getObsoleteParameters().contains(name);
	}

	private static void warn(String parameter, Engine engine) {
		logger.warn("%s that has no effect: the %s driver does not have it. Remove it".formatted(parameter,
				engine.getDisplayName()));
	}

	private static String hint(@Nullable Origin origin, String name, Names names) {
		return (origin instanceof PropertySourceOrigin source && source
			.getPropertySource() instanceof SystemEnvironmentPropertySource && name.equalsIgnoreCase(names.near(name)))
					? " A variable of the environment has no upper and lower case: write it in a file or in the URL."
					: "";
	}

	private Names names(Engine engine, @Nullable DatabaseConnectionDetails details, Map<String, String> properties) {
		DriverParameters known = engine.readParameters(details, this.classLoader);
		List<String> values = new ArrayList<>(properties.values());
		if (details != null) {
			values.addAll(details.parameters().values());
		}
		return new Names(known,
				known.complete() && values.stream().noneMatch((value) -> isForeignClass(value, engine)));
	}

	private static boolean isForeignClass(String value, Engine engine) {
		String driver = (engine instanceof JdbcEngine jdbcEngine) ? jdbcEngine.getDriverClassName() : "";
		String company = driver.replaceFirst("^(\\w+\\.\\w+\\.).*", "$1");
		return Stream.of(value.split(LIST_BORDER))
			.anyMatch((name) -> CLASS_NAME.matcher(name).matches() && !name.startsWith(company));
	}

	/**
	 * The names that a driver knows.
	 *
	 * @param known the names
	 * @param complete whether nothing else reads a parameter
	 */
	private record Names(DriverParameters known, boolean complete) {

		boolean areWrong(String name) {
			Collection<String> all = this.known.all();
			if (all.isEmpty() || this.known.contains(name)) {
				return false;
			}
			return this.complete || isTypo(name);
		}

		/**
		 * Returns whether a name is similar to one that the driver knows.
		 */
		boolean isTypo(String name) {
			return NearestName.find(name, this.known.all(), Math.min(2, name.length() / 6)) != null;
		}

		@Nullable String near(String name) {
			return NearestName.find(name, this.known.all(), Math.max(1, name.length() / 3));
		}

		String suggest(String name) {
			String near = near(name);
			if (near != null) {
				return "Did you mean '%s'? Otherwise remove '%s'.".formatted(near, name);
			}
			String action = "Remove '%s', or correct its name.".formatted(name);
			return (this.known.all().size() > LISTED) ? action
					: action + " Known parameters: %s.".formatted(String.join(", ", this.known.all()));
		}

	}

}
