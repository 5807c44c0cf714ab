package io.appdbs.config.validator;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.HikariKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates the SSL bundle of a database, and that nothing else configures TLS in
 * addition to it.
 *
 * @param problems where problems are reported
 * @param settings the settings of the database, or of a replica
 * @param engine the engine of the database
 */
public record SslValidator(SettingProblems problems, DatabaseSettings settings, Engine engine) {

	private static final String BUNDLE = "ssl.bundle";

	private static final Pattern HIKARI = Pattern.compile("(?i)data-?source-?properties\\.(.+)");

	private static final Pattern FLYWAY = Pattern.compile("(?i)jdbc-?properties\\.(.+)");

	/**
	 * Validates the settings.
	 * @param details where the database is or {@code null} if that is not known yet
	 */
	public void validate(@Nullable DatabaseConnectionDetails details) {
		if (this.settings.ssl().bundle() == null) {
			validateVerify();
			return;
		}
		String reason = getReasonWithout();
		if (reason != null) {
			rejectOwn(reason);
			return;
		}
		validateUrl("url", details);
		validateProperties("hikari." + HikariKeys.DRIVER_PROPERTIES, HIKARI, this.settings.hikari());
		validateMigrationUrl("flyway.url", this.settings.flyway().get("url"));
		validateMigrationUrl("liquibase.url", this.settings.liquibase().url());
		validateProperties("flyway.jdbc-properties", FLYWAY, this.settings.flyway());
	}

	private void validateVerify() {
		Place place = this.problems.place("ssl.verify");
		if (place != null && place.own()) {
			this.problems.addOwn("ssl.verify",
					"'%s' has no effect without '%s'.".formatted(place.key(), this.problems.key(BUNDLE)),
					"Set '%s' to the name of an SSL bundle, or remove '%s'.".formatted(this.problems.key(BUNDLE),
							place.key()));
		}
	}

	private @Nullable String getReasonWithout() {
		if (EmbeddedServers.isEmbedded(String.valueOf(this.settings.url()))) {
			return "an embedded server has no TLS";
		}
		return this.engine.getSslProperties("", true).isEmpty() ? this.engine.getDisplayName() + " has no TLS" : null;
	}

	/**
	 * A default is for the databases that have TLS.
	 */
	private void rejectOwn(String reason) {
		Place place = this.problems.place(BUNDLE);
		if (place == null || place.own()) {
			this.problems.addOwn(BUNDLE,
					"'%s' is '%s', but %s.".formatted(this.problems.key(BUNDLE), this.settings.ssl().bundle(), reason),
					"Remove '%s'.".formatted(this.problems.key(BUNDLE)));
		}
	}

	private void validateMigrationUrl(String key, @Nullable String url) {
		try {
			if (url != null) {
				validateUrl(key, this.engine.resolve(url));
			}
		}
		catch (InvalidUrlException ex) {
			// reported with the other problems of the URL
		}
	}

	private void validateUrl(String key, @Nullable DatabaseConnectionDetails details) {
		Map<String, String> parameters = (details != null) ? details.parameters() : Map.of();
		for (Map.Entry<String, String> parameter : parameters.entrySet()) {
			String name = parameter.getKey();
			String conflict = getConflict(name, parameter.getValue());
			if (conflict != null) {
				this.problems
					.addOwn(key, "'%s' has the parameter '%s', %s".formatted(this.problems.key(key), name, conflict),
							"Remove the parameter, or %s.".formatted(removal()))
					.in(TroubleshootingSection.TLS);
				return;
			}
		}
	}

	private void validateProperties(String group, Pattern pattern, Map<String, String> properties) {
		properties.forEach((property, value) -> {
			Matcher matcher = pattern.matcher(property);
			String conflict = matcher.matches() ? getConflict(matcher.group(1), value) : null;
			Place place = (conflict != null) ? this.problems.entryOf(group, matcher.group(1)) : null;
			if (place != null) {
				this.problems
					.addAt(place, "'%s' is set, %s".formatted(place.key(), conflict),
							"Remove '%s', or %s.".formatted(place.key(), removal()))
					.in(TroubleshootingSection.TLS);
			}
		});
	}

	private @Nullable String getConflict(String parameter, String value) {
		String bundle = "but '%s' is '%s'".formatted(this.problems.key(BUNDLE), this.settings.ssl().bundle());
		if (this.engine.getSslParameters().stream().anyMatch(parameter::equalsIgnoreCase)) {
			return bundle + ", which configures TLS.";
		}
		String replacement = this.engine.getTlsReplacement(parameter, value);
		return (replacement != null)
				? "and its value '%s' lets %s replace TLS, %s.".formatted(value, replacement, bundle) : null;
	}

	private String removal() {
		Place place = this.problems.place(BUNDLE);
		return (place == null || place.own()) ? "'%s'".formatted(this.problems.key(BUNDLE))
				: "set '%s' to an empty value".formatted(this.problems.keys().ownKey(BUNDLE));
	}

}
