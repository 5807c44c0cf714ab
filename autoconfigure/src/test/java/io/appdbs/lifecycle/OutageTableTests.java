package io.appdbs.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabaseHealthContributorAutoConfiguration;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.testsupport.AbstractProxiedDatabaseTests;
import io.appdbs.testsupport.LoggedLines;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Injects one fault after the other, and writes what is seen of each to
 * {@code target/outages.md}.
 */
class OutageTableTests extends AbstractProxiedDatabaseTests {

	private static final List<String> rows = new ArrayList<>();

	private final LoggedLines log = new LoggedLines();

	@BeforeEach
	void clear() {
		this.log.clear();
	}

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	@AfterAll
	static void write() throws Exception {
		List<String> lines = new ArrayList<>();
		lines.add("| fault | state | log lines | first | health | first good query after |");
		lines.add("|---|---|---|---|---|---|");
		lines.addAll(rows);
		Files.write(Path.of("target/outages.md"), lines);
	}

	@Test
	void refused() {
		run("refused: new connections, open ones stay silent", DatabaseState.DOWN, 4, () -> {
			proxy().dropOpen();
			proxy().refuseNew();
		}, proxy()::resume);
	}

	@Test
	void killed() {
		run("killed server", DatabaseState.DOWN, 3, proxy()::refuse, proxy()::resume);
	}

	@Test
	void silent() {
		run("silent (black hole)", DatabaseState.DOWN, 3, proxy()::swallow, () -> {
			proxy().reset();
			proxy().resume();
		});
	}

	@Test
	void slow() {
		run("slow link: 300 ms an answer", DatabaseState.UP, 0, () -> proxy().delay(Duration.ofMillis(300)),
				() -> proxy().delay(Duration.ZERO));
	}

	@Test
	void loginRefused() {
		run("login refused", DatabaseState.DOWN, 3, () -> {
			byte[] fields = "SFATAL\0C28P01\0Mpassword authentication failed\0\0".getBytes(StandardCharsets.US_ASCII);
			proxy().reject("\0database\0",
					ByteBuffer.allocate(fields.length + 5)
						.put((byte) 'E')
						.putInt(fields.length + 4)
						.put(fields)
						.array());
			proxy().reset();
		}, () -> proxy().reject(null));
	}

	@Test
	void exhausted() {
		List<Connection> held = new ArrayList<>();
		run("pool exhausted", DatabaseState.UP, 1, (context) -> {
			DataSource dataSource = dataSource(context);
			held.add(dataSource.getConnection());
			held.add(dataSource.getConnection());
			assertThat(catchThrowable(dataSource::getConnection)).isInstanceOf(PoolExhaustedException.class);
			assertThat(catchThrowable(dataSource::getConnection)).isInstanceOf(PoolExhaustedException.class);
		}, () -> {
			for (Connection connection : held) {
				connection.close();
			}
		});
	}

	private void run(String fault, DatabaseState state, int mostLines, Action begin, Action end) {
		run(fault, state, mostLines, (context) -> begin.run(), end);
	}

	private void run(String fault, DatabaseState state, int mostLines, Fault begin, Action end) {
		runner("app.dbs.orders.pool.acquire-timeout=500ms", "app.dbs.orders.health.abort-after=1s")
			.withConfiguration(AutoConfigurations.of(DatabaseHealthContributorAutoConfiguration.class))
			.run((context) -> {
				assertThat(answers(context)).isTrue();
				this.log.clear();
				begin.run(context);
				Awaitility.await().until(() -> orders(context).getState() == state);
				pause(Duration.ofSeconds(3));
				assertThat(orders(context).getState()).isEqualTo(state);
				Status health = health(context);
				List<String> lines = this.log.messages();
				long over = System.nanoTime();
				end.run();
				Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> answers(context));
				long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over);
				rows.add("| %s | %s | %d | %s | %s | %d ms |".formatted(fault, state, lines.size(),
						lines.isEmpty() ? "" : lines.get(0), health, millis));
				assertThat(lines).hasSizeLessThanOrEqualTo(mostLines).allMatch((line) -> line.startsWith("Database"));
				assertThat(this.log.stackTraces()).isEmpty();
				assertThat(health).isEqualTo((state == DatabaseState.UP) ? Status.UP : Status.DOWN);
			});
	}

	private static void pause(Duration duration) {
		long begin = System.nanoTime();
		Awaitility.await().until(() -> System.nanoTime() - begin > duration.toNanos());
	}

	private static Status health(ApplicationContext context) {
		CompositeHealthContributor databases = context.getBean(CompositeHealthContributor.class);
		return ((HealthIndicator) databases.getContributor("orders")).health().getStatus();
	}

	private static boolean answers(ApplicationContext context) {
		return catchThrowable(
				() -> context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("select 1")) == null;
	}

	private static Database orders(ApplicationContext context) {
		return context.getBean(Databases.class).get("orders");
	}

	private interface Action {

		void run() throws Exception;

	}

	private interface Fault {

		void run(ApplicationContext context) throws Exception;

	}

}
