package io.appdbs.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Where credentials that change come from, and how they are replaced. A file that is not
 * set is {@code null}.
 *
 * @param usernameFile File with the login username.
 * @param passwordFile File with the login password.
 * @param refreshInterval Interval at which the files are read, or the credentials
 * provider is asked. 10s by default.
 * @param timeout Time within which the files must be read, or the credentials provider
 * must answer. 10s by default.
 * @param retireAfter Time after which connections that still have former credentials are
 * ended although they are in use. 30s by default.
 */
public record CredentialsSettings(@Nullable String usernameFile, @Nullable String passwordFile,
		Duration refreshInterval, Duration timeout, Duration retireAfter) {

	static final CredentialsSettings DEFAULT = new CredentialsSettings(null, null, Duration.ofSeconds(10),
			Duration.ofSeconds(10), Duration.ofSeconds(30));

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public CredentialsSettings {
		// an empty default, as in ${ORDERS_PASSWORD_FILE:}, is the same as none
		usernameFile = (usernameFile != null && !usernameFile.isBlank()) ? usernameFile : null;
		passwordFile = (passwordFile != null && !passwordFile.isBlank()) ? passwordFile : null;
		refreshInterval = (refreshInterval != null) ? refreshInterval : Duration.ofSeconds(10);
		timeout = (timeout != null) ? timeout : Duration.ofSeconds(10);
		retireAfter = (retireAfter != null) ? retireAfter : Duration.ofSeconds(30);
	}

}
