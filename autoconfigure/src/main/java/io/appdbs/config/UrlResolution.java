package io.appdbs.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.config.source.KnownKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the URL of a database to an engine and connection details.
 *
 * @param engines the known engines
 * @param embeddedServers validates the URLs of embedded servers
 */
record UrlResolution(Engines engines, EmbeddedServers embeddedServers) {

	/**
	 * A scheme, as opposed to the user of a URL without scheme.
	 */
	private static final Pattern SCHEME = Pattern
		.compile("(?:((?:jdbc|r2dbc):[a-z][a-z0-9+.-]*):|([a-z][a-z0-9+.-]*)://).*", Pattern.CASE_INSENSITIVE);

	/**
	 * Resolves the URL.
	 * @param settings the settings
	 * @param problems where to report problems
	 * @return the engine and connection details, or {@code null} if there is a problem
	 */
	@Nullable Resolved resolve(DatabaseSettings settings, SettingProblems problems) {
		String url = settings.url();
		if (url == null || url.isBlank()) {
			problems.addOwn("url", "'%s' is missing.".formatted(problems.key("url")),
					"Set it, for example to 'postgresql://localhost/orders', or to 'embedded:postgresql' for a server "
							+ "that runs with the application.");
			return null;
		}
		try {
			return resolve(url, settings.engine(), problems);
		}
		catch (InvalidUrlException ex) {
			problems.addOwn("url", "'%s' %s.".formatted(problems.key("url"), withoutPeriod(ex)), ex.getAction(), ex);
			return null;
		}
	}

	private static String withoutPeriod(InvalidUrlException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
	}

	private @Nullable Resolved resolve(String url, @Nullable String declared, SettingProblems problems) {
		boolean embedded = EmbeddedServers.isEmbedded(url);
		Engine engine = embedded ? this.engines.findById(this.embeddedServers.validate(url))
				: this.engines.findByUrl(url);
		if (engine == null) {
			unknownScheme(url, problems);
			return null;
		}
		DatabaseConnectionDetails details = embedded ? null : engine.resolve(url);
		if (declared == null || declared.isBlank()) {
			return new Resolved(engine, details);
		}
		Engine other = declaredEngine(declared.trim(), engine, problems);
		return (other != null) ? new Resolved(other, details) : null;
	}

	private void unknownScheme(String url, SettingProblems problems) {
		List<String> known = new ArrayList<>(this.engines.getSchemes());
		known.add("embedded");
		Matcher matcher = SCHEME.matcher(url);
		if (!matcher.matches()) {
			problems.addOwn("url", "'%s' does not begin with a scheme.".formatted(problems.key("url")),
					"Write it for example as 'postgresql://host/database'. Known schemes: %s."
						.formatted(String.join(", ", known)));
			return;
		}
		String scheme = ((matcher.group(1) != null) ? matcher.group(1) : matcher.group(2)).toLowerCase(Locale.ROOT);
		problems.addOwn("url", "'%s' has the unknown scheme '%s'.".formatted(problems.key("url"), scheme),
				KnownKeys.suggest(scheme, "schemes", known));
	}

	private @Nullable Engine declaredEngine(String id, Engine engine, SettingProblems problems) {
		Engine declared = this.engines.findById(id);
		if (declared == null) {
			List<String> known = this.engines.getAll().stream().map(Engine::getId).sorted().distinct().toList();
			problems.add("engine", id, "which is not a known engine", KnownKeys.suggest(id, "engines", known));
			return null;
		}
		if (!declared.isSameProtocol(engine)) {
			problems.add("engine", id,
					"but '%s' is a URL of %s".formatted(problems.key("url"), engine.getDisplayName()),
					"Remove '%s', which is not needed because the URL names the engine, or correct the URL."
						.formatted(problems.key("engine")));
			return null;
		}
		return declared;
	}

	/**
	 * The result of resolving a URL.
	 *
	 * @param engine the engine
	 * @param details the connection details or {@code null} for an embedded server
	 */
	record Resolved(Engine engine, @Nullable DatabaseConnectionDetails details) {

	}

}
