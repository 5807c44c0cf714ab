package io.appdbs.bean;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditSink;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is around the connections of databases that are added at run time.
 */
class RuntimeLayersTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs-runtime.max-databases=2");

	@Test
	void transactionsAreRetried() {
		this.runner.run((context) -> {
			Database acme = add(context.getBean(Databases.class), "acme",
					settings("acme").set("retry.enabled", true)
						.set("retry.on-sql-states", "23505")
						.set("retry.initial-delay", Duration.ofMillis(1)));
			AtomicInteger attempts = new AtomicInteger();
			acme.getTransactionTemplate().executeWithoutResult((status) -> {
				if (attempts.incrementAndGet() < 3) {
					throw new DuplicateKeyException("conflict", new SQLException("conflict", "23505"));
				}
			});
			assertThat(attempts).hasValue(3);
		});
	}

	@Test
	void statementsAreLoggedUnderTheNameOfTheDatabase() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.query.acme");
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.setLevel(Level.INFO);
		logger.addAppender(appender);
		try {
			this.runner.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				query(add(databases, "acme", settings("acme").set("query-log", true)), "SELECT 7 AS logged");
				databases.remove("acme");
				query(add(databases, "acme", settings("acme")), "SELECT 7 AS hidden");
				databases.remove("acme");
				Database removed = add(databases, "acme", settings("acme").set("query-log", true));
				databases.remove("acme");
				assertThat(removed.getBean(JdbcClient.class)).isNotNull();
				Database latest = add(databases, "acme", settings("acme").set("slow-query-threshold", "1h"));
				query(latest, "SELECT 7 AS fast");
			});
		}
		finally {
			logger.detachAppender(appender);
			logger.setLevel(null);
		}
		assertThat(appender.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).endsWith("query=SELECT 7 AS logged"));
	}

	@Test
	void eachDatabaseIsAuditedToItsOwnSinks() {
		this.runner.withUserConfiguration(Sinks.class)
			.withPropertyValues("app.dbs-runtime.template.audit.statements=all")
			.run((context) -> {
				Databases databases = context.getBean(Databases.class);
				Sinks sinks = context.getBean(Sinks.class);
				query(add(databases, "globex", settings("globex")), "SELECT 1");
				query(add(databases, "acme", settings("acme")), "SELECT 2");
				databases.remove("acme");
				query(add(databases, "acme", settings("acme")), "SELECT 3");
				assertThat(sinks.acme).extracting(AuditEvent::database).containsExactly("acme", "acme");
				assertThat(sinks.all).extracting(AuditEvent::database).containsExactly("globex", "acme", "acme");
			});
	}

	private static RuntimeDatabaseSettings settings(String name) {
		return RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:layers-" + name);
	}

	private static Database add(Databases databases, String name, RuntimeDatabaseSettings settings)
			throws InterruptedException {
		Database database = databases.add(name, settings);
		assertThat(database.awaitUp(Duration.ofSeconds(30))).as("%s", database.getLastFailure()).isTrue();
		return database;
	}

	private static void query(Database database, String sql) {
		database.getBean(JdbcClient.class).sql(sql).query().singleValue();
	}

	@Configuration(proxyBeanMethods = false)
	static class Sinks {

		private final List<AuditEvent> acme = new CopyOnWriteArrayList<>();

		private final List<AuditEvent> all = new CopyOnWriteArrayList<>();

		@Bean
		@Qualifier("acme")
		AuditSink acmeSink() {
			return this.acme::add;
		}

		@Bean
		AuditSink sink() {
			return this.all::add;
		}

	}

}
