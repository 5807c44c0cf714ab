package io.appdbs;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Usage of an SSL bundle. Contains neither keys nor passwords.
 *
 * @param bundle name of the bundle
 * @param verify what is verified of the server: {@code full} or {@code ca}
 * @param since time since which the certificates have been in use
 * @param renewals number of replacements since the application started
 * @param certificate certificate that is presented to the server, or {@code null} if the
 * bundle has none
 * @param failure why the latest certificates of the bundle are not in use, or
 * {@code null} if they are
 */
public record SslUsage(String bundle, String verify, Instant since, long renewals, @Nullable Certificate certificate,
		@Nullable String failure) {

	/**
	 * A certificate.
	 *
	 * @param subject distinguished name of the owner
	 * @param notAfter end of the validity of the certificate, or of one of its chain if
	 * that ends earlier
	 */
	public record Certificate(String subject, Instant notAfter) {

	}

}
