package io.appdbs.audit;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

import javax.sql.DataSource;

import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.testsupport.LoggedLines;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for sinks that fail, and for sinks that use the database whose events they
 * record.
 */
class AuditFailureTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final RecordedEvents events = new RecordedEvents();

	@Test
	void failuresAreLoggedOnceAndCounted() {
		try (LoggedLines logged = new LoggedLines()) {
			runner("h2", "log").run((context) -> {
				create(context);
				this.events.failFor((event) -> true);
				template(context).update("insert into item values (1)");
				template(context).update("insert into item values (2)");
				this.events.failFor((event) -> false);
				template(context).update("insert into item values (3)");
				assertThat(template(context).queryForList("select id from item", Integer.class)).hasSize(3);
				assertThat(this.events.take()).hasSize(1);
				assertThat(trail(context).getFailures()).isEqualTo(2);
				assertThat(trail(context).getEvents(AuditOutcome.COMMITTED)).isEqualTo(5);
				assertThat(trail(context).getUnknownUsers()).isEqualTo(5);
			});
			assertThat(logged.messages()).filteredOn((message) -> message.contains("recorded"))
				.singleElement()
				.asString()
				.matches("Database 'orders': the unit of work \\S+-3 \\(committed\\) could not be recorded\\. "
						+ "Further failures are counted by the meter 'appdbs\\.audit\\.failures' and logged at DEBUG for a minute\\.");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2", "postgresql", "mariadb" })
	void whatCannotBeRecordedIsNotExecutedOrCommitted(String engine) {
		runner(engine, "fail").run((context) -> {
			create(context);
			JdbcTemplate template = template(context);
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			this.events.failFor((event) -> true);
			assertThatException().isThrownBy(() -> template.update("insert into item values (1)"))
				.havingRootCause()
				.isInstanceOf(IllegalStateException.class)
				.withMessage("No space left");
			assertThatException()
				.isThrownBy(() -> transaction
					.executeWithoutResult((status) -> template.update("insert into item values (2)")))
				.havingCause()
				.isInstanceOf(AuditFailedException.class)
				.withMessage("Database 'orders': the unit of work could not be recorded, so it was rolled back.");
			assertThatException().isThrownBy(
					() -> transaction.executeWithoutResult((status) -> template.execute("create table other (id int)")))
				.havingRootCause();
			this.events.failFor((event) -> false);
			assertThat(template.queryForList("select id from item", Integer.class)).isEmpty();
			assertThatException().isThrownBy(() -> template.queryForList("select * from other"));
		});
	}

	@Test
	void aUnitIsAnnouncedBeforeItIsCommitted() {
		runner("postgresql", "fail").run((context) -> {
			create(context);
			template(context).update("insert into item values (1)");
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> template(context).update("insert into item values (2)"));
			transaction.executeWithoutResult((status) -> {
				template(context).update("insert into item values (3)");
				status.setRollbackOnly();
			});
			List<AuditEvent> taken = this.events.take();
			assertThat(taken.get(0).id()).isEqualTo(taken.get(1).id());
			assertThat(taken.get(2).id()).isEqualTo(taken.get(3).id()).isNotEqualTo(taken.get(0).id());
			taken.forEach(this.events::record);
			String insert = "by - | insert into item values (?) -> ";
			assertThat(this.events.takeLines()).containsExactly("pending " + insert + "?", "committed " + insert + "1",
					"pending " + insert + "1", "committed " + insert + "1", "rolled-back " + insert + "1");
		});
	}

	@Test
	void aFunctionThatASelectCallsIsAnnounced() {
		runner("postgresql", "fail").run((context) -> {
			create(context);
			JdbcTemplate template = template(context);
			template.execute("create or replace function archive(int) returns int language sql "
					+ "as 'delete from item where id = $1 returning id'");
			template.update("insert into item values (1)");
			this.events.take();
			String select = "select distinct on (id) archive(id) from item";
			assertThat(template.queryForList(select, Integer.class)).containsExactly(1);
			assertThat(template.queryForList("select id from item")).isEmpty();
			assertThat(this.events.takeLines()).containsExactly("pending by - | " + select + " -> ?",
					"committed by - | " + select + " -> 1");
		});
	}

	@Test
	void whenTheCommitFailsAfterTheUnitWasAnnouncedThenTheOutcomeIsFailed() {
		runner("postgresql", "fail").run((context) -> {
			template(context).execute("create table parent (id int primary key)");
			template(context)
				.execute("create table child (id int references parent (id) deferrable initially deferred)");
			this.events.take();
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			assertThatException().isThrownBy(() -> transaction
				.executeWithoutResult((status) -> template(context).update("insert into child values (42)")));
			assertThat(this.events.takeLines()).containsExactly("pending by - | insert into child values (?) -> 1",
					"failed PSQLException(23503) by - | insert into child values (?) -> 1");
			template(context).execute("drop table child, parent");
		});
	}

	@Test
	void statementsThatCommitByThemselvesAreAnnouncedBeforeTheyAreExecuted() {
		runner("mariadb", "fail").run((context) -> {
			create(context);
			try (Connection connection = context.getBean("ordersDataSource", DataSource.class).getConnection();
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.executeUpdate("insert into item values (1)");
				this.events.failFor((event) -> true);
				assertThatExceptionOfType(AuditFailedException.class)
					.isThrownBy(() -> statement.execute("create table other (id int)"))
					.withMessage(
							"Database 'orders': the unit of work could not be recorded, so the statement that would commit it was not executed.");
				assertThatExceptionOfType(AuditFailedException.class).isThrownBy(() -> statement.execute("commit"))
					.withMessage(
							"Database 'orders': the unit of work could not be recorded, so the statement was not executed.");
				assertThatExceptionOfType(AuditFailedException.class).isThrownBy(() -> connection.setAutoCommit(true))
					.withMessage("Database 'orders': the unit of work could not be recorded, so it was rolled back.");
				this.events.failFor((event) -> false);
			}
			assertThat(template(context).queryForList("select id from item", Integer.class)).isEmpty();
		});
	}

	@Test
	void aSinkCannotUseTheDatabaseThatItRecords() {
		this.events.failFor((event) -> false);
		runner("h2", "log").withUserConfiguration(Recursion.class).run((context) -> {
			Recursion recursion = context.getBean(Recursion.class);
			recursion.context = context;
			template(context).execute("create table item (id int primary key)");
			assertThat(recursion.failure).hasRootCauseInstanceOf(AuditFailedException.class)
				.rootCause()
				.hasMessage(
						"AuditSink must not use 'orders': it would wait for a connection while it holds one, and its own statements would be audited (infinite recursion). Declare another database, with its own login, for what the sink writes.");
			assertThat(this.events.take()).hasSize(1);
			assertThat(trail(context).getFailures()).isOne();
		});
	}

	@Test
	void aSinkCanWriteToAnotherDatabase() {
		runner("h2", "fail").withPropertyValues("app.dbs.journal.url=jdbc:h2:mem:journal")
			.withUserConfiguration(Journal.class)
			.run((context) -> {
				context.getBean("journalJdbcTemplate", JdbcTemplate.class)
					.execute("create table journal (id varchar(60), outcome varchar(20))");
				template(context).execute("create table item (id int primary key)");
				assertThat(context.getBean("journalJdbcTemplate", JdbcTemplate.class)
					.queryForList("select outcome from journal", String.class)).containsExactly("pending", "committed");
				assertThat(this.events.take()).as("sink for all databases").hasSize(2);
			});
	}

	private ApplicationContextRunner runner(String engine, String onFailure) {
		String url = engine.equals("h2") ? "jdbc:h2:mem:audit-failure;DB_CLOSE_DELAY=0"
				: servers.getUrl("embedded:" + engine, "failure");
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean("recordedEvents", AuditSink.class, () -> this.events)
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.audit.statements=writes",
					"app.dbs.orders.audit.on-failure=" + onFailure);
	}

	private void create(ApplicationContext context) {
		template(context).execute("drop table if exists item");
		template(context).execute("create table item (id int primary key)");
		this.events.take();
	}

	private static JdbcTemplate template(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static AuditTrail trail(ApplicationContext context) {
		return context.getBean(AuditTrails.class).get(context.getBean(DatabaseLifecycle.class).getDefinition("orders"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Recursion {

		private ApplicationContext context;

		private Throwable failure;

		@Bean
		AuditSink recursiveSink() {
			return (event) -> {
				try {
					if (event.statements().get(0).text().startsWith("create")) {
						template(this.context).update("insert into item values (1)");
					}
				}
				catch (RuntimeException ex) {
					this.failure = ex;
					throw ex;
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Journal {

		@Bean
		@Qualifier("orders")
		AuditSink journal(@Qualifier("journal") JdbcTemplate template) {
			return (event) -> template.update("insert into journal values (?, ?)", event.id(),
					event.outcome().toString());
		}

	}

}
