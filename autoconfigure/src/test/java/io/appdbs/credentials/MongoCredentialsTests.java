package io.appdbs.credentials;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.BinData;
import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.netty.channel.Channel;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.query.Query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for replacing the credentials of a MongoDB database, on a server that requires a
 * login.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoCredentialsTests {

	private final PlainLogins logins = new PlainLogins();

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>(
			new DatabaseCredentials("anna", "s3cr3t-anna"));

	private MongoServer server;

	@BeforeEach
	void startServer() {
		this.server = new MongoServer(this.logins);
		this.server.bind();
	}

	@AfterEach
	void stopServer() {
		this.server.shutdownNow();
	}

	@Test
	void aTokenForConnectingIsRejected() {
		this.current.set(DatabaseCredentials.forConnecting("anna", "s3cr3t-anna", Instant.now().plusSeconds(900)));
		runner().run((context) -> assertThat(context).getFailure()
			.isInstanceOfSatisfying(DatabaseStartException.class, (failure) -> {
				assertThat(failure).hasMessage(
						"Database 'catalog' could not be opened: its credentials provider returned a token for connecting, but the MongoDB driver cannot change its credentials.");
				assertThat(failure.getAction()).isEqualTo(
						"Return other DatabaseCredentials, or let the driver request tokens, with the parameter 'authMechanism' of 'app.dbs.catalog.url'.");
			}));
	}

	@Test
	void theClientBehindTheBeansIsReplacedAndHeldCollectionsContinueToWork() {
		runner("app.dbs.catalog.credentials.retire-after=200ms").run((context) -> {
			MongoCollection<Document> kept = context.getBean(MongoClient.class)
				.getDatabase("catalog")
				.getCollection("product");
			kept.insertOne(new Document("_id", 1));
			context.getBean(MongoTemplate.class).insert(new Document("_id", 2), "product");
			assertThat(this.logins.connections("anna")).isPositive();
			rotateToBert(context);
			kept.insertOne(new Document("_id", 3));
			context.getBean(MongoTemplate.class).insert(new Document("_id", 4), "product");
			assertThat(kept.countDocuments()).isEqualTo(4);
			Awaitility.await().until(() -> this.logins.connections("anna") == 0);
			assertThat(this.logins.connections("bert")).isPositive();
			kept.insertOne(new Document("_id", 5));
			assertThat(context.getBean(Databases.class).get("catalog").getState()).isEqualTo(DatabaseState.UP);
		});
		Awaitility.await().until(() -> this.logins.connections("bert") == 0);
	}

	@Test
	void theReactiveClientBehindTheBeansIsReplacedAsWell() {
		runner("app.dbs.catalog.credentials.retire-after=200ms", "app.dbs.catalog.mongo.reactive=true")
			.run((context) -> {
				ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
				Mono<Long> count = template.count(new Query(), "product");
				Publisher<Long> held = context.getBean(com.mongodb.reactivestreams.client.MongoClient.class)
					.getDatabase("catalog")
					.getCollection("product")
					.countDocuments();
				template.insert(new Document("_id", 1), "product").block();
				assertThat(this.logins.connections("anna")).isPositive();
				rotateToBert(context);
				template.insert(new Document("_id", 2), "product").block();
				Awaitility.await().until(() -> this.logins.connections("anna") == 0);
				assertThat(count.block()).isEqualTo(2);
				assertThat(Mono.from(held).block()).isEqualTo(2);
				assertThat(this.logins.connections("bert")).isPositive();
			});
		Awaitility.await().until(() -> this.logins.connections("bert") == 0);
	}

	@Test
	void aReactiveCursorKeepsTheClientThatOpenedIt() {
		runner("app.dbs.catalog.mongo.reactive=true").run((context) -> {
			ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
			for (int i = 0; i < 10; i++) {
				template.insert(new Document("_id", i), "product").block();
			}
			AtomicInteger rotated = new AtomicInteger();
			List<Document> all = template.find(new Query().cursorBatchSize(2), Document.class, "product")
				.publishOn(Schedulers.boundedElastic(), 1)
				.doOnNext((document) -> {
					if (rotated.getAndIncrement() == 0) {
						rotateToBert(context);
					}
				})
				.collectList()
				.block();
			assertThat(all).hasSize(10);
			assertThat(this.logins.connections("anna")).isPositive();
		});
		Awaitility.await().until(() -> this.logins.connections("anna") + this.logins.connections("bert") == 0);
	}

	@Test
	void aCursorKeepsTheClientThatOpenedIt() {
		runner().run((context) -> {
			MongoTemplate template = context.getBean(MongoTemplate.class);
			for (int i = 0; i < 10; i++) {
				template.insert(new Document("_id", i), "product");
			}
			try (MongoCursor<Document> cursor = template.getCollection("product").find().batchSize(2).cursor()) {
				cursor.next();
				rotateToBert(context);
				int left = 0;
				while (cursor.hasNext()) {
					cursor.next();
					left++;
				}
				assertThat(left).isEqualTo(9);
			}
			assertThat(this.logins.connections("anna")).isPositive();
		});
		Awaitility.await().until(() -> this.logins.connections("anna") + this.logins.connections("bert") == 0);
	}

	@Test
	void whenNewerCredentialsAreRefusedThenTheCurrentOnesStayInUse() {
		runner().run((context) -> {
			this.current.set(new DatabaseCredentials("bert", "s3cr3t-wrong"));
			Throwable failure = catchThrowable(
					() -> context.getBean(DatabaseLifecycle.class).getOperations("catalog").rotate());
			assertThat(failure.getMessage()).startsWith(
					"The credentials of database 'catalog' were not replaced: newer credentials do not work: the login was refused, username or password is wrong. The driver says: ")
				.doesNotContain("s3cr3t");
			context.getBean(MongoTemplate.class).insert(new Document("_id", 1), "product");
			assertThat(this.logins.connections("bert")).isZero();
			assertThat(usage(context).rotations()).isZero();
		});
	}

	@Test
	void whenAnOptionalDatabaseComesUpLaterThenItsClientUsesTheCurrentCredentials() {
		this.current.set(new DatabaseCredentials("anna", "s3cr3t-wrong"));
		runner("app.dbs.catalog.required=false").run((context) -> {
			MongoTemplate template = context.getBean(MongoTemplate.class);
			Awaitility.await()
				.until(() -> context.getBean(Databases.class).get("catalog").getState() == DatabaseState.DOWN);
			this.current.set(new DatabaseCredentials("bert", "s3cr3t-bert"));
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> context.getBean(Databases.class).get("catalog").getState() == DatabaseState.UP);
			template.insert(new Document("_id", 1), "product");
			assertThat(this.logins.connections("anna")).isZero();
		});
	}

	private void rotateToBert(ApplicationContext context) {
		this.current.set(new DatabaseCredentials("bert", "s3cr3t-bert"));
		context.getBean(DatabaseLifecycle.class).getOperations("catalog").rotate();
		assertThat(usage(context).rotations()).isOne();
	}

	private static CredentialsUsage usage(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot().credentials();
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues(
					"app.dbs.catalog.url=mongodb://localhost:%d/catalog?authMechanism=PLAIN"
						.formatted(this.server.getLocalAddress().getPort()),
					"app.dbs.catalog.username=anna", "app.dbs.catalog.credentials.refresh-interval=1h")
			.withPropertyValues(properties)
			.withBean(DatabaseCredentialsProvider.class, () -> (name) -> this.current.get());
	}

	/**
	 * Accepts logins with the mechanism PLAIN, and with a certificate, which the listener
	 * in front of the server has verified.
	 */
	static final class PlainLogins extends MemoryBackend {

		/** The user of connections that have logged in with a certificate. */
		static final String CERTIFICATE = "certificate";

		private static final Map<String, String> PASSWORDS = Map.of("anna", "s3cr3t-anna", "bert", "s3cr3t-bert");

		private static final List<String> OPEN = List.of("hello", "ismaster");

		private final Map<Channel, String> users = new ConcurrentHashMap<>();

		int connections(String user) {
			return (int) this.users.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().isOpen() && entry.getValue().equals(user))
				.count();
		}

		@Override
		public de.bwaldvogel.mongo.bson.Document handleCommand(Channel channel, String databaseName, String command,
				de.bwaldvogel.mongo.bson.Document query) {
			if (command.equals("authenticate") && "MONGODB-X509".equals(query.get("mechanism"))) {
				this.users.put(channel, CERTIFICATE);
				return new de.bwaldvogel.mongo.bson.Document("ok", 1);
			}
			if (command.equalsIgnoreCase("saslStart")) {
				return login(channel,
						new String(((BinData) query.get("payload")).getData(), StandardCharsets.UTF_8).split("\0"));
			}
			if (!OPEN.contains(command.toLowerCase()) && !this.users.containsKey(channel)) {
				return failure(13, "Unauthorized");
			}
			return super.handleCommand(channel, databaseName, command, query);
		}

		private de.bwaldvogel.mongo.bson.Document login(Channel channel, String[] parts) {
			if (!parts[2].equals(PASSWORDS.get(parts[1]))) {
				return failure(18, "Authentication failed.");
			}
			this.users.put(channel, parts[1]);
			return new de.bwaldvogel.mongo.bson.Document("conversationId", 1).append("done", true)
				.append("payload", new BinData(new byte[0]))
				.append("ok", 1);
		}

		private static de.bwaldvogel.mongo.bson.Document failure(int code, String message) {
			return new de.bwaldvogel.mongo.bson.Document("ok", 0).append("errmsg", message).append("code", code);
		}

	}

}
