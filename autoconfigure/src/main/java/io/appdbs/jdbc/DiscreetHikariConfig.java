package io.appdbs.jdbc;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;

/**
 * {@link HikariConfig} that holds the properties of the driver back while HikariCP
 * validates and logs its configuration: it would mask the password among them, but no
 * other secret, such as the one of a key store.
 */
final class DiscreetHikariConfig extends HikariConfig {

	@Override
	public void validate() {
		Properties properties = getDataSourceProperties();
		Map<Object, Object> withheld = new HashMap<>(properties);
		properties.clear();
		try {
			super.validate();
		}
		finally {
			properties.putAll(withheld);
		}
	}

}
