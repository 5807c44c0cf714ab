package io.appdbs.audit;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.audit.jdbc.AuditDataSource;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TestDatabases;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.slf4j.MDC;

import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the audit of relational databases.
 */
class AuditTests {

	private static final RecordedEvents events = new RecordedEvents();

	private static EmbeddedServers servers;

	private static AnnotationConfigApplicationContext context;

	@BeforeAll
	static void open() {
		servers = new EmbeddedServers(null);
		context = new AnnotationConfigApplicationContext();
		context.registerBean(AuditSink.class, () -> events);
		context.register(JooqAutoConfiguration.class, DatabasesAutoConfiguration.class);
		TestPropertyValues
			.of("app.dbs.postgresql.url=" + servers.getUrl("embedded:postgresql", "postgresql"),
					"app.dbs.mariadb.url=" + servers.getUrl("embedded:mariadb", "mariadb"),
					"app.dbs.h2.url=jdbc:h2:mem:audit",
					"app.dbs.writes.url=" + servers.getUrl("embedded:postgresql", "writes"),
					"app.dbs.off.url=jdbc:h2:mem:unaudited", "app.dbs-defaults.audit.statements=all",
					"app.dbs.writes.audit.statements=writes", "app.dbs.off.audit.statements=off",
					"app.dbs-defaults.pool.max-size=3")
			.applyTo(context);
		context.refresh();
		for (String database : List.of("postgresql", "mariadb", "h2", "writes", "off")) {
			template(database).execute("create table item (id int primary key, name varchar(20))");
		}
		events.take();
	}

	@AfterAll
	static void close() {
		context.close();
		servers.close();
	}

	@BeforeEach
	void empty() {
		for (String database : List.of("postgresql", "mariadb", "h2", "writes")) {
			template(database).update("delete from item");
		}
		events.take();
	}

	@Test
	void withoutAuditNoLayerExists() throws SQLException {
		assertThat(dataSource("off").getClass().getSimpleName()).isEqualTo("FailFastDataSource");
		template("off").update("insert into item values (1, 'a')");
		assertThat(events.take()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void aTransactionIsOneEventWithItsUserAndOutcome(String database) {
		TransactionTemplate transaction = transaction(database);
		RlsContextHolder.runAs(RlsContext.of("jane"), () -> {
			transaction.executeWithoutResult((status) -> {
				template(database).update("insert into item values (?, ?)", 1, "s3cr3t");
				template(database).update("insert into item values (?, ?)", 2, "s3cr3t");
				assertThat(template(database).queryForList("select * from item where name <> 's3cr3t2'")).hasSize(2);
			});
			assertThatIllegalStateException().isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				template(database).update("delete from item");
				throw new IllegalStateException();
			}));
		});
		List<AuditEvent> taken = events.take();
		assertThat(taken).hasSize(2).allSatisfy((event) -> {
			assertThat(event.database()).isEqualTo(database);
			assertThat(event.user()).isEqualTo(new AuditUser("jane", AuditUser.Source.ROW_LEVEL_SECURITY, null));
			assertThat(event.duration()).isPositive();
		});
		taken.forEach(events::record);
		assertThat(events.takeLines()).containsExactly(
				"committed by jane | 2 x insert into item values (?, ?) -> 2 | select * from item where name <> ? -> 2",
				"rolled-back by jane | delete from item -> 2");
	}

	@Test
	void identifiersAreConsecutive() {
		IntStream.range(0, 3).forEach((i) -> template("h2").update("delete from item"));
		List<AuditEvent> taken = events.take();
		List<Long> numbers = taken.stream()
			.map((event) -> Long.valueOf(event.id().substring(event.id().lastIndexOf('-') + 1)))
			.toList();
		assertThat(numbers).containsExactly(numbers.get(0), numbers.get(0) + 1, numbers.get(0) + 2);
		assertThat(taken.stream().map((event) -> event.id().substring(0, 18)))
			.containsOnly(taken.get(0).id().substring(0, 18));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void aStatementOutsideOfATransactionIsAUnit(String database) {
		JdbcClient client = context.getBean(database + "JdbcClient", JdbcClient.class);
		client.sql("insert into item values (:id, :name)").param("id", 1).param("name", "s3cr3t").update();
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> client.sql("insert into item values (1, 's3cr3t')").update());
		assertThat(client.sql("select name from item").query(String.class).list()).hasSize(1);
		String failure = switch (database) {
			case "postgresql" -> "PSQLException(23505)";
			case "mariadb" -> "SQLIntegrityConstraintViolationException(23000)";
			default -> "JdbcSQLIntegrityConstraintViolationException(23505)";
		};
		assertThat(events.takeLines()).containsExactly("committed by - | insert into item values (?, ?) -> 1",
				"failed %1$s by - | insert into item values (?, ?) -> ? %1$s".formatted(failure),
				"committed by - | select name from item -> 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void aBatchIsAUnit(String database) {
		template(database).batchUpdate("insert into item values (?, 'a')",
				List.of(new Object[] { 1 }, new Object[] { 2 }, new Object[] { 3 }));
		template(database).batchUpdate("update item set name = 'b' where id > 1", "delete from item");
		assertThat(events.takeLines()).containsExactly("committed by - | 3 x insert into item values (?, ?) -> 3",
				"committed by - | update item set name = ? where id > ? -> 2 | delete from item -> 3");
	}

	@Test
	void theOutcomeOfAFailedBatchOutsideOfATransactionIsUnknown() {
		assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> template("h2")
			.batchUpdate("insert into item values (?, 'a')", List.of(new Object[] { 1 }, new Object[] { 1 })));
		assertThat(template("h2").queryForObject("select count(*) from item", Integer.class)).isOne();
		assertThat(events.takeLines()).first()
			.isEqualTo("unknown JdbcBatchUpdateException(23505) by - | 2 x insert into item values (?, ?) -> 1 "
					+ "JdbcBatchUpdateException(23505)");
	}

	@Test
	void nestedTransactionsAreUnitsOfTheirOwn() {
		TransactionTemplate outer = transaction("postgresql");
		TransactionTemplate inner = transaction("postgresql");
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		inner.setName("inner");
		outer.setName("outer");
		outer.executeWithoutResult((status) -> {
			template("postgresql").update("insert into item values (1, 'a')");
			inner.executeWithoutResult((innerStatus) -> template("postgresql").update("delete from item"));
			status.setRollbackOnly();
		});
		assertThat(events.take()).extracting(AuditEvent::transaction, (event) -> event.outcome().toString())
			.containsExactly(tuple("inner", "committed"), tuple("outer", "rolled-back"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void whatIsRolledBackToASavepointIsMarked(String database) throws SQLException {
		try (Connection connection = dataSource(database).getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into item values (1, 'a')");
			Savepoint savepoint = connection.setSavepoint();
			statement.executeUpdate("insert into item values (2, 'a')");
			connection.rollback(savepoint);
			statement.execute("savepoint later");
			statement.executeUpdate("insert into item values (3, 'a')");
			statement.execute("rollback to savepoint later");
			statement.executeUpdate("insert into item values (4, 'a')");
			connection.commit();
		}
		String insert = "insert into item values (?, ?) -> 1";
		assertThat(events.takeLines())
			.containsExactly("committed by - | %1$s | %1$s undone | %1$s undone | %1$s".formatted(insert));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void severalTransactionsOfAConnectionAndClosingItAreSeparateUnits(String database) throws SQLException {
		try (Connection connection = dataSource(database).getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into item values (1, 'a')");
			connection.commit();
			connection.commit();
			statement.executeUpdate("insert into item values (2, 'a')");
			connection.rollback();
			statement.executeUpdate("insert into item values (3, 'a')");
			connection.setAutoCommit(true);
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into item values (4, 'a')");
		}
		assertThat(template(database).queryForList("select id from item order by id", Integer.class)).containsExactly(1,
				3);
		assertThat(events.takeLines()).startsWith("committed by - | insert into item values (?, ?) -> 1",
				"rolled-back by - | insert into item values (?, ?) -> 1",
				"committed by - | insert into item values (?, ?) -> 1",
				"rolled-back by - | insert into item values (?, ?) -> 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void aTransactionThatSqlBeginsIsAUnit(String database) throws SQLException {
		try (Connection connection = dataSource(database).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("begin");
			statement.executeUpdate("insert into item values (1, 'a')");
			statement.execute("commit");
			statement.execute("start transaction");
			statement.executeUpdate("insert into item values (2, 'a')");
			statement.execute("rollback and chain");
			statement.executeUpdate("insert into item values (3, 'a')");
			statement.execute("rollback");
			statement.executeUpdate("insert into item values (4, 'a')");
		}
		assertThat(template(database).queryForList("select id from item order by id", Integer.class)).containsExactly(1,
				4);
		assertThat(events.takeLines()).startsWith("committed by - | insert into item values (?, ?) -> 1",
				"rolled-back by - | insert into item values (?, ?) -> 1",
				"rolled-back by - | insert into item values (?, ?) -> 1",
				"committed by - | insert into item values (?, ?) -> 1");
	}

	@Test
	void aScriptThatBeginsAndEndsATransactionIsAUnit() throws SQLException {
		try (Connection connection = dataSource("writes").getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("begin; insert into item values (1, 'a'); commit");
			statement.execute("begin; insert into item values (2, 'a'); rollback");
			statement.execute("begin; insert into item values (3, 'a')");
			statement.executeUpdate("insert into item values (4, 'a')");
			statement.execute("rollback");
		}
		assertThat(template("writes").queryForList("select id from item", Integer.class)).containsExactly(1);
		String script = "by - | begin; insert into item values (?, ?)";
		assertThat(events.takeLines()).containsExactly("committed " + script + "; commit -> ?",
				"rolled-back " + script + "; rollback -> ?",
				"rolled-back " + script + " -> 0 | insert into item values (?, ?) -> 1");
	}

	/**
	 * PostgreSQL answers such a commit with a rollback, which the driver does not report.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "h2" })
	void aCommitAfterAFailedStatementHasTheOutcomeOfTheServer(String database) throws SQLException {
		try (Connection connection = dataSource(database).getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			for (int id = 1; id <= 3; id++) {
				statement.executeUpdate("insert into item values (%d, 'a')".formatted(id));
				Savepoint savepoint = connection.setSavepoint();
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.executeUpdate("update item set id = 'x'"));
				if (id == 3) {
					connection.rollback(savepoint);
				}
				if (id == 2) {
					statement.execute("commit");
				}
				else {
					connection.commit();
				}
			}
		}
		List<Integer> committed = database.equals("postgresql") ? List.of(3) : List.of(1, 2, 3);
		assertThat(events.take().stream().map((event) -> event.outcome().toString())).containsExactlyElementsOf(
				database.equals("postgresql") ? List.of("rolled-back", "rolled-back", "committed")
						: List.of("committed", "committed", "committed"));
		assertThat(template(database).queryForList("select id from item order by id", Integer.class))
			.isEqualTo(committed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mariadb", "h2" })
	void whereDataDefinitionCommitsTheTransactionIsCommittedBeforeIt(String database) throws SQLException {
		try (Connection connection = dataSource(database).getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into item values (1, 'a')");
			statement.execute("create table other (id int)");
			statement.executeUpdate("insert into item values (2, 'a')");
			connection.rollback();
			statement.execute("drop table other");
		}
		assertThat(template(database).queryForList("select id from item", Integer.class)).containsExactly(1);
		assertThat(events.takeLines()).hasSize(5)
			.startsWith("committed by - | insert into item values (?, ?) -> 1",
					"committed by - | create table other (id int) -> 0",
					"rolled-back by - | insert into item values (?, ?) -> 1", "committed by - | drop table other -> 0");
	}

	@Test
	void dataDefinitionOfPostgreSqlIsPartOfTheTransaction() {
		transaction("postgresql").executeWithoutResult((status) -> {
			template("postgresql").update("insert into item values (1, 'a')");
			template("postgresql").execute("create table other (id int)");
			status.setRollbackOnly();
		});
		assertThat(events.takeLines()).containsExactly(
				"rolled-back by - | insert into item values (?, ?) -> 1 | create table other (id int) -> 0");
	}

	@Test
	void rowsOfAStreamAreCountedWhenItIsClosed() {
		template("postgresql").update("insert into item select i, 'a' from generate_series(1, 100) i");
		events.take();
		transaction("postgresql").executeWithoutResult((status) -> {
			template("postgresql").setFetchSize(10);
			try (Stream<String> names = template("postgresql").queryForStream("select name from item",
					(row, index) -> row.getString(1))) {
				assertThat(names.limit(42)).hasSize(42);
			}
			finally {
				template("postgresql").setFetchSize(-1);
			}
		});
		assertThat(events.takeLines()).containsExactly("committed by - | select name from item -> 42");
	}

	@Test
	void aReadThatFailsWhileItIsReadHasFailed() throws SQLException {
		template("postgresql").update("insert into item select i, 'a' from generate_series(1, 30) i");
		events.take();
		try (Connection connection = dataSource("postgresql").getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.setFetchSize(10);
			ResultSet rows = statement.executeQuery("select 1 / (20 - id) from item");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				while (rows.next()) {
					rows.getInt(1);
				}
			});
			connection.rollback();
		}
		assertThat(events.takeLines())
			.containsExactly("rolled-back by - | select ? / (? - id) from item -> 10 PSQLException(22012)");
	}

	@Test
	void rowsThatAWriteReturnsAreCounted() {
		assertThat(template("writes").queryForList("insert into item values (1, 'a'), (2, 'b') returning id"))
			.hasSize(2);
		assertThat(events.takeLines())
			.containsExactly("committed by - | insert into item values (?, ?), (?, ?) returning id -> 2");
	}

	@Test
	void rowsThatAreUpdatedThroughAResultSetAreUnits() throws SQLException {
		template("writes").update("insert into item values (1, 's3cr3t')");
		events.take();
		try (Connection connection = dataSource("writes").getConnection();
				Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY,
						ResultSet.CONCUR_UPDATABLE);
				ResultSet rows = statement.executeQuery("select id, name from item where name = 's3cr3t'")) {
			assertThat(rows.next()).isTrue();
			assertThat(rows.getStatement()).isEqualTo(statement);
			rows.updateString("name", "other");
			rows.updateRow();
		}
		assertThat(events.takeLines())
			.containsExactly("committed by - | updateRow of select id, name from item where name = ? -> 1");
	}

	@Test
	void callsAndSeveralStatementsAtOnceAreUnits() throws SQLException {
		template("writes").execute(
				"create or replace procedure fill(first int) language sql as 'insert into item values (first, null)'");
		events.take();
		try (Connection connection = dataSource("writes").getConnection();
				CallableStatement call = connection.prepareCall("call fill(?)");
				Statement statement = connection.createStatement()) {
			call.setInt(1, 1);
			call.execute();
			statement.execute("delete from item where id = 1; insert into item values (2, 'a'), (3, 'b'); select 4");
			assertThat(statement.getMoreResults()).isFalse();
			assertThat(statement.getMoreResults()).isTrue();
		}
		assertThat(events.takeLines()).containsExactly("committed by - | call fill(?) -> ?",
				"committed by - | delete from item where id = ?; insert into item values (?, ?), (?, ?); select ? -> 3");
	}

	@Test
	void writesRecordsUnitsThatWriteAndTheirWritesOnly() {
		JdbcTemplate template = template("writes");
		template.queryForList("select * from item");
		transaction("writes").executeWithoutResult((status) -> template.queryForList("select * from item for update"));
		transaction("writes").executeWithoutResult((status) -> {
			template.queryForList("select * from item");
			template.update("delete from item");
			template.queryForList("select txid_current() from (select 1) t where false");
		});
		assertThat(events.takeLines()).containsExactly(
				"committed by - | delete from item -> 0 | select txid_current() from (select ?) t where ? -> 0");
	}

	@Test
	void theUserIsThatOfEachStatementEvenIfAnotherThreadCommits() throws Exception {
		try (Connection connection = dataSource("postgresql").getConnection();
				PreparedStatement statement = connection.prepareStatement("delete from item")) {
			connection.setAutoCommit(false);
			RlsContextHolder.callAs(RlsContext.of("jane"), statement::executeUpdate);
			RlsContextHolder.callAs(RlsContext.of("joe"), statement::executeUpdate);
			SeparateThread.run(() -> RlsContextHolder.runAs(RlsContext.system("commit"), () -> commit(connection)))
				.join();
		}
		assertThat(events.takeLines())
			.containsExactly("committed by jane | delete from item -> 0 | delete from item -> 0 by joe");
	}

	private static void commit(Connection connection) {
		try {
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void theUserIsThatOfRowLevelSecurityThenOfSpringSecurityThenTheSystem() {
		JdbcTemplate template = template("h2");
		template.update("delete from item");
		RlsContextHolder.runAs(RlsContext.system("nightly"), () -> template.update("delete from item"));
		SecurityContextHolder.getContext()
			.setAuthentication(new TestingAuthenticationToken("alice", "s3cr3t", "ROLE_USER"));
		try {
			template.update("delete from item");
			RlsContextHolder.runAs(RlsContext.system("nightly"), () -> template.update("delete from item"));
			RlsContextHolder.runAs(RlsContext.of("jane"), () -> template.update("delete from item"));
		}
		finally {
			SecurityContextHolder.clearContext();
		}
		assertThat(events.take().stream().map(AuditEvent::user)).containsExactly(AuditUser.UNKNOWN,
				new AuditUser(null, AuditUser.Source.SYSTEM, "nightly"),
				new AuditUser("alice", AuditUser.Source.SPRING_SECURITY, null),
				new AuditUser("alice", AuditUser.Source.SPRING_SECURITY, "nightly"),
				new AuditUser("jane", AuditUser.Source.ROW_LEVEL_SECURITY, null));
	}

	@Test
	void theTraceIsThatOfTheLog() {
		MDC.put("traceId", "4bf92f3577b34da6");
		try {
			template("h2").update("delete from item");
		}
		finally {
			MDC.remove("traceId");
		}
		assertThat(events.take()).extracting(AuditEvent::traceId).containsExactly("4bf92f3577b34da6");
	}

	@Test
	void whenTheConnectionIsTerminatedDuringTheCommitThenTheOutcomeIsUnknown() {
		template("postgresql").execute("""
				create table slow (id int);
				create function wait() returns trigger language plpgsql as
					'begin perform pg_sleep(60); return null; end';
				create constraint trigger wait after insert on slow deferrable initially deferred
					for each row execute function wait()""");
		events.take();
		CompletableFuture<Void> commit = SeparateThread
			.run(() -> RlsContextHolder.runAs(RlsContext.of("jane"), () -> transaction("postgresql")
				.executeWithoutResult((status) -> template("postgresql").update("insert into slow values (1)"))));
		TestDatabases.await(() -> !template("writes").queryForList("""
				select pg_terminate_backend(pid) from pg_stat_activity
				where query ilike 'commit' and state = 'active' and datname = 'postgresql'""").isEmpty());
		assertThat(commit).failsWithin(Duration.ofSeconds(30));
		assertThat(events.take()).filteredOn((event) -> event.database().equals("postgresql"))
			.singleElement()
			.satisfies((event) -> {
				assertThat(event.outcome()).isEqualTo(AuditOutcome.UNKNOWN);
				assertThat(event.failure()).isEqualTo("PSQLException(57P01)");
				assertThat(event.user().name()).isEqualTo("jane");
			});
		template("postgresql").execute("drop table slow; drop function wait");
	}

	@Test
	void whenTheCommitIsRejectedThenTheOutcomeIsFailed() {
		template("postgresql").execute("""
				create table parent (id int primary key);
				create table child (id int references parent (id) deferrable initially deferred)""");
		events.take();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> transaction("postgresql")
			.executeWithoutResult((status) -> template("postgresql").update("insert into child values (42)")));
		assertThat(events.takeLines())
			.containsExactly("failed PSQLException(23503) by - | insert into child values (?) -> 1");
		template("postgresql").execute("drop table child, parent");
	}

	@Test
	void aTransactionWhoseConnectionIsLostBeforeTheCommitIsRolledBack() throws SQLException {
		try (Connection connection = dataSource("postgresql").getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("delete from item");
			template("writes").queryForList("""
					select pg_terminate_backend(pid) from pg_stat_activity
					where state = 'idle in transaction' and datname = 'postgresql'""");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.executeUpdate("delete from item"));
		}
		assertThat(events.take()).filteredOn((event) -> event.database().equals("postgresql"))
			.extracting((event) -> event.outcome().toString())
			.containsExactly("rolled-back");
	}

	@Test
	void anAbortedConnectionEndsItsTransaction() throws SQLException {
		Connection connection = dataSource("h2").getConnection();
		connection.setAutoCommit(false);
		connection.createStatement().executeUpdate("delete from item");
		connection.abort(Runnable::run);
		connection.close();
		assertThat(events.takeLines()).containsExactly("rolled-back by - | delete from item -> 0");
	}

	@Test
	void jooqIsAudited() {
		DSLContext dsl = context.getBean("postgresqlDslContext", DSLContext.class);
		dsl.insertInto(DSL.table("item"), DSL.field("id", Integer.class), DSL.field("name", String.class))
			.values(1, "s3cr3t")
			.execute();
		dsl.transaction((configuration) -> configuration.dsl().selectFrom("item").fetchLazy().close());
		assertThat(events.takeLines()).containsExactly(
				"committed by - | insert into item (id, name) values (?, ?) -> 1",
				"committed by - | select * from item -> 0");
	}

	@Test
	void afterAHundredDifferentStatementsOthersAreCountedOnly() {
		transaction("h2").executeWithoutResult((status) -> IntStream.range(0, 110)
			.forEach((i) -> template("h2").update("delete from item where id = 1" + " and id > 0".repeat(i))));
		assertThat(events.take()).singleElement().satisfies((event) -> {
			assertThat(event.statements()).hasSize(100);
			assertThat(event.omittedStatements()).isEqualTo(10);
		});
	}

	@Test
	void unwrappedConnectionsAreRecordedAsTheyCanWrite() throws SQLException {
		DataSource dataSource = dataSource("writes");
		assertThat(dataSource).isInstanceOf(AuditDataSource.class);
		assertThat(dataSource.toString()).isEqualTo("DataSource of database 'writes'");
		assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			assertThat(statement.getConnection()).isSameAs(connection).isEqualTo(connection);
			assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
			assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
			assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
			assertThat(events.take()).isEmpty();
			connection.unwrap(PGConnection.class);
		}
		assertThat(events.takeLines()).containsExactly("committed by - | unwrap org.postgresql.PGConnection -> ?");
	}

	@Test
	void aFailureOnAnUnwrappedConnectionIsNoticedAtTheCommit() throws SQLException {
		try (Connection connection = dataSource("postgresql").getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.executeUpdate("insert into item values (1, 'a')");
			PGConnection driver = connection.unwrap(PGConnection.class);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> driver.getCopyAPI().copyIn("copy item from nowhere"));
			connection.commit();
		}
		assertThat(events.takeLines()).containsExactly(
				"rolled-back by - | insert into item values (?, ?) -> 1 | unwrap org.postgresql.PGConnection -> ?");
		assertThat(template("postgresql").queryForList("select * from item")).isEmpty();
	}

	@Test
	void noEventContainsAValue() {
		transaction("mariadb").executeWithoutResult((status) -> {
			template("mariadb").update("insert into item values (424242, 's3cr3t')");
			template("mariadb").update("update item set name = \"s3cr3t\" where id = 424242");
			template("mariadb").update("update item set name = 's3cr3t\\'' where id = 424242");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> template("mariadb").update("insert into item values (424242, 's3cr3t')"));
		});
		String text = events.take().stream().map(AuditEvent::toString).collect(Collectors.joining());
		assertThat(text).contains("insert into item values (?, ?)").doesNotContain("s3cr3t", "424242");
	}

	private static DataSource dataSource(String database) {
		return context.getBean(database + "DataSource", DataSource.class);
	}

	private static JdbcTemplate template(String database) {
		return context.getBean(database + "JdbcTemplate", JdbcTemplate.class);
	}

	private static TransactionTemplate transaction(String database) {
		return new TransactionTemplate(
				context.getBean(database + "TransactionTemplate", TransactionTemplate.class).getTransactionManager());
	}

}
