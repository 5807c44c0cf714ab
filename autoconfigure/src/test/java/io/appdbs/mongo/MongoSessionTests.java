package io.appdbs.mongo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.netty.channel.Channel;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for MongoDB servers that have sessions, as every real one has. A client selects a
 * server in order to end its sessions there when it is closed.
 */
@ExtendWith(OutputCaptureExtension.class)
class MongoSessionTests {

	private final Sessions sessions = new Sessions();

	private final MongoServer server = new MongoServer(this.sessions);

	private int port;

	private Set<Thread> before;

	@BeforeEach
	void startServer() {
		this.port = this.server.bind().getPort();
		this.before = clusterThreads();
	}

	@AfterEach
	void stopServer() {
		this.server.shutdownNow();
	}

	@Test
	void whenTheApplicationIsClosedThenItsClientEndsItsSessionsAndLeavesNothingOpen(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			runner().run(MongoSessionTests::useSession);
		}
		// including the client of the monitor
		assertThat(this.sessions.ended).hasValueGreaterThanOrEqualTo(6);
		assertThat(output).doesNotContain("did not close properly");
		assertNothingIsLeft();
	}

	@Test
	void whenTheApplicationIsClosedWhileTheDatabaseIsDownThenNothingRemainsOpen(CapturedOutput output) {
		runner("app.dbs.catalog.required=false").run((context) -> {
			useSession(context);
			this.server.shutdownNow();
			Awaitility.await()
				.until(() -> context.getBean(Databases.class).get("catalog").getState() == DatabaseState.DOWN);
		});
		assertThat(output).doesNotContain("did not close properly");
		assertNothingIsLeft();
	}

	private void assertNothingIsLeft() {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			Set<Thread> left = clusterThreads();
			left.removeAll(this.before);
			assertThat(left).isEmpty();
		});
	}

	private static void useSession(ApplicationContext context) {
		MongoClient client = context.getBean("catalogMongoClient", MongoClient.class);
		try (ClientSession session = client.startSession()) {
			client.getDatabase("catalog").runCommand(session, new Document("ping", 1));
		}
	}

	private static Set<Thread> clusterThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("cluster-"))
			.collect(Collectors.toSet());
	}

	private ApplicationContextRunner runner(String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=mongodb://localhost:" + this.port + "/catalog")
			.withPropertyValues(properties);
	}

	/**
	 * Answers as a server does that has sessions.
	 */
	private static final class Sessions extends MemoryBackend {

		private static final Set<String> GREETINGS = Set.of("hello", "ismaster");

		private final AtomicInteger ended = new AtomicInteger();

		@Override
		public de.bwaldvogel.mongo.bson.Document handleCommand(Channel channel, String database, String command,
				de.bwaldvogel.mongo.bson.Document query) {
			if (command.equals("endSessions")) {
				this.ended.addAndGet(((List<?>) query.get("endSessions")).size());
				return new de.bwaldvogel.mongo.bson.Document("ok", 1.0);
			}
			de.bwaldvogel.mongo.bson.Document answer = super.handleCommand(channel, database, command, query);
			if (GREETINGS.contains(command.toLowerCase(Locale.ROOT))) {
				answer.put("logicalSessionTimeoutMinutes", 30);
			}
			return answer;
		}

	}

}
