package io.appdbs.testsupport.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * Creates sockets that listen with TLS and require a client certificate, in front of
 * servers without TLS.
 */
public final class TlsListener extends ServerSocketFactory {

	private final SSLContext context;

	/**
	 * Creates a new {@link TlsListener}.
	 * @param clients who issues the certificates of clients
	 * @param certificate what is presented to clients
	 */
	public TlsListener(CertificateAuthority clients, CertificateFiles certificate) throws Exception {
		PemSslStoreBundle stores = new PemSslStoreBundle(
				PemSslStoreDetails.forCertificate(certificate.certificate().toUri().toString())
					.withPrivateKey(certificate.privateKey().toUri().toString()),
				PemSslStoreDetails.forCertificate(clients.getCertificate().toUri().toString()));
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(stores.getKeyStore(), new char[0]);
		TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trusted.init(stores.getTrustStore());
		this.context = SSLContext.getInstance("TLS");
		this.context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
	}

	@Override
	public ServerSocket createServerSocket() throws IOException {
		return prepare(this.context.getServerSocketFactory().createServerSocket());
	}

	@Override
	public ServerSocket createServerSocket(int port) throws IOException {
		return prepare(this.context.getServerSocketFactory().createServerSocket(port));
	}

	@Override
	public ServerSocket createServerSocket(int port, int backlog) throws IOException {
		return prepare(this.context.getServerSocketFactory().createServerSocket(port, backlog));
	}

	@Override
	public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
		return prepare(this.context.getServerSocketFactory().createServerSocket(port, backlog, address));
	}

	private static ServerSocket prepare(ServerSocket socket) {
		((SSLServerSocket) socket).setNeedClientAuth(true);
		return socket;
	}

}
