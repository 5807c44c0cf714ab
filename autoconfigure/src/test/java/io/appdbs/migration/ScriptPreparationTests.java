package io.appdbs.migration;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.net.httpserver.HttpServer;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ScriptPreparation}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ScriptPreparationTests {

	private static final String CREATE = "create table item (name varchar(20));\n";

	private static final String REPEATABLE = "create table if not exists item (name varchar(20));\n";

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private Path folder;

	@BeforeEach
	void logAsByDefault() {
		logger().setLevel(Level.INFO);
	}

	@AfterEach
	void resetLog() {
		logger().setLevel(null);
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger("io.appdbs.migration");
	}

	static Stream<String> embeddedUrls() {
		return Stream.of("embedded:postgresql", "embedded:mariadb", "embedded:h2", "jdbc:h2:mem:scripts-embedded");
	}

	@ParameterizedTest
	@MethodSource("embeddedUrls")
	void theScriptsAtTheDefaultLocationInitializeAnEmbeddedDatabase(String url, CapturedOutput output) {
		script("schema.sql", "-- items\n" + CREATE).script("data.sql", "insert into item values ('one; two');")
			.script("data-all.sql", "insert into item values ('all');");
		runner(url).run((context) -> {
			assertThat(select(context)).containsExactly("all", "one; two");
			assertThat(TestDatabases.orders(context).getSnapshot().preparation("scripts").details())
				.isEqualTo(Map.of("executed", 3));
			assertThat(managed(context)).isEqualTo(SchemaManagement.MANAGED);
		});
		assertThat(output).containsOnlyOnce("Database 'orders' was initialized by 3 SQL scripts");
	}

	@Test
	void otherDatabasesAreNotInitialized(CapturedOutput output) {
		script("schema.sql", CREATE);
		runner(servers.getUrl("embedded:postgresql", "other")).run((context) -> {
			assertThat(countTables(context)).isZero();
			assertThat(TestDatabases.orders(context).getSnapshot().preparation("scripts")).isNull();
			assertThat(managed(context)).isEqualTo(SchemaManagement.UNMANAGED);
		});
		assertThat(output).contains(
				"Database 'orders' is not embedded, so its SQL scripts are not executed: 'app.dbs.orders.sql-init.mode' is 'embedded'");
	}

	@Test
	void theModeAlwaysInitializesAnyDatabaseAtEachStart() {
		script("schema.sql", REPEATABLE).script("data.sql", "insert into item values ('again');");
		String url = servers.getUrl("embedded:postgresql", "always");
		runner(url, "app.dbs.orders.sql-init.mode=always")
			.run((context) -> assertThat(select(context)).containsExactly("again"));
		runner(url, "app.dbs-defaults.sql-init.mode=always")
			.run((context) -> assertThat(select(context)).containsExactly("again", "again"));
	}

	@Test
	void theModeNeverInitializesNone() {
		script("schema.sql", CREATE);
		runner("embedded:h2", "app.dbs.orders.sql-init.mode=never",
				"app.dbs.orders.sql-init.data-locations=nowhere.sql")
			.run((context) -> {
				assertThat(countTables(context)).isZero();
				assertThat(managed(context)).isEqualTo(SchemaManagement.UNMANAGED);
			});
	}

	@Test
	void scriptsAreExecutedAfterMigrations() {
		files().changelog("orders", MigrationFolder.changeSet("create", CREATE.strip()));
		script("data.sql", "insert into item values ('data');");
		runner("embedded:postgresql").run((context) -> {
			assertThat(select(context)).containsExactly("data");
			assertThat(TestDatabases.orders(context).getSnapshot().preparations()).extracting("name")
				.containsExactly("migration", "scripts");
		});
	}

	@Test
	void optionsAreApplied() {
		files().writeTo("more", "b.sql", "create table item (name varchar(20))@@insert into item values ('b')@@")
			.writeTo("more", "c.sql", "selekt 1@@insert into item values ('c')@@");
		runner("jdbc:h2:mem:scripts-options", "app.dbs.orders.sql-init.schema-locations=classpath:/more/*.sql",
				"app.dbs.orders.sql-init.data-locations[0]=optional:classpath:/nowhere.sql",
				"app.dbs.orders.sql-init.data-locations[1]=file:" + this.folder.resolve("more/c.sql"),
				"app.dbs.orders.sql-init.separator=@@", "app.dbs.orders.sql-init.continueOnError=true",
				"app.dbs.orders.sql-init.encoding=UTF-8", "app.dbs-defaults.sql-init.encoding=UTF-16BE")
			.run((context) -> assertThat(select(context)).containsExactly("b", "c", "c"));
	}

	@Test
	void thePlatformSelectsScripts() {
		script("schema-h2.sql", CREATE).script("schema-other.sql", "selekt 1");
		runner("jdbc:h2:mem:scripts-platform", "app.dbs-defaults.sql-init.platform=h2")
			.run((context) -> assertThat(select(context)).isEmpty());
	}

	@Test
	void scriptsCanHaveASeparateLogin() {
		String url = servers.getUrl("embedded:postgresql", "script_login");
		runner(url)
			.run((context) -> client(context).sql("create role filler login superuser password 's3cr3t'").update());
		script("schema.sql", CREATE + "insert into item values (user);");
		runner(url, "app.dbs.orders.sql-init.mode=always", "app.dbs.orders.sql-init.username=filler",
				"app.dbs.orders.sql-init.password=s3cr3t")
			.run((context) -> assertThat(select(context)).containsExactly("filler"));
	}

	@Test
	void whenAStatementFailsThenScriptAndNumberAreNamed() {
		script("schema.sql", CREATE + "insert into item values ('one');\n\nselekt 1;\n");
		String url = servers.getUrl("embedded:postgresql", "failed");
		assertThat(FailureText.ofStart(runner(url, "app.dbs.orders.sql-init.mode=always"))).isEqualTo(
				"""
						Database 'orders' (PostgreSQL) could not be initialized: statement 3 of the script 'db/init/orders/schema.sql' failed. The driver says: ERROR: syntax error at or near "selekt"
						  Position: 1

						Correct 'db/init/orders/schema.sql' and start again. The statements before it have been executed and will be executed again: undo them, or write them so that they can be repeated.""");
		script("schema.sql", "selekt 1;");
		assertThat(FailureText.ofStart(runner(url, "app.dbs.orders.sql-init.mode=always")))
			.endsWith("Correct 'db/init/orders/schema.sql' and start again.");
	}

	@Test
	void theSecretsOfTheLocationOfAScriptAreNotShown() throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			byte[] script = "selekt 1;".getBytes(StandardCharsets.UTF_8);
			boolean head = exchange.getRequestMethod().equals("HEAD");
			exchange.sendResponseHeaders(200, head ? -1 : script.length);
			if (!head) {
				exchange.getResponseBody().write(script);
			}
			exchange.close();
		});
		server.start();
		String location = "http://%s127.0.0.1:" + server.getAddress().getPort() + "/schema.sql";
		runner("jdbc:h2:mem:script-location",
				"app.dbs.orders.sql-init.schema-locations=" + location.formatted("svc:s3cr3t@"))
			.run((context) -> {
				StringWriter trace = new StringWriter();
				context.getStartupFailure().printStackTrace(new PrintWriter(trace));
				assertThat(trace.toString())
					.contains("statement 1 of the script '%s' failed. The driver says: "
						.formatted(location.formatted("***@")))
					.doesNotContain("s3cr3t");
			});
		server.stop(0);
	}

	@Test
	void whenTheScriptOfAnOptionalDatabaseHasFailedThenLaterAttemptsKeepTheCause() {
		script("schema.sql", CREATE + "selekt 1;");
		String url = servers.getUrl("embedded:mariadb", "script_kept");
		runner(url, "app.dbs.orders.sql-init.mode=always", "app.dbs.orders.required=false").run((context) -> {
			DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("orders");
			Awaitility.await().until(() -> statistics.getFailedProbes() >= 2);
			Database orders = context.getBean(Databases.class).get("orders");
			Awaitility.await().until(() -> orders.getState() == DatabaseState.DOWN);
			assertThat(orders.getSnapshot().outage().reason()).startsWith(
					"Database 'orders' (MariaDB) could not be initialized: statement 2 of the script 'db/init/orders/schema.sql' failed. The driver says: ");
		});
	}

	@Test
	void whenTheLoginForScriptsIsRefusedThenItIsReported() {
		script("schema.sql", CREATE);
		String url = servers.getUrl("embedded:mariadb", "script_refused");
		assertThat(FailureText.ofStart(runner(url, "app.dbs.orders.sql-init.mode=always",
				"app.dbs.orders.sql-init.username=nobody", "app.dbs.orders.sql-init.password=s3cr3t")))
			.startsWith(
					"Database 'orders' (MariaDB) could not be initialized: the server refused the login for SQL scripts: username or password is wrong. The driver says: ")
			.endsWith("Correct 'app.dbs.orders.sql-init.username' and 'app.dbs.orders.sql-init.password'.");
	}

	@Test
	void anOptionalDatabaseThatWasDownIsInitializedBeforeItIsUp() throws Exception {
		script("schema.sql", CREATE + "insert into item select 'one' from pg_sleep(0.3);");
		String url = servers.getUrl("embedded:postgresql", "script_recovered");
		String host = url.replaceFirst(".*@", "").replaceFirst("/.*", "");
		try (TcpProxy proxy = new TcpProxy(host)) {
			proxy.refuse();
			runner(url.replace(host, proxy.address()), "app.dbs.orders.sql-init.mode=always",
					"app.dbs.orders.required=false")
				.run((context) -> {
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
					proxy.resume();
					TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.UP);
					assertThat(select(context)).containsExactly("one");
				});
		}
	}

	private ScriptPreparationTests script(String name, String text) {
		files().writeTo("db/init/orders", name, text);
		return this;
	}

	private MigrationFolder files() {
		return new MigrationFolder(this.folder);
	}

	private static SchemaManagement managed(ApplicationContext context) {
		return context.getBean(SchemaManagementProvider.class)
			.getSchemaManagement(context.getBean("ordersDataSource", DataSource.class));
	}

	private static long countTables(ApplicationContext context) {
		return client(context)
			.sql("select count(*) from information_schema.tables where lower(table_schema) = 'public'")
			.query(Long.class)
			.single();
	}

	private static JdbcClient client(ApplicationContext context) {
		return context.getBean("ordersJdbcClient", JdbcClient.class);
	}

	private static List<String> select(ApplicationContext context) {
		return client(context).sql("select name from item").query(String.class).list();
	}

	private ApplicationContextRunner runner(String url, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withClassLoader(files().classLoader())
			.withPropertyValues("app.dbs.orders.url=" + url)
			.withPropertyValues(properties);
	}

}
