package io.appdbs.ssl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.SslUsage;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.sql.SqlQueries;
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

	private static final CertificateAuthority OTHER = CertificateAuthority.create("Other");

	private static final int THREADS = 16;

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
					"app.dbs.orders.pool.max-size=8")
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
		runner(url("localhost")).run((context) -> {
			List<Connection> borrowed = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
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
		runner(url("localhost")).run((context) -> {
			dataSource(context).getConnection().close();
			Set<String> failures = ConcurrentHashMap.newKeySet();
			AtomicInteger borrows = new AtomicInteger();
			AtomicBoolean ended = new AtomicBoolean();
			ExecutorService threads = Executors.newFixedThreadPool(THREADS);
			List<Future<?>> work = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				work.add(threads.submit(() -> borrow(context, ended, borrows, failures)));
			}
			try {
				renew(context, borrows);
			}
			finally {
				ended.set(true);
				threads.shutdown();
			}
			for (Future<?> future : work) {
				future.get();
			}
			assertThat(failures).isEmpty();
			assertThat(borrows).hasValueGreaterThan(1000);
		});
	}

	/**
	 * A good pair, half of the next one, a wrong one, and again a good one.
	 */
	private void renew(ApplicationContext context, AtomicInteger borrows) throws Exception {
		awaitBorrows(borrows);
		this.files.replaceWith(AUTHORITY.issueForClient("app"));
		Awaitility.await().until(() -> usage(context).renewals() == 1);
		assertThat(usage(context).failure()).isNull();
		awaitBorrows(borrows);
		CertificateFiles next = AUTHORITY.issueForClient("app");
		this.files.replaceKeyWith(next);
		Awaitility.await().until(() -> usage(context).failure() != null);
		assertThat(usage(context).failure()).isEqualTo(
				"the reloaded bundle cannot be used: the private key does not belong to the certificate of 'CN=app'");
		awaitBorrows(borrows);
		this.files.replaceWith(next);
		Awaitility.await().until(() -> usage(context).renewals() == 2);
		assertThat(usage(context).failure()).isNull();
		this.files.replaceWith(OTHER.issueForClient("app"));
		Awaitility.await().until(() -> usage(context).failure() != null);
		assertThat(usage(context).failure()).startsWith("the reloaded bundle does not work: ");
		assertThat(usage(context).renewals()).isEqualTo(2);
		awaitBorrows(borrows);
		Files.writeString(this.files.certificate(), "garbage");
		awaitBorrows(borrows);
		this.files.replaceWith(AUTHORITY.issueForClient("app"));
		Awaitility.await().until(() -> usage(context).renewals() >= 3 && usage(context).failure() == null);
		awaitBorrows(borrows);
		assertThat(context.getBean(Databases.class).get("orders").getState()).isEqualTo(DatabaseState.UP);
	}

	private static void awaitBorrows(AtomicInteger borrows) {
		int before = borrows.get();
		Awaitility.await().until(() -> borrows.get() > before + 200);
	}

	private void borrow(ApplicationContext context, AtomicBoolean ended, AtomicInteger borrows, Set<String> failures) {
		while (!ended.get()) {
			try (Connection connection = dataSource(context).getConnection()) {
				if (!usesTls(connection)) {
					failures.add("no TLS");
				}
				borrows.incrementAndGet();
			}
			catch (Exception ex) {
				failures.add(ex.toString());
			}
		}
	}

}
