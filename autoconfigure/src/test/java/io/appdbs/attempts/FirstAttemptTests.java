package io.appdbs.attempts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesEndpointAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.engine.Causes;
import io.appdbs.rls.PostgresServer;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.routing.ScopedSelection;
import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.MigrationFolder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for what users try first and the message that they get, which is in
 * {@code messages.txt}, and for what they try next if they follow its words. Attempts
 * that need only a configuration are in {@code wrong-configurations/first-attempts.txt}.
 */
class FirstAttemptTests {

	private static final String SCHEMA = """
			CREATE ROLE app LOGIN PASSWORD 's3cr3t';
			CREATE ROLE admin LOGIN SUPERUSER;
			CREATE ROLE migrator LOGIN;
			CREATE SCHEMA history AUTHORIZATION migrator;
			CREATE TABLE purchase (id bigint PRIMARY KEY, owner text);
			ALTER TABLE purchase ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON purchase USING (owner = NULLIF(current_setting('app.current_user_id', true), ''));
			GRANT SELECT ON purchase TO app;
			DO $$ BEGIN EXECUTE format('COPY (VALUES (''host all app all scram-sha-256''), (''host all all all trust'')) TO %L',
				current_setting('hba_file')); END $$;
			SELECT pg_reload_conf();
			""";

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", SCHEMA);

	@TempDir
	private static Path folder;

	private static ConfigurableApplicationContext running;

	@BeforeAll
	static void start() {
		running = start("app.dbs.orders.url=jdbc:h2:mem:attempts", "app.dbs.audit.url=jdbc:h2:mem:attempts-audit",
				"app.dbs.tenant-acme.url=jdbc:h2:mem:attempts-acme", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*", "management.endpoint.databases.access=unrestricted",
				"management.endpoints.jmx.exposure.include=databases", "spring.jmx.enabled=true");
	}

	@AfterAll
	static void stop() {
		running.close();
	}

	static Stream<Attempt> attempts() {
		return Stream.of(serverAttempts(), rowLevelSecurityAttempts(), attemptsAtRunTime(), operationAttempts())
			.flatMap((attempts) -> attempts);
	}

	private static Stream<Attempt> serverAttempts() {
		ThrowingCallable app = opens("username=app", "password=s3cr3t");
		String secret = file("secret", "s3cr3t");
		String migrations = "flyway.locations=filesystem:" + folder.resolve("migrations");
		new MigrationFolder(folder).writeTo("migrations", "V1__create.sql", "create table item (id int);");
		String changes = "flyway.locations=filesystem:" + folder.resolve("changes");
		new MigrationFolder(folder).writeTo("changes", "V1__total.sql",
				"alter table public.purchase add column total int;");
		String baseline = "flyway.baseline-on-migrate=true";
		return Stream.of(new Attempt("wrong password", opens("username=app", "password=s3cr3t2"), app),
				new Attempt("password is a comment", opens("username=app", "password="), app),
				new Attempt("missing database",
						opens("url=postgresql://" + server.address() + "/orders_eu", "username=admin"), app),
				new Attempt("missing table", opens("username=admin", "startup.required-tables=purchases"),
						opens("username=admin", "startup.required-tables=purchase")),
				new Attempt("missing location of migrations",
						opens("username=admin", "flyway.locations=classpath:db/migration/ordrs"),
						opens("username=admin", migrations, baseline)),
				new Attempt("migrations of a database with tables",
						opens("username=admin", migrations, "flyway.table=second"),
						opens("username=admin", migrations, "flyway.table=second", baseline)),
				new Attempt("migrations without a privilege",
						opens("username=app", "password=s3cr3t", migrations, "flyway.table=third", baseline),
						opens("username=app", "password=s3cr3t", migrations, "flyway.table=third", baseline,
								"flyway.username=admin")),
				new Attempt("statement without a privilege",
						opens("username=migrator", changes, "flyway.default-schema=history"),
						opens("username=migrator", changes, "flyway.default-schema=history", "flyway.username=admin")),
				new Attempt("password file as a URL", opens("username=app", "credentials.password-file=file:" + secret),
						opens("username=app", "credentials.password-file=" + secret)),
				new Attempt("package without classes",
						opens("username=app", "password=s3cr3t", "packages=com.acme.shop"), app),
				new Attempt("name in @Transactional", () -> start(Misspelt.class, H2).close(),
						() -> start(Correct.class, H2).close()));
	}

	private static Stream<Attempt> rowLevelSecurityAttempts() {
		String[] protectedByRows = { "username=app", "password=s3cr3t", "rls.enabled=true" };
		Consumer<ConfigurableApplicationContext> count = (context) -> context
			.getBean("ordersJdbcTemplate", JdbcTemplate.class)
			.queryForList("SELECT count(*) FROM purchase");
		return Stream.of(
				new Attempt("row-level security with a superuser", opens("username=admin", "rls.enabled=true"),
						opens(protectedByRows)),
				new Attempt("row-level security without a user", uses(count, protectedByRows),
						uses((context) -> RlsContextHolder.runAs(RlsContext.of("alice"), () -> count.accept(context)),
								protectedByRows)));
	}

	private static Stream<Attempt> attemptsAtRunTime() {
		return Stream.of(
				new Attempt("name in Databases.get", () -> databases().get("order"), () -> databases().get("orders")),
				new Attempt("name of an added database", adds("Tenant_1", "url"), adds("tenant-1", "url")),
				new Attempt("key of an added database", adds("tenant-2", "jdbc-url"), adds("tenant-2", "url")),
				new Attempt("added database without a URL", () -> databases().add("tenant-3", Map.of("username", "sa")),
						adds("tenant-3", "url")),
				new Attempt("added database that is configured", adds("audit", "url"), adds("audit-eu", "url")),
				new Attempt("removal of a configured database", () -> databases().remove("audit"),
						() -> databases().remove("tenant-1")),
				new Attempt("no selection", selects(null), selects("tenant-acme")),
				new Attempt("selection that the route does not include", selects("audit"), selects("tenant-acme")),
				new Attempt("selection of an unknown database", selects("tenant-acne"), selects("tenant-acme")));
	}

	private static Stream<Attempt> operationAttempts() {
		return Stream.of(new Attempt("unknown operation", operates("pause", null), operates("probe", null)),
				new Attempt("use of a suspended database", () -> {
					endpoint().operate("audit", "suspend", "fail", null, null, null, null, null, null);
					query("audit");
				}, () -> {
					operates("resume", null).call();
					query("audit");
				}),
				new Attempt("size of the pool as a word", operates("set-maximum-pool-size", "ten"),
						operates("set-maximum-pool-size", "10")),
				new Attempt("parameter of another operation", operates("probe", "10"), operates("probe", null)),
				new Attempt("name at the endpoint", () -> endpoint().database("adit"),
						() -> endpoint().database("audit")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("attempts")
	void theNextAttemptSucceeds(Attempt attempt) throws IOException {
		assertThat(message(catchThrowable(attempt.first()))).isEqualTo(messages().get(attempt.name()));
		assertThatNoException().isThrownBy(attempt.next());
	}

	private static Map<String, String> messages() throws IOException {
		String text = new ClassPathResource("messages.txt", FirstAttemptTests.class)
			.getContentAsString(StandardCharsets.UTF_8);
		return Arrays.stream(("\n" + text).split("\n# "))
			.skip(1)
			.map((message) -> message.split("\n", 2))
			.collect(Collectors.toMap((message) -> message[0], (message) -> message[1].strip()));
	}

	private static String message(Throwable failure) {
		boolean analyzed = Causes.find(InvalidDatabaseConfigurationException.class, failure) != null
				|| Causes.find(DatabaseStartException.class, failure) != null;
		Throwable shown = (failure instanceof CannotGetJdbcConnectionException) ? failure.getCause() : failure;
		String message = analyzed ? FailureText.describe(failure) : String.valueOf(shown.getMessage());
		return message.replace(server.address(), "<address>")
			.replace(folder.toString(), "<folder>")
			.replaceAll("since [\\d:.TZ-]+Z", "since <time>");
	}

	private static ThrowingCallable opens(String... settings) {
		return uses((context) -> {
		}, settings);
	}

	private static ThrowingCallable uses(Consumer<ConfigurableApplicationContext> use, String... settings) {
		return () -> {
			Stream<String> url = Stream.of("url=postgresql://" + server.address() + "/orders");
			try (ConfigurableApplicationContext context = start(Stream.concat(url, Arrays.stream(settings))
				.map("app.dbs.orders."::concat)
				.toArray(String[]::new))) {
				use.accept(context);
			}
		};
	}

	private static ThrowingCallable adds(String name, String key) {
		return () -> {
			databases().add(name, Map.of(key, "jdbc:h2:mem:attempts-" + name));
			databases().remove(name);
		};
	}

	private static ThrowingCallable selects(String name) {
		Runnable query = () -> query("tenants");
		return () -> {
			if (name != null) {
				ScopedSelection.run(name, query);
			}
			else {
				query.run();
			}
		};
	}

	private static ThrowingCallable operates(String operation, String maximum) {
		return () -> endpoint().operate("audit", operation, null, null, maximum, null, null, null, null);
	}

	private static Databases databases() {
		return running.getBean(Databases.class);
	}

	private static DatabasesEndpoint endpoint() {
		return running.getBean(DatabasesEndpoint.class);
	}

	private static void query(String name) {
		running.getBean(name + "JdbcTemplate", JdbcTemplate.class).queryForList("select 1");
	}

	private static String file(String name, String text) {
		try {
			return Files.writeString(folder.resolve(name), text).toString();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return start(Application.class, properties);
	}

	private static ConfigurableApplicationContext start(Class<?> component, String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		ConfigurableEnvironment environment = EnvironmentBuilder.properties(properties).build();
		environment.setConversionService(new ApplicationConversionService());
		context.setEnvironment(environment);
		context.register(Application.class, component);
		context.refresh();
		return context;
	}

	private static final String H2 = "app.dbs.orders.url=jdbc:h2:mem:attempts";

	/**
	 * An attempt and the next one.
	 */
	record Attempt(String name, ThrowingCallable first, ThrowingCallable next) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, DatabasesAutoConfiguration.class,
			TransactionAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class,
			DatabasesEndpointAutoConfiguration.class })
	static class Application {

	}

	static class Misspelt {

		@Transactional("order")
		void run() {
		}

	}

	static class Correct {

		@Transactional("orders")
		void run() {
		}

	}

}
