package io.appdbs.credentials;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import de.bwaldvogel.mongo.MongoServer;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.credentials.MongoCredentialsTests.PlainLogins;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsListener;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for logins of a MongoDB database whose connections use an SSL bundle.
 */
class MongoSslCredentialsTests {

	private static final CertificateAuthority authority = CertificateAuthority.create("Test");

	private final PlainLogins logins = new PlainLogins();

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>(
			new DatabaseCredentials("anna", "s3cr3t-anna"));

	/** Runs before the renewal opens its second client, which is no longer the trial. */
	private final AtomicReference<Runnable> afterTrial = new AtomicReference<>();

	private final AtomicInteger opened = new AtomicInteger();

	private CertificateFiles live;

	private MongoServer server;

	private TlsListener listener;

	private TcpProxy proxy;

	@BeforeEach
	void start(@TempDir Path folder) throws Exception {
		this.live = authority.issueForClient("first").copyTo(folder, "live");
		this.server = new MongoServer(this.logins);
		this.server.bind();
		this.listener = new TlsListener(authority, authority.issueForServer());
		this.proxy = new TcpProxy("localhost:" + this.server.getLocalAddress().getPort(), this.listener);
	}

	@AfterEach
	void stop() {
		this.proxy.close();
		this.server.shutdownNow();
	}

	@Test
	void theCertificateIsTheLogin() {
		runner("MONGODB-X509").run((context) -> {
			insert(context);
			assertThat(this.logins.connections(PlainLogins.CERTIFICATE)).isPositive();
			renew(context);
			insert(context);
			assertThat(this.listener.getClients()).contains("CN=first", "CN=second");
		});
	}

	@Test
	void aRotationDuringTheRenewalIsKept() {
		rotating().run((context) -> {
			insert(context);
			this.afterTrial.set(() -> SeparateThread.run(() -> rotateToBert(context)).join());
			renew(context);
			assertThat(snapshot(context).credentials().rotations()).isOne();
			TestDatabases.await(() -> this.logins.connections("anna") == 0);
			insert(context);
			assertThat(this.logins.connections("bert")).isPositive();
		});
	}

	@Test
	void whenTheServerEndsAfterTheTrialThenTheCertificatesAreInUseWithoutAFailure() {
		rotating().run((context) -> {
			insert(context);
			this.afterTrial.set(this.proxy::refuseNew);
			renew(context);
			assertThat(snapshot(context).ssl().certificate().subject()).isEqualTo("CN=second");
			assertThat(snapshot(context).ssl().failure()).isNull();
		});
	}

	private void renew(ApplicationContext context) {
		this.live.replaceWith(authority.issueForClient("second"));
		TestDatabases.await(() -> snapshot(context).ssl().renewals() == 1 || snapshot(context).ssl().failure() != null);
		assertThat(snapshot(context).ssl().failure()).isNull();
	}

	private void rotateToBert(ApplicationContext context) {
		this.current.set(new DatabaseCredentials("bert", "s3cr3t-bert"));
		context.getBean(DatabaseLifecycle.class).getOperations("catalog").rotate();
	}

	private static void insert(ApplicationContext context) {
		context.getBean(MongoTemplate.class).insert(new Document("name", "x"), "product");
	}

	private static DatabaseSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot();
	}

	private void opening() {
		Runnable action = this.afterTrial.get();
		if (action != null && Thread.currentThread().getName().equals("appdbs-ssl-catalog")
				&& this.opened.incrementAndGet() == 2) {
			action.run();
		}
	}

	private ApplicationContextRunner rotating() {
		return runner("PLAIN")
			.withPropertyValues("app.dbs.catalog.username=anna", "app.dbs.catalog.credentials.refresh-interval=1h")
			.withBean(DatabaseCredentialsProvider.class, () -> (name) -> this.current.get());
	}

	private ApplicationContextRunner runner(String mechanism) {
		String bundle = "spring.ssl.bundle.pem.server.";
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withPropertyValues(
					"app.dbs.catalog.url=mongodb://localhost:%s/catalog?authMechanism=%s"
						.formatted(this.proxy.address().replaceAll(".*:", ""), mechanism),
					"app.dbs.catalog.ssl.bundle=server", "app.dbs.catalog.credentials.retire-after=200ms",
					bundle + "truststore.certificate=file:" + authority.getCertificate(),
					bundle + "keystore.certificate=file:" + this.live.certificate(),
					bundle + "keystore.private-key=file:" + this.live.privateKey(), bundle + "reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=100ms")
			.withBean(MongoClientSettingsBuilderCustomizer.class, () -> (settings) -> opening());
	}

}
