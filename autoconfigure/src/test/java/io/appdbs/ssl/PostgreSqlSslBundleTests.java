package io.appdbs.ssl;

import java.sql.Connection;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsPostgreSql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Tests for SSL bundles with PostgreSQL.
 */
class PostgreSqlSslBundleTests extends AbstractSslBundleTests {

	private static TlsPostgreSql server;

	private static TlsPostgreSql withoutTls;

	@BeforeAll
	static void start() throws Exception {
		server = new TlsPostgreSql(AUTHORITY, AUTHORITY.issueForServer());
	}

	@AfterAll
	static void stop() {
		server.close();
		if (withoutTls != null) {
			withoutTls.close();
		}
	}

	@Override
	String url(String host) {
		return "jdbc:postgresql://" + server.getAddress(host) + "/postgres";
	}

	@Override
	String urlWithoutTls() throws Exception {
		withoutTls = new TlsPostgreSql(AUTHORITY, AUTHORITY.issueForServer());
		withoutTls.useNoTls();
		return "jdbc:postgresql://" + withoutTls.getAddress("localhost") + "/postgres";
	}

	@Override
	void present(CertificateFiles certificate) throws Exception {
		server.present(certificate);
	}

	@Override
	boolean usesTls(Connection connection) throws Exception {
		return "t"
			.equals(SqlQueries.queryForString(connection, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
	}

	@Override
	String missingCertificate() {
		return "connection requires a valid client certificate";
	}

	@Override
	String noTls() {
		return "The server does not support SSL";
	}

}
