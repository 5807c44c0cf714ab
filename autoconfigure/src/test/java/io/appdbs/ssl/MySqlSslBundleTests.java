package io.appdbs.ssl;

import java.sql.SQLException;

import io.appdbs.testsupport.server.RequiresMySql;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsMySql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for SSL bundles with MySQL.
 */
@RequiresMySql
class MySqlSslBundleTests extends AbstractMySqlSslBundleTests {

	private static TlsMySql server;

	private static TlsMySql withoutTls;

	@BeforeAll
	static void start() throws Exception {
		server = new TlsMySql(AUTHORITY, AUTHORITY.issueForServer());
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
		return "jdbc:mysql://" + server.getAddress(host) + "/shop";
	}

	@Override
	String urlWithoutTls() throws Exception {
		withoutTls = new TlsMySql(AUTHORITY, null);
		withoutTls.execute("ALTER USER app REQUIRE NONE");
		return "jdbc:mysql://" + withoutTls.getAddress("localhost") + "/shop";
	}

	@Override
	void execute(String statement) throws SQLException {
		server.execute(statement);
	}

	@Override
	void present(CertificateFiles certificate) throws SQLException {
		server.present(certificate);
	}

	/**
	 * The server does not load a certificate that has expired, unless it starts.
	 */
	@Override
	@Test
	void anExpiredServerCertificateIsRejected() throws Exception {
		try (TlsMySql expired = new TlsMySql(AUTHORITY, AUTHORITY.issueExpiredForServer())) {
			runner("jdbc:mysql://" + expired.getAddress("localhost") + "/shop")
				.run((context) -> assertThat(reason(context)).contains("TLS").contains("NotAfter"));
		}
	}

	@Override
	String noTls() {
		return "SSL";
	}

}
