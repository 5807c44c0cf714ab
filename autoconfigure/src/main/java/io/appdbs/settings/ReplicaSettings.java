package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A replica of a database, which serves reads. A value that is not set is {@code null},
 * and that of the database applies.
 *
 * @param url URL of the replica, of the same engine as the database. Required.
 * @param username Login username of the replica. By default, that of the database.
 * @param password Login password of the replica. By default, that of the database.
 * @param pool Connection pool of the replica.
 */
@ConfigurationPropertiesSource
public record ReplicaSettings(@Nullable String url, @Nullable String username, @Nullable String password,
		@DefaultValue @NestedConfigurationProperty PoolSettings pool) {

	public ReplicaSettings {
		username = (username != null && !username.isEmpty()) ? username : null;
		password = (password != null && !password.isEmpty()) ? password : null;
	}

	/**
	 * Returns where the replica is.
	 */
	@Override
	public String toString() {
		return "ReplicaSettings[pool=" + this.pool + "]";
	}

}
