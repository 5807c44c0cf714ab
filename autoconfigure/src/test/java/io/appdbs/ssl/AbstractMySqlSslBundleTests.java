package io.appdbs.ssl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.junit.jupiter.api.AfterEach;

/**
 * Base class of tests for SSL bundles with MySQL and MariaDB. Their SQL cannot read the
 * client certificate of a session.
 */
abstract class AbstractMySqlSslBundleTests extends AbstractSslBundleTests {

	private final AtomicInteger issued = new AtomicInteger();

	/**
	 * Executes a statement as the administrator.
	 */
	abstract void execute(String statement) throws SQLException;

	/**
	 * New sessions need the certificate that is issued. Those that exist remain.
	 */
	@Override
	CertificateFiles issueNext() throws SQLException {
		String name = "app-" + this.issued.incrementAndGet();
		execute("ALTER USER app REQUIRE SUBJECT '/CN=" + name + "'");
		return AUTHORITY.issueForClient(name);
	}

	@AfterEach
	void acceptTheFirstCertificate() throws SQLException {
		execute("ALTER USER app REQUIRE SUBJECT '/CN=app'");
	}

	@Override
	String session(Connection connection) throws SQLException {
		return SqlQueries.queryForString(connection, "SELECT CONNECTION_ID()");
	}

	@Override
	boolean usesTls(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) {
			return rows.next() && !rows.getString(2).isEmpty();
		}
	}

	@Override
	String missingCertificate() {
		return "Access denied for user 'app'";
	}

}
