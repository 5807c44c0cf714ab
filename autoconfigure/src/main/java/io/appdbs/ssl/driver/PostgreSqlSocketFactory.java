package io.appdbs.ssl.driver;

import javax.net.ssl.SSLSocketFactory;

import io.appdbs.ssl.ConfiguredSocketFactory;
import io.appdbs.ssl.SslContexts;

/**
 * {@link SSLSocketFactory} for the driver of PostgreSQL, which creates one for each
 * connection and verifies the host name itself.
 */
public final class PostgreSqlSocketFactory extends ConfiguredSocketFactory {

	/**
	 * Creates a new {@link PostgreSqlSocketFactory}.
	 * @param key the key of the database
	 */
	public PostgreSqlSocketFactory(String key) {
		super(SslContexts.get(key).getSocketFactory(), (socket) -> {
		});
	}

}
