package io.appdbs.config;

import java.time.Duration;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * Refuses values of {@code credentials} that cannot be meant, or that contradict a login
 * that does not change.
 */
class CredentialsValidator {

	private static final String USERNAME_FILE = "credentials.username-file";

	private static final String PASSWORD_FILE = "credentials.password-file";

	private final SettingProblems problems;

	private final DatabaseSettings settings;

	CredentialsValidator(SettingProblems problems, DatabaseSettings settings) {
		this.problems = problems;
		this.settings = settings;
	}

	/**
	 * Validate the settings.
	 * @param target where the database is or {@code null} for an embedded server, whose
	 * login they have no effect on
	 */
	void validate(@Nullable DatabaseConnectionDetails target) {
		CredentialsSettings credentials = this.settings.credentials();
		this.problems.checkPositive("credentials.refresh-interval", credentials.refreshInterval());
		this.problems.checkPositive("credentials.timeout", credentials.timeout());
		this.problems.checkAtLeast("credentials.retire-after", credentials.retireAfter(), Duration.ZERO);
		if (target == null) {
			return;
		}
		if (credentials.usernameFile() != null) {
			refuseSecond(USERNAME_FILE, "username", this.settings.username(), target.username());
			if (credentials.passwordFile() == null) {
				this.problems.addOwn(USERNAME_FILE,
						"'%s' is set, but '%s' is not.".formatted(this.problems.key(USERNAME_FILE),
								this.problems.key(PASSWORD_FILE)),
						"Set '%s' as well, or write the username as '%s'.".formatted(this.problems.key(PASSWORD_FILE),
								this.problems.key("username")),
						null);
			}
		}
		if (credentials.passwordFile() != null) {
			refuseSecond(PASSWORD_FILE, "password", this.settings.password(), target.password());
		}
	}

	private void refuseSecond(String file, String key, @Nullable String value, @Nullable String inUrl) {
		String fileKey = this.problems.key(file);
		if (value != null) {
			this.problems.addOwn(file, "'%s' and '%s' both have a %s.".formatted(fileKey, this.problems.key(key), key),
					"Remove '%s' if the %s can change, or else '%s'.".formatted(this.problems.key(key), key, fileKey),
					null);
		}
		else if (inUrl != null) {
			String url = this.problems.key("url");
			this.problems.addOwn(file, "'%s' and the URL '%s' both have a %s.".formatted(fileKey, url, key),
					"Remove the %s from '%s' if it can change, or else '%s'.".formatted(key, url, fileKey), null);
		}
	}

}
