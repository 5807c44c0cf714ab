package io.appdbs.settings.security;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS of the connections to a database. Without a bundle, the URL decides.
 *
 * @param bundle Name of the SSL bundle, below 'spring.ssl.bundle', whose certificates are
 * trusted and whose key, if it has one, is presented to the server. Not for H2.
 * @param verify What is verified of the server: its certificate and host name, 'full', or
 * the certificate only, 'ca'.
 */
public record SslSettings(@Nullable String bundle, @DefaultValue("full") Verify verify) {

	public SslSettings {
		// an empty value overrides a default
		bundle = (bundle != null && !bundle.isBlank()) ? bundle : null;
	}

	/**
	 * What is verified of the server.
	 */
	public enum Verify {

		/**
		 * That its certificate is trusted and was issued for the host name.
		 */
		FULL,

		/**
		 * That its certificate is trusted, for any host name.
		 */
		CA

	}

}
