package io.appdbs.testsupport.tls;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.appdbs.embedded.TlsMariaDb;
import io.appdbs.testsupport.server.RequiresMySql;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the servers with TLS, with nothing but drivers.
 */
class TlsServersTests {

	private static final CertificateAuthority authority = CertificateAuthority.create("Test");

	@Test
	void postgreSqlAcceptsItsLoginsWithTlsOnly() throws Exception {
		try (TlsPostgreSql server = new TlsPostgreSql(authority, authority.issueForServer())) {
			String url = "jdbc:postgresql://" + server.getAddress("localhost") + "/postgres?user=plain&sslrootcert="
					+ authority.getCertificate() + "&sslmode=";
			assertThat(query(url + "verify-full", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
				.isEqualTo("t");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url + "disable", "SELECT 1"))
				.withMessageContaining("no pg_hba.conf entry");
			server.present(authority.issueExpiredForServer());
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url + "verify-full", "SELECT 1"))
				.withStackTraceContaining("CertificateExpiredException");
			server.useNoTls();
			assertThat(query(url + "disable", "SELECT 1")).isEqualTo("1");
		}
	}

	@Test
	void mariaDbPresentsItsCertificate() throws Exception {
		try (TlsMariaDb server = new TlsMariaDb(authority, authority.issueForServer())) {
			String url = "jdbc:mariadb://" + server.getAddress("localhost") + "/shop?user=plain&serverSslCert="
					+ authority.getCertificate() + "&sslMode=verify-full";
			assertThat(query(url, "SHOW SESSION STATUS LIKE 'Ssl_cipher'")).isEqualTo("Ssl_cipher");
			server.present(authority.issueExpiredForServer());
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url, "SELECT 1"))
				.withStackTraceContaining("CertificateExpiredException");
		}
	}

	@Test
	@RequiresMySql
	void mySqlNeedsTls() throws Exception {
		try (TlsMySql server = new TlsMySql(authority, authority.issueForServer())) {
			String url = "jdbc:mysql://" + server.getAddress("localhost") + "/shop?user=plain&sslMode=";
			assertThat(query(url + "REQUIRED", "SHOW SESSION STATUS LIKE 'Ssl_cipher'")).isEqualTo("Ssl_cipher");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(url + "DISABLED", "SELECT 1"))
				.withMessageContaining("Access denied");
			server.present(authority.issueForServer());
		}
	}

	private static String query(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url);
				ResultSet rows = connection.createStatement().executeQuery(sql)) {
			rows.next();
			return rows.getString(1);
		}
	}

}
