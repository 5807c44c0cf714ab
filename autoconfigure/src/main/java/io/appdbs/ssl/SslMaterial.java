package io.appdbs.ssl;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import io.appdbs.SslUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.NestedExceptionUtils;

/**
 * The keys and the trusted certificates of an SSL bundle at one point in time.
 */
public final class SslMaterial {

	private final SSLContext context;

	private final KeyManager[] keyManagers;

	private final TrustManager[] trustManagers;

	private final SslOptions options;

	private final boolean hostNameVerified;

	private final SslUsage.@Nullable Certificate certificate;

	private SslMaterial(SslBundle bundle, boolean hostNameVerified) {
		this.keyManagers = bundle.getManagers().getKeyManagers();
		this.trustManagers = bundle.getManagers().getTrustManagers();
		this.context = bundle.createSslContext();
		this.options = bundle.getOptions();
		this.hostNameVerified = hostNameVerified;
		this.certificate = KeyPairs.check(this.keyManagers);
	}

	/**
	 * Reads a bundle.
	 * @param bundle the bundle
	 * @param hostNameVerified whether the certificate of the server must be for its host
	 * name
	 * @return the content of the bundle
	 * @throws UnusableBundleException if the bundle cannot be read, or a private key does
	 * not belong to its certificate
	 */
	public static SslMaterial of(SslBundle bundle, boolean hostNameVerified) {
		SslMaterial material;
		try {
			material = new SslMaterial(bundle, hostNameVerified);
		}
		catch (RuntimeException ex) {
			Throwable root = NestedExceptionUtils.getMostSpecificCause(ex);
			throw new UnusableBundleException((root.getMessage() != null) ? root.getMessage() : root.toString(), ex);
		}
		List<String> unsupported = material.getUnsupportedOptions();
		if (!unsupported.isEmpty()) {
			throw new UnusableBundleException(
					"this JVM does not support the ciphers or protocols %s".formatted(String.join(", ", unsupported)),
					null);
		}
		return material;
	}

	/**
	 * Returns the key managers.
	 * @return those of the bundle
	 */
	public KeyManager[] getKeyManagers() {
		return this.keyManagers.clone();
	}

	/**
	 * Returns the trust managers.
	 * @return those of the bundle
	 */
	public TrustManager[] getTrustManagers() {
		return this.trustManagers.clone();
	}

	/**
	 * Returns the context, whose sockets have the default ciphers and protocols.
	 * @return the context
	 */
	public SSLContext getContext() {
		return this.context;
	}

	/**
	 * Returns whether the certificate of the server must be for its host name.
	 * @return whether the name is verified
	 */
	public boolean isHostNameVerified() {
		return this.hostNameVerified;
	}

	/**
	 * Returns the certificate that is presented to the server.
	 * @return the certificate, or {@code null} if there is none
	 */
	public SslUsage.@Nullable Certificate getCertificate() {
		return this.certificate;
	}

	/**
	 * Returns a factory of sockets with the ciphers and protocols of the bundle.
	 * @return the factory
	 */
	public SSLSocketFactory getSocketFactory() {
		return new ConfiguredSocketFactory(this.context.getSocketFactory(), this::configure);
	}

	/**
	 * Creates a TLS socket on top of a connected one.
	 * @param socket the connected socket
	 * @param host the host name of the server
	 * @param port the port
	 * @return the socket, before the handshake
	 * @throws IOException if it cannot be created
	 */
	public SSLSocket wrap(Socket socket, @Nullable String host, int port) throws IOException {
		return (SSLSocket) getSocketFactory().createSocket(socket, host, port, true);
	}

	private void configure(SSLSocket socket) {
		socket.setSSLParameters(configure(socket.getSSLParameters()));
	}

	/**
	 * Applies the ciphers and protocols of the bundle.
	 */
	SSLEngine configure(SSLEngine engine) {
		engine.setSSLParameters(configure(engine.getSSLParameters()));
		return engine;
	}

	private SSLParameters configure(SSLParameters parameters) {
		if (this.options.getCiphers() != null) {
			parameters.setCipherSuites(this.options.getCiphers());
		}
		if (this.options.getEnabledProtocols() != null) {
			parameters.setProtocols(this.options.getEnabledProtocols());
		}
		return parameters;
	}

	/**
	 * Explains a failure to connect for which the server gives no reason that the driver
	 * reports: with TLS 1.3, the handshake has ended before the server verifies the
	 * client, so that the driver may only find the connection closed.
	 * @param failure the failure
	 * @return the explanation, or the same failure if it explains itself
	 */
	public Throwable explain(Throwable failure) {
		SslUsage.Certificate certificate = this.certificate;
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		boolean closed = root instanceof EOFException || (root instanceof SocketException
				&& !(root instanceof ConnectException) && !(root instanceof NoRouteToHostException));
		if (certificate == null || !(closed || root instanceof SSLException)) {
			return failure;
		}
		if (certificate.notAfter().isBefore(Instant.now())) {
			return new SSLException("%s. The certificate '%s' of the SSL bundle expired at %s"
				.formatted(root.getMessage(), certificate.subject(), certificate.notAfter()));
		}
		return closed ? new SocketException(
				"%s. The server may not accept the certificate '%s' of the SSL bundle, or has ended"
					.formatted(root.getMessage(), certificate.subject()))
				: failure;
	}

	/**
	 * Returns the ciphers and protocols of the bundle that this JVM does not support.
	 */
	private List<String> getUnsupportedOptions() {
		SSLParameters supported = this.context.getSupportedSSLParameters();
		List<String> unsupported = new ArrayList<>();
		if (this.options.getCiphers() != null) {
			Collections.addAll(unsupported, this.options.getCiphers());
			unsupported.removeAll(List.of(supported.getCipherSuites()));
		}
		if (this.options.getEnabledProtocols() != null) {
			List<String> protocols = new ArrayList<>(List.of(this.options.getEnabledProtocols()));
			protocols.removeAll(List.of(supported.getProtocols()));
			unsupported.addAll(protocols);
		}
		return unsupported;
	}

}
