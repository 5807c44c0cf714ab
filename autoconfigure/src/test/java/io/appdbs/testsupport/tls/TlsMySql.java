package io.appdbs.testsupport.tls;

import java.nio.file.Files;
import java.sql.SQLException;

import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;

/**
 * A MySQL that presents a certificate. The login {@code app} needs a client certificate
 * for {@code CN=app}, {@code owner} any client certificate, {@code plain} needs TLS, and
 * {@code root} needs nothing. None has a password. The database is called {@code shop},
 * and {@code app} may create those whose names begin with {@code tls_}.
 */
public final class TlsMySql implements AutoCloseable {

	private final MySqlServer server;

	private final CertificateFiles certificate;

	/**
	 * Creates a new {@link TlsMySql}.
	 * @param clients who issues the certificates of clients
	 * @param certificate what the server presents, or {@code null} to use no TLS
	 */
	public TlsMySql(CertificateAuthority clients, CertificateFiles certificate) throws Exception {
		if (certificate == null) {
			this.certificate = null;
			this.server = RealServers.startMySql("--disable-log-bin", "--tls-version=");
		}
		else {
			this.certificate = certificate.copyTo(Files.createTempDirectory("appdbs-tls-"), "tls");
			this.server = RealServers.startMySql("--disable-log-bin", "--ssl-ca=" + clients.getCertificate(),
					"--ssl-cert=" + this.certificate.certificate(), "--ssl-key=" + this.certificate.privateKey());
		}
		this.server.execute("CREATE DATABASE shop", "CREATE USER app REQUIRE SUBJECT '/CN=app'",
				"CREATE USER plain " + ((certificate != null) ? "REQUIRE SSL" : ""),
				"CREATE USER owner" + ((certificate != null) ? " REQUIRE X509" : ""), "GRANT ALL ON shop.* TO app",
				"GRANT ALL ON shop.* TO plain", "GRANT ALL ON `tls\\_%`.* TO app", "GRANT ALL ON *.* TO owner");
	}

	/**
	 * Presents another certificate to new connections.
	 */
	public void present(CertificateFiles certificate) throws SQLException {
		this.certificate.replaceWith(certificate);
		execute("ALTER INSTANCE RELOAD TLS");
	}

	public void execute(String... statements) throws SQLException {
		this.server.execute(statements);
	}

	/**
	 * Returns host and port.
	 * @param host what the server is called
	 */
	public String getAddress(String host) {
		return host + ":" + this.server.getPort();
	}

	@Override
	public void close() throws Exception {
		this.server.close();
	}

}
