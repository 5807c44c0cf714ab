package io.appdbs.maintenance.partition;

import java.util.Map;

import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

/**
 * The login that changes tables: that of maintenance, or else of the migrations, or else
 * of the application.
 */
final class PartitionLogin {

	private PartitionLogin() {
	}

	/**
	 * Returns the properties of the driver for the login, none for that of the
	 * application.
	 */
	static Map<String, String> of(DatabaseSettings settings) {
		if (settings.maintenance().username() != null) {
			return login(settings.maintenance().username(), settings.maintenance().password());
		}
		if (settings.flyway().get("user") != null) {
			return login(settings.flyway().get("user"), settings.flyway().get("password"));
		}
		if (settings.liquibase().enabled() && settings.liquibase().user() != null) {
			return login(settings.liquibase().user(), settings.liquibase().password());
		}
		return Map.of();
	}

	private static Map<String, String> login(@Nullable String username, @Nullable String password) {
		return Map.of("user", String.valueOf(username), "password", (password != null) ? password : "");
	}

}
