package io.appdbs.ssl;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

import io.appdbs.SslUsage.Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Checks that private keys belong to their certificates. They are usually two files,
 * which cannot be replaced at the same time.
 */
final class KeyPairs {

	private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA", "Ed25519", "Ed448", "RSASSA-PSS",
			"DSA");

	/** Other algorithms are not checked. */
	private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA",
			"EdDSA", "EdDSA", "Ed25519", "Ed25519", "Ed448", "Ed448", "DSA", "SHA256withDSA");

	private static final byte[] CHALLENGE = "appdbs".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

	private KeyPairs() {
	}

	/**
	 * Checks all pairs.
	 * @return the certificate, with the earliest end of a chain, or {@code null} if there
	 * is none
	 * @throws IllegalStateException if a key does not belong to its certificate
	 */
	static @Nullable Certificate check(KeyManager[] managers) {
		Certificate first = null;
		for (X509KeyManager manager : x509(managers)) {
			for (String alias : aliases(manager)) {
				X509Certificate[] chain = manager.getCertificateChain(alias);
				PrivateKey key = manager.getPrivateKey(alias);
				if (chain == null || chain.length == 0 || key == null) {
					continue;
				}
				check(key, chain[0]);
				first = earlier(first, chain);
			}
		}
		return first;
	}

	private static List<X509KeyManager> x509(KeyManager[] managers) {
		return Stream.of(managers).filter(X509KeyManager.class::isInstance).map(X509KeyManager.class::cast).toList();
	}

	private static Set<String> aliases(X509KeyManager manager) {
		Set<String> aliases = new LinkedHashSet<>();
		for (String type : KEY_TYPES) {
			String[] found = manager.getClientAliases(type, null);
			if (found != null) {
				aliases.addAll(Arrays.asList(found));
			}
		}
		return aliases;
	}

	private static Certificate earlier(@Nullable Certificate first, X509Certificate[] chain) {
		Instant end = Stream.of(chain).map(X509Certificate::getNotAfter).min(Date::compareTo).orElseThrow().toInstant();
		return (first != null && !end.isBefore(first.notAfter())) ? first
				: new Certificate(chain[0].getSubjectX500Principal().getName(), end);
	}

	private static void check(PrivateKey key, X509Certificate certificate) {
		if (!isPair(key, certificate.getPublicKey())) {
			throw new IllegalStateException("the private key does not belong to the certificate of '%s'"
				.formatted(certificate.getSubjectX500Principal().getName()));
		}
	}

	private static boolean isPair(PrivateKey privateKey, PublicKey publicKey) {
		String algorithm = SIGNATURES.get(privateKey.getAlgorithm());
		if (algorithm == null) {
			return true;
		}
		try {
			Signature signature = Signature.getInstance(algorithm);
			signature.initSign(privateKey);
			signature.update(CHALLENGE);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(CHALLENGE);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException ex) {
			// not even of the same algorithm
			return false;
		}
	}

}
