package io.appdbs.mongo;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.SslUsage;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsListener;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for SSL bundles of MongoDB databases, with the driver's clients in front of a
 * listener with TLS that requires a client certificate.
 */
class MongoSslTests {

	private static final CertificateAuthority authority = CertificateAuthority.create("Test");

	private static final CertificateAuthority other = CertificateAuthority.create("Other");

	/** What the driver finds if it writes before it reads why the server refuses. */
	private static final String CLOSED = "Broken pipe|Connection reset|Prematurely reached end of stream";

	private static EmbeddedServers servers;

	private static String plain;

	private static TlsListener listener;

	private static TcpProxy right;

	private static TcpProxy expired;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() throws Exception {
		servers = new EmbeddedServers(null);
		plain = servers.getUrl("embedded:mongodb", "ssl").replaceAll(".*?([\\w.]+:\\d+)/.*", "$1");
		listener = new TlsListener(authority, authority.issueForServer());
		right = new TcpProxy(plain, listener);
		expired = new TcpProxy(plain, new TlsListener(authority, authority.issueExpiredForServer()));
	}

	@AfterAll
	static void stop() throws Exception {
		right.close();
		expired.close();
		servers.close();
	}

	@ParameterizedTest
	@CsvSource({ "full, localhost", "ca, localhost", "ca, 127.0.0.1" })
	void theServerIsUsedWithTls(String verify, String host) {
		CertificateFiles client = authority.issueForClient("right-" + verify + "-" + host);
		runner(host + ":" + port(right), authority, client).withPropertyValues("app.dbs.catalog.ssl.verify=" + verify)
			.run((context) -> {
				insert(context);
				assertThat(listener.getClients()).contains("CN=right-" + verify + "-" + host);
			});
	}

	@Test
	@RequiresDocumentDb
	void aTransactionUsesTls() throws Exception {
		try (DocumentDbServer server = RealServers.startDocumentDb();
				TcpProxy proxy = new TcpProxy(server.getUrl("ssl").replaceAll(".*?([\\w.]+:\\d+)/.*", "$1"),
						listener)) {
			runner("localhost:" + port(proxy), authority, authority.issueForClient("transaction"))
				.withPropertyValues(
						"app.dbs.catalog.url=mongodb://localhost:" + port(proxy) + "/ssl?directConnection=true")
				.run((context) -> {
					context.getBean("catalogTransactionTemplate", TransactionTemplate.class)
						.executeWithoutResult((status) -> insert(context));
					assertThat(listener.getClients()).contains("CN=transaction");
				});
		}
	}

	@Test
	void theReactiveClientUsesTls() {
		CertificateFiles client = authority.issueForClient("reactive");
		runner("localhost:" + port(right), authority, client).withPropertyValues("app.dbs.catalog.mongo.reactive=true")
			.run((context) -> {
				ReactiveMongoTemplate template = context.getBean("catalogReactiveMongoTemplate",
						ReactiveMongoTemplate.class);
				assertThat(template.getCollection("reactive")
					.flatMap((collection) -> reactor.core.publisher.Mono.from(collection.countDocuments()))
					.block()).isZero();
			});
		runner("127.0.0.1:" + port(right), authority, client)
			.withPropertyValues("app.dbs.catalog.mongo.reactive=true", "app.dbs.catalog.required=false")
			.run((context) -> {
				TestDatabases.await(() -> snapshot(context).state() == DatabaseState.DOWN);
				assertThat(reason(context))
					.contains("No subject alternative names matching IP address 127.0.0.1 found");
			});
	}

	@Test
	void aServerOfAnotherAuthorityIsRefused() {
		assertRefused("localhost:" + port(right), other, authority.issueForClient("app"),
				"unable to find valid certification path to requested target");
	}

	@Test
	void aServerWithAnotherNameIsRefused() {
		assertRefused("127.0.0.1:" + port(right), authority, authority.issueForClient("app"),
				"No subject alternative names matching IP address 127.0.0.1 found");
	}

	@Test
	void aServerWhoseCertificateHasExpiredIsRefused() {
		assertRefused("localhost:" + port(expired), authority, authority.issueForClient("app"), "NotAfter");
	}

	@Test
	void withoutAClientCertificateTheServerRefuses() {
		Set<String> before = Set.copyOf(listener.getClients());
		assertDown("localhost:" + port(right), null, "certificate_required|bad_certificate|" + CLOSED);
		assertThat(listener.getClients()).isEqualTo(before);
	}

	@Test
	void withAnExpiredClientCertificateTheServerRefuses() {
		Set<String> before = Set.copyOf(listener.getClients());
		assertDown("localhost:" + port(right), authority.issueExpiredForClient("expired"),
				"certificate_expired|certificate_unknown|" + CLOSED);
		assertThat(listener.getClients()).isEqualTo(before);
	}

	/**
	 * The server waits for a message that it understands, or closes the connection.
	 */
	@Test
	void aServerWithoutTlsIsRefused() {
		assertDown(plain, authority.issueForClient("app"),
				"Read timed out|terminated the handshake|Unsupported or unrecognized SSL message|" + CLOSED);
	}

	private void assertDown(String address, CertificateFiles client, String cause) {
		runner(address, authority, client).withPropertyValues("app.dbs.catalog.required=false").run((context) -> {
			TestDatabases.await(() -> snapshot(context).state() == DatabaseState.DOWN);
			assertThat(reason(context)).matches(
					"(the host did not answer in time|client and server did not agree on TLS)\\. The driver says: .*("
							+ cause + ").*");
		});
	}

	private void assertRefused(String address, CertificateAuthority trusted, CertificateFiles client, String reason) {
		runner(address, trusted, client).withPropertyValues("app.dbs.catalog.required=false").run((context) -> {
			TestDatabases.await(() -> snapshot(context).state() == DatabaseState.DOWN);
			assertThat(reason(context)).startsWith("client and server did not agree on TLS. The driver says: ")
				.contains(reason)
				.hasSizeLessThan(300);
		});
	}

	@Test
	void reloadedCertificatesAreUsedWithoutAFailedOperation() {
		CertificateFiles live = authority.issueForClient("first").copyTo(this.folder, "live");
		runner("localhost:" + port(right), authority, live)
			.withPropertyValues("spring.ssl.bundle.pem.server.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=100ms", "app.dbs.catalog.credentials.retire-after=500ms")
			.run((context) -> {
				AtomicBoolean ended = new AtomicBoolean();
				AtomicInteger operations = new AtomicInteger();
				ConcurrentTasks.run(17, (thread) -> {
					try {
						if (thread == 16) {
							reload(context, live, operations);
						}
						while (thread < 16 && !ended.get()) {
							insert(context);
							operations.incrementAndGet();
						}
					}
					finally {
						ended.set(true);
					}
					return null;
				});
				assertThat(listener.getClients()).doesNotContain("CN=stranger");
			});
	}

	private void reload(ApplicationContext context, CertificateFiles live, AtomicInteger operations) {
		live.replaceWith(authority.issueForClient("second"));
		TestDatabases.await(() -> usage(context).renewals() == 1 && listener.getClients().contains("CN=second"));
		CertificateFiles third = authority.issueForClient("third");
		live.replaceKeyWith(third);
		TestDatabases.await(() -> usage(context).failure() != null);
		assertThat(usage(context).failure()).isEqualTo(
				"the reloaded bundle cannot be used: the private key does not belong to the certificate of 'CN=second'");
		int before = operations.get();
		TestDatabases.await(() -> operations.get() > before + 100);
		live.replaceWith(other.issueForClient("stranger"));
		TestDatabases.await(() -> String.valueOf(usage(context).failure()).contains("did not agree on TLS"));
		live.replaceWith(third);
		TestDatabases.await(() -> usage(context).renewals() == 2 && listener.getClients().contains("CN=third"));
		assertThat(usage(context).failure()).isNull();
	}

	private static void insert(ApplicationContext context) {
		context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document("name", "x"), "product");
	}

	private static DatabaseSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot();
	}

	private static String reason(ApplicationContext context) {
		return String.valueOf(snapshot(context).outage().reason());
	}

	private static SslUsage usage(ApplicationContext context) {
		return snapshot(context).ssl();
	}

	private static int port(TcpProxy proxy) {
		return Integer.parseInt(proxy.address().replaceAll(".*:", ""));
	}

	private static ApplicationContextRunner runner(String address, CertificateAuthority trusted,
			CertificateFiles client) {
		String bundle = "spring.ssl.bundle.pem.server.";
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=mongodb://" + address + "/ssl",
					"app.dbs.catalog.ssl.bundle=server",
					bundle + "truststore.certificate=file:" + trusted.getCertificate(),
					"app.dbs.catalog.startup.timeout=5s", "app.dbs.catalog.pool.connect-timeout=1s");
		return (client != null)
				? runner.withPropertyValues(bundle + "keystore.certificate=file:" + client.certificate(),
						bundle + "keystore.private-key=file:" + client.privateKey())
				: runner;
	}

}
