package io.appdbs.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;

/**
 * A MariaDB server that presents a certificate. The login {@code app} needs a client
 * certificate for {@code CN=app}, {@code owner} any client certificate, {@code plain}
 * needs TLS, and {@code root} needs nothing. None has a password. The database is called
 * {@code shop}, and {@code app} may create those whose names begin with {@code tls_}.
 */
public final class TlsMariaDb implements AutoCloseable {

	private final ServerFolder folder = new ServerFolder("mariadb", null);

	private final CertificateFiles certificate;

	private final int port;

	private final Process process;

	/**
	 * Creates a new {@link TlsMariaDb}.
	 * @param clients who issues the certificates of clients
	 * @param certificate what the server presents, or {@code null} to use no TLS
	 */
	public TlsMariaDb(CertificateAuthority clients, CertificateFiles certificate) throws Exception {
		Path data = this.folder.open();
		MariaDbInstallation installation = MariaDbInstallation.of(this.folder);
		this.folder.initialize(installation.getTemplate());
		this.port = ServerProgram.findFreePort();
		List<String> command = new ArrayList<>(installation.getServerCommand(data, this.port, false));
		this.certificate = (certificate != null) ? certificate.copyTo(Files.createTempDirectory("appdbs-tls-"), "tls")
				: null;
		command.addAll((certificate != null) ? List.of("--ssl-ca=" + clients.getCertificate(),
				"--ssl-cert=" + this.certificate.certificate(), "--ssl-key=" + this.certificate.privateKey())
				: List.of("--skip-ssl"));
		this.process = installation.createProgram(this.folder.getLog()).startServer(command, this::connect);
		execute("CREATE DATABASE shop", "CREATE USER app REQUIRE SUBJECT '/CN=app'",
				"CREATE USER plain " + ((certificate != null) ? "REQUIRE SSL" : ""),
				"CREATE USER owner" + ((certificate != null) ? " REQUIRE X509" : ""), "GRANT ALL ON shop.* TO app",
				"GRANT ALL ON shop.* TO plain", "GRANT ALL ON `tls\\_%`.* TO app", "GRANT ALL ON *.* TO owner");
	}

	/**
	 * Presents another certificate to new connections.
	 */
	public void present(CertificateFiles certificate) throws SQLException {
		this.certificate.replaceWith(certificate);
		execute("FLUSH SSL");
	}

	private Connection connect() throws SQLException {
		return JdbcDrivers.connect("org.mariadb.jdbc.Driver",
				"jdbc:mariadb://localhost:" + this.port + "/?user=root&sslMode=disable");
	}

	public void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	/**
	 * Returns host and port.
	 * @param host what the server is called
	 */
	public String getAddress(String host) {
		return host + ":" + this.port;
	}

	@Override
	public void close() throws Exception {
		this.process.destroy();
		ServerProgram.awaitEnd(this.process);
		this.folder.close();
	}

}
