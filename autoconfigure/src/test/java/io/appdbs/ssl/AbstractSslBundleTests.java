package io.appdbs.ssl;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import javax.sql.DataSource;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.SslUsage;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.sql.SqlQueries;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Base class of tests for SSL bundles with a server of one engine, whose login
 * {@code app} has a client certificate instead of a password.
 */
abstract class AbstractSslBundleTests {

	static final CertificateAuthority AUTHORITY = CertificateAuthority.create("Test");

	static final CertificateAuthority OTHER = CertificateAuthority.create("Other");

	static final int POOL_SIZE = 8;

	@TempDir
	Path folder;

	CertificateFiles files;

	@BeforeEach
	void copyCertificate() {
		this.files = AUTHORITY.issueForClient("app").copyTo(this.folder, "tls");
	}

	/**
	 * Returns the URL of the server with TLS.
	 */
	abstract String url(String host);

	/**
	 * Returns the URL of a server without TLS that accepts the login.
	 */
	abstract String urlWithoutTls() throws Exception;

	/**
	 * Presents another certificate to new connections.
	 */
	abstract void present(CertificateFiles certificate) throws Exception;

	/**
	 * Returns whether a connection uses TLS, as the server knows it.
	 */
	abstract boolean usesTls(Connection connection) throws Exception;

	/**
	 * Returns what distinguishes the session of a connection from all others.
	 */
	abstract String session(Connection connection) throws Exception;

	/**
	 * Returns which sessions use a client certificate. Where SQL cannot read it, the
	 * server accepts only the last one that was issued.
	 */
	Predicate<String> sessionsOf(CertificateFiles certificate) throws Exception {
		return (session) -> true;
	}

	/**
	 * Issues another certificate for the login.
	 */
	CertificateFiles issueNext() throws Exception {
		return AUTHORITY.issueForClient("app");
	}

	/**
	 * Returns what the server says if the client certificate is missing.
	 */
	abstract String missingCertificate();

	/**
	 * Returns what the driver says if the server has no TLS.
	 */
	abstract String noTls();

	ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=100ms",
					"spring.ssl.bundle.pem.db.reload-on-update=true",
					"spring.ssl.bundle.pem.db.keystore.certificate=" + this.files.certificate().toUri(),
					"spring.ssl.bundle.pem.db.keystore.private-key=" + this.files.privateKey().toUri(),
					"spring.ssl.bundle.pem.db.truststore.certificate=" + AUTHORITY.getCertificate().toUri(),
					"app.dbs.orders.url=" + url, "app.dbs.orders.username=app", "app.dbs.orders.ssl.bundle=db",
					"app.dbs.orders.required=false", "app.dbs.orders.pool.connect-timeout=5s",
					"app.dbs.orders.pool.max-size=" + POOL_SIZE)
			.withPropertyValues(properties);
	}

	private ApplicationContextRunner trusting(CertificateAuthority authority) {
		return runner(url("localhost"),
				"spring.ssl.bundle.pem.db.truststore.certificate=" + authority.getCertificate().toUri());
	}

	static DataSource dataSource(ApplicationContext context) {
		return context.getBean("ordersDataSource", DataSource.class);
	}

	static SslUsage usage(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders").getSnapshot().ssl();
	}

	static String reason(ApplicationContext context) {
		return Awaitility.await().until(() -> {
			DatabaseOutage outage = context.getBean(Databases.class).get("orders").getSnapshot().outage();
			return (outage != null && context.getBean(Databases.class).get("orders").getState() == DatabaseState.DOWN)
					? outage.reason() : null;
		}, (reason) -> reason != null);
	}

	@Test
	void theCertificateIsTheLoginAndEveryConnectionUsesTls() {
		this.files.replaceWith(AUTHORITY.issueRsaForClient("app"));
		runner(url("localhost")).run((context) -> {
			List<Connection> borrowed = new ArrayList<>();
			for (int i = 0; i < POOL_SIZE; i++) {
				Connection connection = dataSource(context).getConnection();
				borrowed.add(connection);
				assertThat(usesTls(connection)).isTrue();
				assertThat(SqlQueries.queryForString(connection, "SELECT current_user")).startsWith("app");
			}
			for (Connection connection : borrowed) {
				connection.close();
			}
			SslUsage usage = usage(context);
			assertThat(usage.bundle()).isEqualTo("db");
			assertThat(usage.verify()).isEqualTo("full");
			assertThat(usage.renewals()).isZero();
			assertThat(usage.certificate().subject()).isEqualTo("CN=app");
			assertThat(usage.failure()).isNull();
		});
	}

	@Test
	void aServerOfAnotherAuthorityIsRejected() {
		trusting(OTHER).run((context) -> assertThat(reason(context)).contains("TLS")
			.contains("unable to find valid certification path"));
	}

	@Test
	void anotherHostNameIsRejectedUnlessOnlyTheAuthorityIsVerified() {
		runner(url("127.0.0.1")).run((context) -> assertThat(reason(context)).contains("TLS").contains("127.0.0.1"));
		runner(url("127.0.0.1"), "app.dbs.orders.ssl.verify=ca").run((context) -> {
			try (Connection connection = dataSource(context).getConnection()) {
				assertThat(usesTls(connection)).isTrue();
			}
		});
	}

	@Test
	void withoutClientCertificateTheLoginIsRejected() {
		runner(url("localhost"),
				"spring.ssl.bundle.pem.trust.truststore.certificate=" + AUTHORITY.getCertificate().toUri(),
				"app.dbs.orders.ssl.bundle=trust")
			.run((context) -> assertThat(reason(context)).contains(missingCertificate()));
	}

	@Test
	void anExpiredClientCertificateIsRejected() {
		this.files.replaceWith(AUTHORITY.issueExpiredForClient("app"));
		runner(url("localhost")).run((context) -> assertThat(reason(context)).contains("TLS")
			.contains("The certificate 'CN=app' of the SSL bundle expired at"));
	}

	@Test
	void anExpiredServerCertificateIsRejected() throws Exception {
		present(AUTHORITY.issueExpiredForServer());
		try {
			runner(url("localhost")).run((context) -> assertThat(reason(context)).contains("TLS").contains("NotAfter"));
		}
		finally {
			present(AUTHORITY.issueForServer());
		}
	}

	@Test
	void aServerWithoutTlsIsRejected() throws Exception {
		runner(urlWithoutTls()).run((context) -> assertThat(reason(context)).contains(noTls()));
	}

	@Test
	void reloadedCertificatesAreUsedWithoutAFailedBorrow() {
		runner(url("localhost")).run((context) -> new RenewalUnderLoad(this, context).run());
	}

	/**
	 * The server accepts the logins with a client certificate only.
	 */
	@Test
	void everyKindOfConnectionUsesTheBundle(@TempDir Path migrations) throws Exception {
		new MigrationFolder(migrations).write("V1__seat.sql", "CREATE TABLE seat (id int)")
			.changelog("audit", MigrationFolder.changeSet("1", "CREATE TABLE entry (id int)"));
		runner(url("localhost").replaceFirst("\\w+$", "tls_orders"), "app.dbs.orders.create-database=true",
				"app.dbs.orders.flyway.username=owner",
				"app.dbs.orders.flyway.locations=filesystem:" + migrations.resolve("db/migration"),
				"app.dbs.orders.inspection.username=owner", "app.dbs.orders.maintenance.operations=analyze",
				"app.dbs.orders.maintenance.username=owner", "app.dbs.orders.replicas[0].url=" + url("localhost"),
				"app.dbs.audit.url=" + url("localhost").replaceFirst("\\w+$", "tls_audit"),
				"app.dbs.audit.username=app", "app.dbs.audit.ssl.bundle=db", "app.dbs.audit.required=false",
				"app.dbs.audit.create-database=true", "app.dbs.audit.liquibase.user=owner",
				"app.dbs.audit.liquibase.change-log=classpath:/db/changelog/audit/db.changelog-master.yaml")
			.withClassLoader(new MigrationFolder(migrations).classLoader())
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				for (String name : List.of("orders", "audit", "orders-replica-1")) {
					assertThat(databases.get(name).awaitUp(Duration.ofSeconds(30)))
						.as("%s: %s", name, databases.get(name).getLastFailure())
						.isTrue();
				}
				for (String name : List.of("orders", "audit")) {
					assertThat(databases.get(name).getSnapshot().preparation("migration").details())
						.containsEntry("executed", 1);
				}
				assertThat(databases.get("orders-replica-1").getSnapshot().ssl().bundle()).isEqualTo("db");
				assertThat(databases.get("orders").inspect().tables().status()).isEqualTo(ReportStatus.OK);
				assertThat(databases.get("orders")
					.getMaintenance()
					.start(MaintenanceRequest.analyze("seat"))
					.toCompletableFuture()
					.get()
					.getState()).isEqualTo(MaintenanceTask.State.DONE);
			});
	}

}
