package io.appdbs.config.validator;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.HealthSettings;
import io.appdbs.settings.RetrySettings;
import org.jspecify.annotations.Nullable;

/**
 * Rejects invalid values of {@code startup}, {@code health}, {@code retry} and
 * {@code credentials}.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record SettingsValidator(SettingProblems problems, DatabaseSettings settings, Engine engine,
		@Nullable ClassLoader classLoader) {

	private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");

	private static final String USERNAME_FILE = "credentials.username-file";

	private static final String PASSWORD_FILE = "credentials.password-file";

	/**
	 * Validates the settings.
	 * @param details where the database is, or {@code null} for an embedded server, for
	 * which credentials have no effect
	 */
	void validate(@Nullable DatabaseConnectionDetails details) {
		validateCredentials(details);
		validateLifecycle();
		validateRetry(this.settings.retry());
	}

	private void validateCredentials(@Nullable DatabaseConnectionDetails details) {
		CredentialsSettings credentials = this.settings.credentials();
		this.problems.checkPositive("credentials.refresh-interval", credentials.refreshInterval());
		this.problems.checkPositive("credentials.timeout", credentials.timeout());
		this.problems.checkAtLeast("credentials.retire-after", credentials.retireAfter(), Duration.ZERO);
		if (details == null) {
			return;
		}
		if (credentials.usernameFile() != null) {
			rejectSecond(USERNAME_FILE, "username", this.settings.username(), details.username());
			if (credentials.passwordFile() == null) {
				this.problems.addOwn(USERNAME_FILE,
						"'%s' is set, but '%s' is not.".formatted(this.problems.key(USERNAME_FILE),
								this.problems.key(PASSWORD_FILE)),
						"Set '%s' as well, or write the username as '%s'.".formatted(this.problems.key(PASSWORD_FILE),
								this.problems.key("username")));
			}
		}
		if (credentials.passwordFile() != null) {
			rejectSecond(PASSWORD_FILE, "password", this.settings.password(), details.password());
		}
	}

	private void rejectSecond(String file, String key, @Nullable String value, @Nullable String inUrl) {
		String fileKey = this.problems.key(file);
		if (value != null) {
			this.problems.addOwn(file, "'%s' and '%s' both have a %s.".formatted(fileKey, this.problems.key(key), key),
					"Remove '%s' if the %s can change, or else '%s'.".formatted(this.problems.key(key), key, fileKey));
		}
		else if (inUrl != null) {
			String url = this.problems.key("url");
			this.problems.addOwn(file, "'%s' and the URL '%s' both have a %s.".formatted(fileKey, url, key),
					"Remove the %s from '%s' if it can change, or else '%s'.".formatted(key, url, fileKey));
		}
	}

	private void validateLifecycle() {
		this.problems.checkPositive("startup.timeout", this.settings.startup().timeout());
		new RequirementsValidator(this.problems, this.settings.startup(), this.engine).validate();
		HealthSettings health = this.settings.health();
		boolean timeout = this.problems.checkPositive("health.timeout", health.timeout());
		boolean interval = this.problems.checkPositive("health.interval", health.interval());
		this.problems.checkPositive("health.abort-after", health.abortAfter());
		validateReadiness();
		if (timeout && interval) {
			this.problems.checkNotShorter("health.interval", health.interval(), "health.timeout", health.timeout(),
					": a probe must have ended before the next one");
		}
	}

	/**
	 * A default applies only to required databases.
	 */
	private void validateReadiness() {
		Place readiness = this.problems.place("health.readiness");
		if (!this.settings.required() && this.settings.health().readiness() && readiness != null && readiness.own()) {
			this.problems.addOwn("health.readiness",
					"'%s' is 'true', but '%s' is 'false': readiness depends on required databases only."
						.formatted(readiness.key(), this.problems.key("required")),
					"Remove '%s', or set 'required' of the database to 'true'.".formatted(readiness.key()));
		}
	}

	private void validateRetry(RetrySettings retry) {
		if (retry.maxAttempts() < 1) {
			this.problems.add("retry.max-attempts", retry.maxAttempts(), "but must be at least 1",
					"Write 1 or more. With 1 there is no further attempt.");
		}
		boolean initial = this.problems.checkPositive("retry.initial-delay", retry.initialDelay());
		boolean max = this.problems.checkPositive("retry.max-delay", retry.maxDelay());
		if (initial && max) {
			this.problems.checkNotShorter("retry.max-delay", retry.maxDelay(), "retry.initial-delay",
					retry.initialDelay(), "");
		}
		this.problems.checkPositive("retry.timeout", retry.timeout());
		double multiplier = retry.multiplier();
		if (!(multiplier >= 1 && multiplier <= Integer.MAX_VALUE)) {
			this.problems.add("retry.multiplier", multiplier, "but must be at least 1", "Write 1 or more, such as 2.");
		}
		validateStates(retry.onSqlStates());
	}

	private void validateStates(List<String> states) {
		for (int i = 0; i < states.size(); i++) {
			String state = states.get(i);
			if (!SQL_STATE.matcher(state.toUpperCase(Locale.ROOT)).matches()) {
				this.problems.add(this.problems.entry("retry.on-sql-states", i), state, "which is not an SQLState",
						"Write its five digits and letters, in quotes: \"23505\".");
			}
		}
	}

}
