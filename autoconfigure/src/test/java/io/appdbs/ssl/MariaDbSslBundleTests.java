package io.appdbs.ssl;

import java.sql.SQLException;

import io.appdbs.embedded.TlsMariaDb;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Tests for SSL bundles with MariaDB.
 */
class MariaDbSslBundleTests extends AbstractMySqlSslBundleTests {

	private static TlsMariaDb server;

	private static TlsMariaDb withoutTls;

	@BeforeAll
	static void start() throws Exception {
		server = new TlsMariaDb(AUTHORITY, AUTHORITY.issueForServer());
	}

	@AfterAll
	static void stop() throws Exception {
		server.close();
		if (withoutTls != null) {
			withoutTls.close();
		}
	}

	@Override
	String url(String host) {
		return "jdbc:mariadb://" + server.getAddress(host) + "/shop";
	}

	@Override
	String urlWithoutTls() throws Exception {
		withoutTls = new TlsMariaDb(AUTHORITY, null);
		withoutTls.execute("ALTER USER app REQUIRE NONE");
		return "jdbc:mariadb://" + withoutTls.getAddress("localhost") + "/shop";
	}

	@Override
	void execute(String statement) throws SQLException {
		server.execute(statement);
	}

	@Override
	void present(CertificateFiles certificate) throws SQLException {
		server.present(certificate);
	}

	@Override
	String noTls() {
		return "ssl not enabled in the server";
	}

}
