package io.appdbs.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Source and replacement of credentials that can change. A file that is not set is
 * {@code null}.
 *
 * @param usernameFile File with the login username. Needs 'password-file'.
 * @param passwordFile File with the login password.
 * @param refreshInterval Interval at which the files are read, or the credentials
 * provider is called.
 * @param timeout Maximum time for reading the files, or for a call of the credentials
 * provider.
 * @param retireAfter Time after which connections with former credentials are aborted
 * even if they are in use.
 */
public record CredentialsSettings(@Nullable String usernameFile, @Nullable String passwordFile,
		@DefaultValue("10s") Duration refreshInterval, @DefaultValue("10s") Duration timeout,
		@DefaultValue("30s") Duration retireAfter) {

	public CredentialsSettings {
		// an empty default, as in ${ORDERS_PASSWORD_FILE:}, counts as not set
		usernameFile = (usernameFile != null && !usernameFile.isBlank()) ? usernameFile : null;
		passwordFile = (passwordFile != null && !passwordFile.isBlank()) ? passwordFile : null;
	}

	/**
	 * Returns the settings that are not secret, in case a file is a URL by mistake.
	 */
	@Override
	public String toString() {
		return "CredentialsSettings[refreshInterval=" + this.refreshInterval + ", timeout=" + this.timeout
				+ ", retireAfter=" + this.retireAfter + "]";
	}

	/**
	 * Returns the same settings without files.
	 * @return a copy
	 */
	CredentialsSettings withoutFiles() {
		return new CredentialsSettings(null, null, this.refreshInterval, this.timeout, this.retireAfter);
	}

}
