package io.appdbs.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;

import javax.sql.DataSource;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No secret is logged, at whatever level and by whomever, or is part of an exception or a
 * text.
 */
class SecretsTests {

	/**
	 * Part of every secret, however it is encoded.
	 */
	private static final String MARKER = "m4rk3r";

	private static final String PASSWORD = MARKER + "-p@ss";

	private static final String ENCODED = MARKER + "-p%40ss";

	private static EmbeddedServers servers;

	private static String host;

	private static String mongoHost;

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();

	private final Map<Logger, ch.qos.logback.classic.Level> levels = new HashMap<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.data.jpa.repositories.enabled=false");

	@BeforeAll
	static void startServers() throws Exception {
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:postgresql", "orders");
		host = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
		JdbcTemplate template = new JdbcTemplate(
				new DriverManagerDataSource("jdbc:postgresql://" + host + "/orders", "postgres", null));
		template.execute("CREATE ROLE app LOGIN PASSWORD '" + PASSWORD + "'");
		Path access = Path.of(template.queryForObject("SHOW hba_file", String.class));
		Files.writeString(access,
				"host all app all scram-sha-256\n" + Files.readString(access, StandardCharsets.UTF_8));
		template.execute("SELECT pg_reload_conf()");
		String mongoUrl = servers.getUrl("embedded:mongodb", "catalog");
		mongoHost = mongoUrl.substring("mongodb://".length(), mongoUrl.lastIndexOf('/'));
	}

	@AfterAll
	static void stopServers() {
		servers.close();
	}

	@BeforeEach
	void captureEverything() {
		this.loggers.getLoggerList().forEach((logger) -> this.levels.put(logger, logger.getLevel()));
		this.levels.keySet().forEach((logger) -> logger.setLevel(ch.qos.logback.classic.Level.ALL));
		Logger root = this.loggers.getLogger(Logger.ROOT_LOGGER_NAME);
		root.iteratorForAppenders().forEachRemaining((appender) -> appender.addFilter(new ErrorsOnly()));
		this.log.start();
		root.addAppender(this.log);
		SLF4JBridgeHandler.removeHandlersForRootLogger();
		SLF4JBridgeHandler.install();
		LogManager.getLogManager().getLogger("").setLevel(Level.ALL);
		java.util.logging.Logger.getLogger("org.postgresql").setLevel(Level.ALL);
	}

	@AfterEach
	void restore() {
		this.loggers.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this.log);
		this.loggers.getLogger(Logger.ROOT_LOGGER_NAME)
			.iteratorForAppenders()
			.forEachRemaining((appender) -> appender.clearAllFilters());
		this.levels.forEach(Logger::setLevel);
		LogManager.getLogManager().getLogger("").setLevel(Level.INFO);
		java.util.logging.Logger.getLogger("org.postgresql").setLevel(null);
		SLF4JBridgeHandler.uninstall();
	}

	@Test
	void whenDatabasesStartThenNoSecretIsShown() {
		this.runner
			.withPropertyValues("app.dbs.key.url=postgresql://" + host + "/orders", "app.dbs.key.username=app",
					"app.dbs.key.password=" + PASSWORD,
					"app.dbs.provider.url=postgresql://app:%s@%s/orders?sslmode=disable&sslpassword=%s"
						.formatted(ENCODED, host, ENCODED),
					"app.dbs.jdbc.url=jdbc:postgresql://%s/orders?user=app&password=%s&sslpassword=%s".formatted(host,
							ENCODED, ENCODED),
					"app.dbs.pool.url=postgresql://app:%s@%s/orders".formatted(ENCODED, host),
					"app.dbs.pool.hikari.data-source-properties.sslpassword=" + PASSWORD,
					"app.dbs.memory.url=jdbc:h2:mem:secrets;USER=sa;PASSWORD=" + PASSWORD,
					"app.dbs.catalog.url=mongodb://%s/catalog".formatted(mongoHost))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeansOfType(JdbcTemplate.class).values()).hasSize(5)
					.allSatisfy((template) -> assertThat(template.queryForObject("SELECT 1", Integer.class)).isOne());
				List<Object> texts = new ArrayList<>(context.getBeansOfType(DataSource.class).values());
				context.getBean(Databases.class).forEach(texts::add);
				texts.add(context.getBean(Databases.class));
				texts.addAll(settings(context.getEnvironment()));
				assertThat(texts).hasSize(5 + 6 + 1 + 3 * 6).allSatisfy(SecretsTests::assertNoSecret);
			});
		assertThat(events()).extracting(ILoggingEvent::getLoggerName)
			.contains("com.zaxxer.hikari.HikariConfig", "org.postgresql.Driver", "org.mongodb.driver.client",
					"io.appdbs.lifecycle.ManagedDatabase");
		assertNoSecretLogged();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://app:%s@%s/orders", "jdbc:postgresql://%2$s/orders?user=app&password=%1$s",
			"postgresql://app:%s@%s/missing", "mongodb://app:%s@%3$s/catalog?serverSelectionTimeoutMS=2000" })
	void whenADatabaseCannotBeOpenedThenNoSecretIsShown(String url) {
		fail("app.dbs.orders.url=" + url.formatted("wrong-" + ENCODED, host, mongoHost));
	}

	@Test
	void whenThePasswordOfTheKeyIsWrongThenNoSecretIsShown() {
		fail("app.dbs.orders.url=postgresql://" + host + "/orders", "app.dbs.orders.username=app",
				"app.dbs.orders.password=wrong-" + PASSWORD);
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://app:%s@host:port/orders", "postgresql://app:%s%%zz@localhost/orders",
			"postgresql://app:%s/x@localhost/orders", "jdbc:postgresql://localhost:x/orders?password=%s",
			"jdbc:postgresql:/app:%s@localhost/orders", "mongodb://app:%s@/catalog", "mongodb://app:%s@localhost",
			"mongodb://app:%s@localhost:x/catalog", "mongodb+srv://app:%s@localhost:1,other/catalog",
			"unknown://app:%s@localhost/orders", "app:%s@localhost/orders", "jdbc:h2:mem:x;PASSWORD=%s;USER",
			"embedded:postgresql?password=%s", "jdbc:postgresql://app:%s@localhost/orders",
			"mysql://app:%s@localhost/orders?sslmode=unknown" })
	void whenAUrlIsMalformedThenNoSecretIsShown(String url) {
		fail("app.dbs.orders.url=" + url.formatted(ENCODED), "app.dbs.orders.startup.timeout=1s");
	}

	@Test
	void whenCredentialsContradictThenNoSecretIsShown() {
		fail("app.dbs.orders.url=postgresql://app:%s@localhost/orders".formatted(ENCODED),
				"app.dbs.orders.password=other-" + PASSWORD);
	}

	private void fail(String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasFailed();
			assertNoSecret(context.getStartupFailure(), new ArrayList<>());
		});
		assertNoSecretLogged();
	}

	private static void assertNoSecret(Throwable failure, List<Throwable> seen) {
		if (failure == null || seen.contains(failure)) {
			return;
		}
		seen.add(failure);
		assertNoSecret((Object) failure);
		assertNoSecret(failure.getCause(), seen);
		for (Throwable suppressed : failure.getSuppressed()) {
			assertNoSecret(suppressed, seen);
		}
	}

	private static void assertNoSecret(Object object) {
		assertThat(object.toString()).doesNotContain(MARKER);
	}

	/**
	 * The events so far; threads of the servers' clients may still be logging.
	 */
	private List<ILoggingEvent> events() {
		synchronized (this.log) {
			return List.copyOf(this.log.list);
		}
	}

	private void assertNoSecretLogged() {
		List<ILoggingEvent> events = events();
		assertThat(events).isNotEmpty();
		assertThat(events.stream().map(SecretsTests::text).filter((text) -> text.contains(MARKER))).isEmpty();
	}

	private static String text(ILoggingEvent event) {
		String text = event.getLoggerName() + ": " + event.getFormattedMessage();
		return (event.getThrowableProxy() != null)
				? text + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()) : text;
	}

	private static List<Object> settings(Environment environment) {
		List<Object> texts = new ArrayList<>();
		DatabaseSettingsBinder.bind(environment, DatabaseNames.get(environment), null).values().forEach((database) -> {
			texts.add(database);
			texts.add(database.settings());
			texts.add(database.connectionDetails().get());
		});
		return texts;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Keeps the console readable.
	 */
	private static final class ErrorsOnly extends Filter<ILoggingEvent> {

		@Override
		public FilterReply decide(ILoggingEvent event) {
			return event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.ERROR) ? FilterReply.NEUTRAL
					: FilterReply.DENY;
		}

	}

}
