package io.appdbs.bean;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.DatabaseRemoval;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseListener;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.Assert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for databases that are added and removed while the application runs.
 */
@ApplicationClassLoader
class RuntimeDatabasesTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false", "app.dbs.control.url=jdbc:h2:mem:control",
				"app.dbs-runtime.template.pool.max-size=3");

	@Test
	void aDatabaseIsAddedUsedAndRemoved() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database acme = databases.add("acme", RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:acme;DB_CLOSE_DELAY=-1"));
			assertThat(acme.awaitUp(LONG)).isTrue();
			assertThat(databases.getNames()).containsExactly("control", "acme");
			assertThat(databases.get("acme")).isSameAs(acme);
			JdbcClient client = acme.getBean(JdbcClient.class);
			client.sql("CREATE TABLE items (id INT)").update();
			acme.getTransactionTemplate()
				.executeWithoutResult((status) -> client.sql("INSERT INTO items VALUES (1)").update());
			assertThat(client.sql("SELECT count(*) FROM items").query(Integer.class).single()).isOne();
			assertThat(databases.remove("acme")).isEqualTo(new DatabaseRemoval("acme", true, 0));
			assertThat(databases.getNames()).containsExactly("control");
			assertThat(acme.getState()).isEqualTo(DatabaseState.CLOSED);
			assertThat(databases.remove("acme")).isEqualTo(new DatabaseRemoval("acme", false, 0));
		});
	}

	@Test
	void whenTheTemplateIsInvalidThenNoDatabaseWasOpened() {
		this.runner.withPropertyValues("app.dbs-runtime.template.startup.timeout=${UNKNOWN}").run((context) -> {
			assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageStartingWith("'app.dbs-runtime.template.startup.timeout' refers to '${UNKNOWN}'");
			TestDatabases.awaitNoThreads("appdbs-");
		});
	}

	@Test
	void aDatabaseOnAServerIsMigratedBeforeItIsUsed(@TempDir Path folder) {
		String url = servers.getUrl("embedded:postgresql", "migrated");
		MigrationFolder migrations = new MigrationFolder(folder).write("tenant/V1__items.sql",
				"CREATE TABLE items (id INT)");
		this.runner.withClassLoader(migrations.classLoader())
			.withPropertyValues("app.dbs-runtime.template.flyway.locations=classpath:db/migration/tenant")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				Database acme = databases.add("acme", Map.of("url", url));
				assertThat(acme.awaitUp(LONG)).as("%s", acme.getLastFailure()).isTrue();
				assertThat(
						acme.getBean(JdbcClient.class).sql("SELECT count(*) FROM items").query(Integer.class).single())
					.isZero();
				assertThat(acme.getSnapshot().preparation("migration").details()).containsEntry("version", "1");
				assertThat(databases.remove("acme").removed()).isTrue();
			});
	}

	@Test
	void aReferenceThatWasKeptFailsForEverAndNeverReachesAnotherDatabase() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database first = add(databases, "acme", "jdbc:h2:mem:first;DB_CLOSE_DELAY=-1");
			DataSource kept = first.getDataSource();
			JdbcClient client = first.getBean(JdbcClient.class);
			databases.remove("acme");
			Database second = add(databases, "acme", "jdbc:h2:mem:second;DB_CLOSE_DELAY=-1");
			assertThat(second.getBean(JdbcClient.class).sql("SELECT DATABASE()").query(String.class).single())
				.isEqualTo("SECOND");
			assertRemoved(kept);
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> client.sql("SELECT 1").query(Integer.class).single())
				.havingRootCause()
				.withMessageStartingWith("Database 'acme' was removed at ");
			assertThat(first.awaitUp(LONG)).isFalse();
			assertRemoved(first.getDataSource());
		});
	}

	@Test
	void workUnderWayGoesOnUntilItEnds() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			DataSource dataSource = add(databases, "acme", "jdbc:h2:mem:drained").getDataSource();
			try (Connection connection = dataSource.getConnection()) {
				List<DatabaseRemoval> removals = new CopyOnWriteArrayList<>();
				Thread remover = new Thread(() -> removals.add(databases.remove("acme")));
				remover.start();
				TestDatabases.await(() -> databases.get("acme").getState() == DatabaseState.CLOSED);
				assertRemoved(dataSource);
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> databases.add("acme", Map.of("url", "jdbc:h2:mem:other")))
					.withMessage(
							"Database 'acme' cannot be added: the database of that name is still being removed. Wait until remove has returned.");
				assertThat(connection.createStatement().executeQuery("SELECT 1").next()).isTrue();
				connection.close();
				remover.join();
				assertThat(removals).containsExactly(new DatabaseRemoval("acme", true, 0));
			}
		});
	}

	@Test
	void aListenerThatFailsDoesNotKeepTheNameOrOtherListeners() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			List<String> known = new CopyOnWriteArrayList<>();
			DatabaseListener failing = new DatabaseListener() {

				@Override
				public void added(Database database) {
					Assert.state(!database.getName().equals("refused"), "added");
				}

				@Override
				public void removed(Database database) {
					throw new IllegalStateException("removed");
				}

			};
			DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
			lifecycle.addListener(recording(known));
			lifecycle.addListener(failing);
			lifecycle.addListener(recording(known));
			add(databases, "acme", "jdbc:h2:mem:listened");
			assertThat(databases.remove("acme")).isEqualTo(new DatabaseRemoval("acme", true, 0));
			add(databases, "acme", "jdbc:h2:mem:listened");
			assertThat(known).containsExactly("acme", "acme");
			assertThat(databases.remove("acme").removed()).isTrue();
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> databases.add("refused", Map.of("url", "jdbc:h2:mem:refused")))
				.withMessage("added");
			assertThat(known).isEmpty();
			assertThat(databases.getNames()).containsExactly("control");
		});
	}

	private static DatabaseListener recording(List<String> known) {
		return new DatabaseListener() {

			@Override
			public void added(Database database) {
				known.add(database.getName());
			}

			@Override
			public void removed(Database database) {
				known.remove(database.getName());
			}

		};
	}

	@Test
	void whatHasNotEndedIsAborted() {
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			Database acme = add(databases, "acme", servers.getUrl("embedded:postgresql", "aborted"));
			CompletableFuture<Object> work = SeparateThread
				.supply(() -> acme.getBean(JdbcClient.class).sql("SELECT pg_sleep(60)").query().singleValue());
			TestDatabases.await(() -> acme.getSnapshot().pool().active() == 1);
			assertThat(databases.remove("acme", Duration.ofMillis(50))).isEqualTo(new DatabaseRemoval("acme", true, 1));
			assertThat(work).failsWithin(LONG);
		});
	}

	@Test
	void aServerThatDoesNotAnswerDoesNotStopTheOthers() throws Exception {
		String url = servers.getUrl("embedded:postgresql", "healthy");
		String address = url.substring(url.indexOf('@') + 1);
		try (TcpProxy proxy = new TcpProxy(address.substring(0, address.indexOf('/')))) {
			proxy.beSilent();
			this.runner.withPropertyValues("app.dbs-runtime.template.pool.connect-timeout=1s").run((context) -> {
				Databases databases = context.getBean(Databases.class);
				String hanging = "postgresql://postgres@%s/healthy".formatted(proxy.address());
				for (int i = 0; i < 40; i++) {
					databases.add("hanging-" + i, RuntimeDatabaseSettings.ofUrl(hanging));
				}
				Database healthy = add(databases, "healthy", url);
				assertThat(healthy.getBean(JdbcClient.class).sql("SELECT 1").query(Integer.class).single()).isOne();
				TestDatabases.await(() -> databases.getCounts().down() == 40);
				assertThat(TestDatabases.threads("appdbs-runtime-open")).hasSizeLessThanOrEqualTo(4);
				proxy.resume();
				TestDatabases.await(() -> databases.getCounts().up() == 42);
			});
		}
	}

	@Test
	void whenTheApplicationIsClosedWhileDatabasesAreAddedThenNoneIsLeft() {
		List<Database> added = new CopyOnWriteArrayList<>();
		List<RuntimeException> failures = new CopyOnWriteArrayList<>();
		List<Thread> threads = new CopyOnWriteArrayList<>();
		this.runner.run((context) -> {
			Databases databases = context.getBean(Databases.class);
			for (int i = 0; i < 4; i++) {
				int thread = i;
				threads.add(new Thread(() -> {
					try {
						for (int j = 0;; j++) {
							String name = "t-%d-%d".formatted(thread, j);
							added.add(databases.add(name, RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:" + name)));
							if (j % 2 == 0) {
								databases.remove(name, Duration.ZERO);
							}
						}
					}
					catch (RuntimeException ex) {
						failures.add(ex);
					}
				}));
			}
			threads.forEach(Thread::start);
			TestDatabases.await(() -> added.size() > 20);
		});
		TestDatabases.await(() -> threads.stream().noneMatch(Thread::isAlive));
		assertThat(failures).hasSize(4)
			.allSatisfy((ex) -> assertThat(ex).isInstanceOf(IllegalDatabaseOperationException.class)
				.hasMessageEndingWith("cannot be added: the application is being closed."));
		assertThat(added).allMatch((database) -> database.getState() == DatabaseState.CLOSED);
		TestDatabases.awaitNoThreads("appdbs-");
	}

	@Test
	void namesThatAreInUseAreRefused() {
		this.runner
			.withPropertyValues("app.dbs.unused.url=jdbc:h2:mem:unused", "app.dbs.unused.enabled=false",
					"app.dbs-runtime.max-databases=1")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				assertRefused(databases, "control", "the name is that of a configured database.");
				assertRefused(databases, "unused",
						"the name is that of a configured database, which is disabled: 'app.dbs.unused.enabled' is 'false'");
				add(databases, "acme", "jdbc:h2:mem:acme");
				assertRefused(databases, "acme", "a database of that name is open since ");
				assertRefused(databases, "globex",
						"1 databases have been added, which is the maximum ('app.dbs-runtime.max-databases'). Remove one first, or raise it.");
				assertThatExceptionOfType(IllegalDatabaseOperationException.class)
					.isThrownBy(() -> databases.remove("control"))
					.withMessage(
							"Database 'control' cannot be removed: it is configured, and has beans. Only databases that have been added at run time can be removed.");
				databases.remove("acme");
				add(databases, "globex", "jdbc:h2:mem:globex");
			});
	}

	private static void assertRefused(Databases databases, String name, String reason) {
		assertThatExceptionOfType(IllegalDatabaseOperationException.class)
			.isThrownBy(() -> databases.add(name, Map.of("url", "jdbc:h2:mem:other")))
			.withMessageStartingWith("Database '%s' cannot be added: %s".formatted(name, reason));
	}

	private static void assertRemoved(DataSource dataSource) {
		assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection)
			.satisfies((ex) -> assertThat(ex.getMessage())
				.matches("Database 'acme' was removed at \\d\\d:\\d\\d:\\d\\d\\. It serves nothing any more\\."));
	}

	private static Database add(Databases databases, String name, String url) throws InterruptedException {
		Database database = databases.add(name, RuntimeDatabaseSettings.ofUrl(url));
		assertThat(database.awaitUp(LONG)).isTrue();
		return database;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
