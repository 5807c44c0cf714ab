package io.appdbs.rls;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for row-level security behind PgBouncer in transaction mode, where a connection
 * of the pool is another one of the server with each transaction. Skipped where no
 * {@code pgbouncer} is installed.
 */
@ExtendWith(OutputCaptureExtension.class)
class RlsPgBouncerTests {

	@TempDir
	private Path folder;

	private Notes notes;

	private Process bouncer;

	private int port;

	private Path binary;

	@BeforeEach
	void setUp() throws Exception {
		Path binary = Stream.of("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer")
			.map(Path::of)
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
		Assumptions.assumeTrue(binary != null, "PgBouncer is not installed");
		this.notes = new Notes();
		this.notes.start();
		try (ServerSocket socket = new ServerSocket(0)) {
			this.port = socket.getLocalPort();
		}
		this.binary = binary;
	}

	private void start(String... settings) throws IOException {
		String[] server = this.notes.address().split(":");
		Path configuration = this.folder.resolve("pgbouncer.ini");
		Files.writeString(configuration, """
				[databases]
				notes = host=%s port=%s dbname=notes user=app
				[pgbouncer]
				listen_addr = 127.0.0.1
				listen_port = %d
				unix_socket_dir =
				auth_type = any
				default_pool_size = 2
				ignore_startup_parameters = extra_float_digits,options
				%s
				""".formatted(server[0], server[1], this.port, String.join("\n", settings)));
		List<String> command = new ArrayList<>(List.of(this.binary.toString()));
		if (System.getProperty("user.name").equals("root")) {
			// it refuses to run as root
			this.folder.toFile().setExecutable(true, false);
			this.folder.toFile().setReadable(true, false);
			configuration.toFile().setReadable(true, false);
			command.addAll(List.of("-u", "nobody"));
		}
		command.add(configuration.toString());
		this.bouncer = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("pgbouncer.log").toFile())
			.start();
		Awaitility.await().ignoreExceptions().until(() -> {
			connect().close();
			return true;
		});
	}

	private Connection connect() throws SQLException {
		return DriverManager
			.getConnection("jdbc:postgresql://127.0.0.1:" + this.port + "/notes?user=app&prepareThreshold=0");
	}

	@AfterEach
	void tearDown() throws Exception {
		if (this.bouncer != null) {
			this.bouncer.destroyForcibly().waitFor();
		}
		if (this.notes != null) {
			this.notes.close();
		}
	}

	private void run(ContextConsumer<AssertableApplicationContext> test, String... properties) {
		this.notes.run(test, Stream
			.concat(Stream.of("app.dbs.notes.url=postgresql://127.0.0.1:" + this.port + "/notes?prepareThreshold=0"),
					Stream.of(properties))
			.toArray(String[]::new));
	}

	@Test
	void whenSessionsAreSharedThenItIsLogged(CapturedOutput output) throws Exception {
		// with another session, the reader could get that one
		start("pool_mode = transaction", "default_pool_size = 1");
		run((context) -> {
			assertThat(output.getAll().lines().filter((line) -> line.contains("WARN") && line.contains("PgBouncer")))
				.singleElement(InstanceOfAssertFactories.STRING)
				.endsWith("Database 'notes' (at 127.0.0.1:" + this.port
						+ "/notes): the sessions of the server are shared by several connections, as by PgBouncer with 'pool_mode = transaction'. What a statement leaves in a session is visible to other users: temporary tables, cursors WITH HOLD, prepared statements and settings that are not local to the transaction. Set 'server_reset_query_always = 1' in PgBouncer");
			assertThat(readLeft(context)).as("leaks, as the warning says").containsExactly("alice", "alice");
		});
	}

	@Test
	void whenSessionsAreResetThenNothingIsLoggedAndNothingIsLeft(CapturedOutput output) throws Exception {
		start("pool_mode = transaction", "server_reset_query_always = 1");
		run((context) -> {
			assertThat(output).doesNotContain("PgBouncer");
			assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(() -> readLeft(context));
		});
	}

	@Test
	void whenASessionBelongsToOneConnectionThenNothingIsLogged(CapturedOutput output) throws Exception {
		start("pool_mode = session", "default_pool_size = 8");
		run((context) -> assertThat(output).doesNotContain("PgBouncer"));
	}

	@Test
	void settingsThatAreDroppedAreLogged(CapturedOutput output) throws Exception {
		start("pool_mode = transaction", "server_reset_query_always = 1");
		run((context) -> {
			assertThat(output.getAll().lines().filter((line) -> line.contains("WARN") && line.contains("PgBouncer")))
				.singleElement(InstanceOfAssertFactories.STRING)
				.endsWith("Database 'notes' (at 127.0.0.1:" + this.port
						+ "/notes): 'app.dbs.notes.statement-timeout' and 'app.dbs.notes.read-only' are not in effect: a session of the server does not have what its connection was opened with. A pooler such as PgBouncer drops it. Set it on the server for the login, or connect without the pooler");
			String timeout = RlsContextHolder.supplyAs(RlsContext.of("alice"),
					() -> Notes.template(context).queryForObject("SHOW statement_timeout", String.class));
			assertThat(timeout).as("as the warning says").isEqualTo("0");
		}, "app.dbs.notes.statement-timeout=30s", "app.dbs.notes.read-only=true");
	}

	/**
	 * Return what another user reads from the temporary table of one.
	 */
	private static List<String> readLeft(ApplicationContext context) {
		JdbcTemplate template = Notes.template(context);
		RlsContextHolder.runAs(RlsContext.of("alice"),
				() -> template.execute("CREATE TEMP TABLE left_behind AS SELECT owner FROM note LIMIT 2"));
		return RlsContextHolder.supplyAs(RlsContext.of("bob"),
				() -> template.queryForList("SELECT owner FROM left_behind", String.class));
	}

	@Test
	void everybodySeesTheirOwnRowsOnlyAndNothingIsLeft() throws Exception {
		start("pool_mode = transaction");
		run((context) -> {
			ExecutorService threads = Executors.newFixedThreadPool(8);
			try {
				List<Future<?>> tasks = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					String user = (i % 2 == 0) ? "alice" : "bob";
					tasks.add(threads
						.submit(() -> RlsContextHolder.runAs(RlsContext.of(user), () -> work(context, user))));
				}
				for (Future<?> task : tasks) {
					task.get();
				}
			}
			finally {
				threads.shutdownNow();
			}
			for (int i = 0; i < 4; i++) {
				assertThat(setting()).isIn("", null);
			}
		});
	}

	private static void work(ApplicationContext context, String user) {
		JdbcTemplate template = Notes.template(context);
		TransactionTemplate transaction = Notes.transaction(context);
		for (int i = 0; i < 200; i++) {
			assertThat(template.queryForList("SELECT owner FROM note WHERE id > ?", String.class, 0)).hasSize(10)
				.containsOnly(user);
			transaction.executeWithoutResult((status) -> {
				assertThat(template.queryForList("SELECT owner FROM note", String.class)).hasSize(10)
					.containsOnly(user);
				assertThat(template.update("UPDATE note SET body = body")).isEqualTo(10);
			});
		}
	}

	private String setting() throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT current_setting('app.current_user_id', true)")) {
			rows.next();
			return rows.getString(1);
		}
	}

}
