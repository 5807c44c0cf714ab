package io.appdbs.ssl;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.time.Duration;
import java.util.function.Predicate;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsPostgreSql;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
	String session(Connection connection) throws Exception {
		return SqlQueries.queryForString(connection,
				"SELECT pid || ' ' || client_serial FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
	}

	@Override
	Predicate<String> sessionsOf(CertificateFiles certificate) throws Exception {
		try (InputStream input = Files.newInputStream(certificate.certificate())) {
			X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
			return (session) -> session.endsWith(" " + read.getSerialNumber());
		}
	}

	@Override
	String missingCertificate() {
		return "connection requires a valid client certificate";
	}

	@Override
	String noTls() {
		return "The server does not support SSL";
	}

	/**
	 * A service file of the driver is not part of the configuration.
	 */
	@Test
	void aServiceFileDoesNotReplaceWhatIsVerified() throws Exception {
		Path services = Files.writeString(this.folder.resolve("pg_service.conf"), """
				[weak]
				gssEncMode=require
				sslmode=disable
				sslhostnameverifier=%s
				""".formatted(AnyHost.class.getName()));
		System.setProperty("org.postgresql.pgservicefile", services.toString());
		try {
			runner(url("localhost") + "?service=weak").run((context) -> {
				try (Connection connection = dataSource(context).getConnection()) {
					assertThat(usesTls(connection)).isTrue();
				}
			});
			runner(url("127.0.0.1") + "?service=weak")
				.run((context) -> assertThat(reason(context)).contains("TLS").contains("127.0.0.1"));
		}
		finally {
			System.clearProperty("org.postgresql.pgservicefile");
		}
	}

	@Test
	void aTrialWithoutAnswerEndsAndIsRepeated() throws Exception {
		try (TcpProxy proxy = new TcpProxy(server.getAddress("127.0.0.1"))) {
			runner("jdbc:postgresql://" + proxy.address().replaceFirst(".*:", "localhost:") + "/postgres",
					"app.dbs.orders.pool.connect-timeout=1s")
				.run((context) -> {
					dataSource(context).getConnection().close();
					proxy.beSilent();
					this.files.replaceWith(AUTHORITY.issueForClient("app"));
					Awaitility.await().until(() -> usage(context).failure() != null);
					assertThat(usage(context).failure())
						.startsWith("the reloaded bundle does not work: the host did not answer in time");
					proxy.resume();
					Awaitility.await().until(() -> usage(context).renewals() == 1);
					assertThat(usage(context).failure()).isNull();
				});
		}
	}

	@Test
	void aDatabaseThatIsAddedAtRunTimeFollowsTheBundleUntilItIsRemoved() {
		runner(url("localhost")).run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database acme = databases.add("acme",
					RuntimeDatabaseSettings.ofUrl(url("localhost")).set("username", "app").set("ssl.bundle", "db"));
			assertThat(acme.awaitUp(Duration.ofSeconds(30))).as("%s", acme.getLastFailure()).isTrue();
			try (Connection connection = acme.getDataSource().getConnection()) {
				assertThat(usesTls(connection)).isTrue();
			}
			this.files.replaceWith(AUTHORITY.issueForClient("app"));
			Awaitility.await().until(() -> acme.getSnapshot().ssl().renewals() == 1);
			databases.remove("acme");
			TestDatabases.awaitNoThreads("acme");
			this.files.replaceWith(AUTHORITY.issueForClient("app"));
			Awaitility.await().until(() -> usage(context).renewals() == 2);
			assertThat(TestDatabases.threads("acme")).isEmpty();
			assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
				.isThrownBy(() -> databases.add("acme",
						RuntimeDatabaseSettings.ofUrl(url("localhost")).set("ssl.bundle", "other")))
				.withMessage("Database 'acme': 'ssl.bundle' is 'other', which is not an SSL bundle.")
				.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(
						"Known bundles: db. Define it below 'spring.ssl.bundle.pem.other', for example with 'spring.ssl.bundle.pem.other.truststore.certificate: file:/certs/ca.pem', or correct the name."));
		});
	}

	/**
	 * Accepts every host.
	 */
	public static final class AnyHost implements HostnameVerifier {

		@Override
		public boolean verify(String host, SSLSession session) {
			return true;
		}

	}

}
