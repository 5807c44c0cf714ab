package io.appdbs.testsupport.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.appdbs.embedded.EmbeddedServers;

/**
 * A PostgreSQL that accepts its logins with TLS only, except for the administrator
 * {@code postgres}. The login {@code app} has a client certificate instead of a password.
 * {@code owner}, a superuser, needs any client certificate, and {@code plain} needs none.
 */
public final class TlsPostgreSql implements AutoCloseable {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final String port;

	private final Path data;

	public TlsPostgreSql(CertificateAuthority clients, CertificateFiles certificate) throws Exception {
		String url = this.servers.getUrl("embedded:postgresql", "tls");
		this.port = url.replaceAll(".*:(\\d+)/.*", "$1");
		this.data = Path.of(query("SHOW data_directory"));
		Path authority = this.data.resolve("clients.crt");
		copy(clients.getCertificate(), authority);
		Files.writeString(Path.of(query("SHOW hba_file")), """
				host    all postgres all trust
				hostssl all app      all cert
				hostssl all owner    all trust clientcert=verify-ca
				hostssl all all      all trust
				""");
		execute("CREATE ROLE app LOGIN CREATEDB", "CREATE ROLE owner LOGIN SUPERUSER", "CREATE ROLE plain LOGIN",
				"ALTER SYSTEM SET ssl_ca_file = 'clients.crt'", "ALTER SYSTEM SET ssl_cert_file = 'tls.crt'",
				"ALTER SYSTEM SET ssl_key_file = 'tls.key'");
		present(certificate);
	}

	/**
	 * Presents another certificate to new connections.
	 */
	public void present(CertificateFiles certificate) throws Exception {
		copy(certificate.certificate(), this.data.resolve("tls.crt"));
		copy(certificate.privateKey(), this.data.resolve("tls.key"));
		execute("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
	}

	/**
	 * Uses no TLS for new connections, and accepts all of them.
	 */
	public void useNoTls() throws Exception {
		Files.writeString(Path.of(query("SHOW hba_file")), "host all all all trust\n");
		execute("ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()");
	}

	/**
	 * The server requires that nobody else may read its key.
	 */
	private void copy(Path source, Path target) throws Exception {
		Files.deleteIfExists(target);
		Files.write(target, Files.readAllBytes(source));
		Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
		Files.setOwner(target, Files.getOwner(this.data));
	}

	/**
	 * Returns host and port.
	 * @param host what the server is called
	 */
	public String getAddress(String host) {
		return host + ":" + this.port;
	}

	public void execute(String... statements) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	/**
	 * Returns the first value of a query of the administrator.
	 */
	public String query(String sql) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager
			.getConnection("jdbc:postgresql://localhost:" + this.port + "/postgres?user=postgres&sslmode=disable");
	}

	@Override
	public void close() {
		this.servers.close();
	}

}
