package io.appdbs.engine.inspection;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link H2Inspector}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class H2InspectorTests {

	/** Everything that takes time is a finding at once. */
	private final H2Inspector inspector = new H2Inspector(Duration.ofMillis(1), Duration.ofMillis(1));

	@TempDir
	private Path folder;

	private Server server;

	private Connection owner;

	private String url;

	private void create(Place place) throws SQLException {
		String file = this.folder.resolve("orders").toString();
		if (place == Place.SERVER) {
			this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
		}
		this.url = switch (place) {
			case MEMORY -> "jdbc:h2:mem:orders";
			case FILE -> "jdbc:h2:file:" + file;
			case SERVER -> "jdbc:h2:tcp://localhost:" + this.server.getPort() + "/" + file;
		};
		this.owner = connect("sa");
		execute("CREATE TABLE customer (id INT PRIMARY KEY, name VARCHAR(200))",
				"CREATE INDEX customer_name ON customer (name)",
				"CREATE TABLE purchase (id INT PRIMARY KEY, customer_id INT REFERENCES customer, note VARCHAR(200))",
				"CREATE INDEX purchase_note ON purchase (note DESC, id)", "CREATE SCHEMA \"Sales\"",
				"CREATE TABLE \"Sales\".\"Line\" (id INT PRIMARY KEY)", "CREATE VIEW seen AS SELECT * FROM customer",
				"INSERT INTO customer SELECT x, REPEAT('x', 200) FROM SYSTEM_RANGE(1, 1000)",
				"CREATE USER app PASSWORD ''", "GRANT SELECT ON customer TO app", "CHECKPOINT SYNC");
	}

	@AfterEach
	void close() throws SQLException {
		try (Statement statement = this.owner.createStatement()) {
			statement.execute("SHUTDOWN");
		}
		if (this.server != null) {
			this.server.stop();
		}
	}

	@ParameterizedTest
	@EnumSource(Place.class)
	void theSizeIsThatOfTheFile(Place place) throws SQLException {
		create(place);
		Sample<SizeReport> sample = as("app", this.inspector::readSize);
		assertThat(sample.value().tables()).isEqualTo(3);
		assertThat(sample.value().tableBytes()).isNull();
		if (place == Place.MEMORY) {
			assertThat(sample.value().bytes()).isNull();
			assertThat(sample.message())
				.isEqualTo("The database has no file of its own: H2 does not report the size of databases in memory.");
		}
		else {
			assertThat(sample.value().bytes()).isGreaterThan(20_000);
			assertThat(sample.message()).isNull();
		}
		assertThat(as("app", this.inspector::readReadings).bytes()).isEqualTo(sample.value().bytes());
	}

	@ParameterizedTest
	@EnumSource(Place.class)
	void theLargestTablesAreFirstAndTheLimitLeavesTheOthersOut(Place place) throws SQLException {
		create(place);
		Sample<List<TableReport>> all = as("app", this.inspector::readTables);
		assertThat(all.value()).extracting(TableReport::name)
			.containsExactlyInAnyOrder("PUBLIC.CUSTOMER", "PUBLIC.PURCHASE", "\"Sales\".\"Line\"");
		assertThat(all.value().get(0).name()).isEqualTo("PUBLIC.CUSTOMER");
		assertThat(all.value().get(0).rows()).isEqualTo(1000);
		if (place == Place.MEMORY) {
			assertThat(all.value().get(0).bytes()).isNull();
		}
		else {
			assertThat(all.value().get(0).bytes()).isPositive();
		}
		assertThat(as("app", this.inspector::readTables, 2).leftOut()).isEqualTo(1);
	}

	@Test
	void indexesHaveTheirColumnsAndNoSize() throws SQLException {
		create(Place.MEMORY);
		Sample<List<IndexReport>> sample = as("app", this.inspector::readIndexes);
		assertThat(sample.message())
			.isEqualTo("H2 reports neither the size nor the use of indexes. They are in the order of their tables.");
		assertThat(sample.value())
			.extracting(IndexReport::name, IndexReport::table, IndexReport::columns, IndexReport::unique,
					IndexReport::bytes, IndexReport::scans)
			.contains(row("PUBLIC.CUSTOMER_NAME", "PUBLIC.CUSTOMER", List.of("NAME"), false),
					row("PUBLIC.PURCHASE_NOTE", "PUBLIC.PURCHASE", List.of("NOTE DESC", "ID"), false));
		assertThat(as("app", this.inspector::readIndexes, 1).leftOut()).isEqualTo(sample.value().size() - 1);
	}

	private static Tuple row(String name, String table, List<String> columns, boolean unique) {
		return Tuple.tuple(name, table, columns, unique, null, null);
	}

	@ParameterizedTest
	@EnumSource(Place.class)
	void activityShowsWhatSessionsDoAndWhoBlocksThem(Place place) throws Exception {
		create(place);
		try (Connection waiting = connect("sa"); Connection holder = connect("sa")) {
			Thread thread = block(holder, waiting);
			ActivityReport activity = as("sa", this.inspector::readActivity).value();
			assertThat(activity.active()).isEqualTo(1);
			assertThat(activity.idleInTransaction()).isEqualTo(1);
			assertThat(activity.waiting()).isEqualTo(1);
			assertThat(activity.sessions()).hasSize(2);
			SessionReport blocked = activity.sessions()
				.stream()
				.filter((session) -> session.waitingFor() != null)
				.findFirst()
				.orElseThrow();
			assertThat(blocked.statement()).isEqualTo("UPDATE customer SET name = 'b' WHERE id = 1");
			String blocker = activity.sessions()
				.stream()
				.filter((session) -> session != blocked)
				.findFirst()
				.orElseThrow()
				.id();
			assertThat(blocked.blockedBy()).containsExactly(blocker);
			assertThat(as("sa", check("blocked-statement"))).singleElement().satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("blocked-statement:" + blocked.id());
				assertThat(finding.severity()).isEqualTo(Severity.WARN);
				assertThat(finding.text()).matches("Session " + blocked.id()
						+ " has been waiting for a lock for .*\\. It is blocked by: " + blocker + "\\.");
			});
			assertThat(as("sa", check("long-transaction"))).extracting(Finding::object)
				.containsExactlyInAnyOrder(blocker, blocked.id());
			// what another session has locked can be read
			assertThat(as("app", this.inspector::readTables).value()).hasSize(3);
			holder.rollback();
			thread.join();
		}
		assertThat(as("sa", check("blocked-statement"))).isEmpty();
		assertThat(as("sa", check("long-transaction"))).isEmpty();
	}

	private Thread block(Connection holder, Connection waiting) throws SQLException {
		holder.setAutoCommit(false);
		execute(holder, "UPDATE customer SET name = 'a' WHERE id = 1");
		execute(waiting, "SET LOCK_TIMEOUT 30000");
		Thread thread = new Thread(() -> {
			try {
				execute(waiting, "UPDATE customer SET name = 'b' WHERE id = 1");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		Predicate<SessionReport> blocked = (session) -> session.waitingFor() != null;
		Awaitility.await()
			.until(() -> as("sa", this.inspector::readActivity).value().sessions().stream().anyMatch(blocked));
		return thread;
	}

	@Test
	void whenTheLoginDoesNotSeeOtherSessionsThenItSaysWhatToGrant() throws SQLException {
		create(Place.MEMORY);
		for (Reader<?> reader : List.<Reader<?>>of(this.inspector::readActivity, check("long-transaction"),
				check("blocked-statement"))) {
			InspectionException failure = failure("app", reader);
			assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(failure).hasMessage(
					"The login 'APP' does not see the sessions of other logins: it is not an administrator of the database.");
			assertThat(failure.getFix()).isEqualTo("ALTER USER APP ADMIN TRUE;");
		}
	}

	@Test
	void statementsAreThoseThatTheDatabaseCountsWithoutValues() throws SQLException {
		create(Place.MEMORY);
		InspectionException failure = failure("sa", this.inspector::readStatements);
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED);
		assertThat(failure)
			.hasMessage("The database does not count statements. To start it: SET QUERY_STATISTICS TRUE;");
		execute("SET QUERY_STATISTICS TRUE");
		assertThat(as("sa", this.inspector::readStatements).value()).isEmpty();
		execute("SELECT name FROM customer WHERE name = 'secret' AND id = 1 -- not this",
				"SELECT name FROM customer WHERE name = 'other' AND id = 22");
		Sample<List<StatementReport>> sample = as("sa", this.inspector::readStatements);
		assertThat(sample.value()).filteredOn((statement) -> statement.statement().contains("WHERE"))
			.singleElement()
			.satisfies((statement) -> {
				assertThat(statement.statement()).isEqualTo("SELECT name FROM customer WHERE name = ? AND id = ?");
				assertThat(statement.calls()).isEqualTo(2);
				assertThat(statement.meanTime()).isPositive().isLessThanOrEqualTo(statement.totalTime());
			});
	}

	@Test
	void whenTwoIndexesAreTheSameThenOneIsAFinding() throws SQLException {
		create(Place.MEMORY);
		assertThat(as("app", check("duplicate-index"))).isEmpty();
		execute("CREATE INDEX twice ON customer (name)", "CREATE INDEX other ON customer (name DESC)",
				"ALTER TABLE customer ADD CONSTRAINT uq UNIQUE (id, name)",
				"CREATE UNIQUE INDEX pair ON customer (id, name)");
		List<Finding> findings = as("app", check("duplicate-index"));
		assertThat(findings).containsExactlyInAnyOrder(
				Finding.of("duplicate-index", Severity.WARN, "PUBLIC.TWICE", "PUBLIC.CUSTOMER",
						"The index is the same as PUBLIC.CUSTOMER_NAME: each write maintains both.",
						"DROP INDEX PUBLIC.TWICE;"),
				Finding.of("duplicate-index", Severity.WARN, "PUBLIC.PAIR", "PUBLIC.CUSTOMER",
						findings.stream().filter((each) -> each.object().endsWith("PAIR")).findFirst().get().text(),
						"DROP INDEX PUBLIC.PAIR;"));
		assertThat(as("app", check("duplicate-index"), 1)).hasSize(1);
		for (Finding finding : findings) {
			execute(finding.fix());
		}
		assertThat(as("app", check("duplicate-index"))).isEmpty();
	}

	@Test
	void whenATableHasNoPrimaryKeyThenItIsAFinding() throws SQLException {
		create(Place.MEMORY);
		assertThat(as("app", check("table-without-primary-key"))).isEmpty();
		execute("CREATE TABLE note (id INT UNIQUE)");
		assertThat(as("app", check("table-without-primary-key")))
			.containsExactly(Finding.of("table-without-primary-key", Severity.INFO, "PUBLIC.NOTE", "PUBLIC.NOTE",
					"The table has no primary key: rows cannot be told apart.", "Add a primary key in a migration."));
	}

	@Test
	void whenFewNumbersAreLeftThenItIsAFinding() throws SQLException {
		create(Place.MEMORY);
		assertThat(as("app", check("sequence-exhausted"))).isEmpty();
		execute("CREATE SEQUENCE few MAXVALUE 100 START WITH 95",
				"CREATE SEQUENCE again MAXVALUE 100 START WITH 95 CYCLE", "CREATE SEQUENCE many",
				"CREATE TABLE small (id TINYINT GENERATED ALWAYS AS IDENTITY (START WITH 110) PRIMARY KEY)");
		assertThat(as("app", check("sequence-exhausted"))).containsExactly(
				Finding.of("sequence-exhausted", Severity.WARN, "PUBLIC.FEW", null,
						"94 % of the numbers are used: 94 of 100.",
						"Change the column, and the sequence, to bigint before the numbers run out."),
				Finding.of("sequence-exhausted", Severity.WARN, "PUBLIC.SMALL", "PUBLIC.SMALL",
						"86 % of the numbers are used: 109 of 127. They are the values of the column ID.",
						"Change the column, and the sequence, to bigint before the numbers run out."));
	}

	@Test
	void theUseOfIndexesIsNotCounted() throws SQLException {
		create(Place.MEMORY);
		assertThat(failure("sa", this.inspector::readUnusedIndexes))
			.hasMessage("H2 does not report the use of indexes.");
	}

	@Test
	void theLimitsAreThoseOfTheSession() throws SQLException {
		create(Place.MEMORY);
		try (Connection connection = connect("app")) {
			this.inspector.limit(connection, Duration.ofMillis(300), Duration.ofMillis(100));
			try (Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
				result.next();
				assertThat(result.getInt(1)).isEqualTo(100);
			}
			SQLException timeout = catchThrowableOfType(SQLException.class, () -> execute(connection,
					"SELECT COUNT(*) FROM SYSTEM_RANGE(1, 100000) a, SYSTEM_RANGE(1, 100000) b WHERE a.x < b.x"));
			assertThat((Throwable) timeout).isNotNull();
			assertThat(timeout.getErrorCode()).isEqualTo(57014);
		}
	}

	private Reader<List<Finding>> check(String kind) {
		return this.inspector.getChecks()
			.stream()
			.filter((check) -> check.kind().equals(kind))
			.findFirst()
			.orElseThrow()
			.reader()::read;
	}

	private <T> T as(String user, Reader<T> reader) throws SQLException {
		return as(user, reader, 50);
	}

	private <T> T as(String user, Reader<T> reader, int limit) throws SQLException {
		try (Connection connection = connect(user)) {
			connection.setAutoCommit(false);
			this.inspector.limit(connection, Duration.ofSeconds(20), Duration.ofMillis(100));
			T result = reader.read(new InspectionContext(connection, user, limit, Duration.ZERO, 0, new HashMap<>()));
			connection.rollback();
			return result;
		}
	}

	private InspectionException failure(String user, Reader<?> reader) {
		InspectionException failure = catchThrowableOfType(InspectionException.class, () -> as(user, reader));
		assertThat((Throwable) failure).isNotNull();
		return failure;
	}

	private Connection connect(String user) throws SQLException {
		return DriverManager.getConnection(this.url, user, "");
	}

	private void execute(String... statements) throws SQLException {
		for (String sql : statements) {
			execute(this.owner, sql);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Where the database is.
	 */
	private enum Place {

		MEMORY, FILE, SERVER

	}

	/**
	 * Reads something.
	 *
	 * @param <T> what it is
	 */
	private interface Reader<T> {

		T read(InspectionContext context) throws SQLException;

	}

}
