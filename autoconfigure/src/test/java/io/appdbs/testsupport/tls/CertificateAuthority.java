package io.appdbs.testsupport.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * Issues certificates for servers and clients. Each authority is trusted only by those
 * who are given its certificate. The keys are EC keys, which are generated faster than
 * RSA keys.
 */
public final class CertificateAuthority {

	/** What servers of tests are called: their certificates are not for 127.0.0.1. */
	public static final String HOST = "localhost";

	private final Path folder;

	private final X509Bundle authority;

	private final Path certificate;

	private final AtomicInteger count = new AtomicInteger();

	private CertificateAuthority(Path folder, X509Bundle authority) throws IOException {
		this.folder = folder;
		this.authority = authority;
		this.certificate = Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM());
	}

	/**
	 * Creates an authority, whose files are in a temporary folder of its own.
	 * @param name its common name
	 */
	public static CertificateAuthority create(String name) {
		try {
			Path folder = Files.createTempDirectory("appdbs-certificates-");
			folder.toFile().setExecutable(true, false);
			folder.toFile().setReadable(true, false);
			return new CertificateAuthority(folder,
					new CertificateBuilder().subject("CN=" + name)
						.ecp256()
						.setIsCertificateAuthority(true)
						.buildSelfSigned());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the certificate of the authority, in PEM.
	 */
	public Path getCertificate() {
		return this.certificate;
	}

	/**
	 * Issues a certificate for a server with the name {@value #HOST}.
	 */
	public CertificateFiles issueForServer() {
		return issueForServer(HOST);
	}

	/**
	 * Issues a certificate for a server.
	 * @param host its name
	 */
	public CertificateFiles issueForServer(String host) {
		return issue(server(host).ecp256());
	}

	/**
	 * Issues a certificate for a server that has expired.
	 */
	public CertificateFiles issueExpiredForServer() {
		return issue(expired(server(HOST)).ecp256());
	}

	/**
	 * Issues a certificate for a client.
	 * @param name its common name, which is a login
	 */
	public CertificateFiles issueForClient(String name) {
		return issue(client(name).ecp256());
	}

	/**
	 * Issues a certificate with an RSA key for a client. Its generation takes long.
	 * @param name its common name, which is a login
	 */
	public CertificateFiles issueRsaForClient(String name) {
		return issue(client(name).rsa2048());
	}

	/**
	 * Issues a certificate for a client that has expired.
	 */
	public CertificateFiles issueExpiredForClient(String name) {
		return issue(expired(client(name)).ecp256());
	}

	private static CertificateBuilder server(String host) {
		return new CertificateBuilder().subject("CN=" + host).addSanDnsName(host).addExtendedKeyUsageServerAuth();
	}

	private static CertificateBuilder client(String name) {
		return new CertificateBuilder().subject("CN=" + name).addExtendedKeyUsageClientAuth();
	}

	private static CertificateBuilder expired(CertificateBuilder builder) {
		Instant now = Instant.now();
		return builder.notBefore(now.minus(Duration.ofDays(3))).notAfter(now.minus(Duration.ofDays(1)));
	}

	private CertificateFiles issue(CertificateBuilder builder) {
		try {
			X509Bundle issued = builder.buildIssuedBy(this.authority);
			String name = "certificate-" + this.count.incrementAndGet();
			return new CertificateFiles(
					Files.writeString(this.folder.resolve(name + ".crt"), issued.getCertificatePEM()),
					Files.writeString(this.folder.resolve(name + ".key"), issued.getPrivateKeyPEM()));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
