package io.appdbs.engine.inspection.mysql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for inspectors of MySQL and MariaDB on servers whose performance schema is on.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class MySqlInspectorContractTests {

	private static final Duration FAR = Duration.ofHours(1);

	/** Everything that takes time is a finding at once. */
	private final AbstractMySqlInspector inspector = create(
			new MySqlChecks.Thresholds(Duration.ofMillis(1), Duration.ofMillis(1)));

	private Duration minimumAge = Duration.ZERO;

	private long minimumSize;

	abstract AbstractMySqlInspector create(MySqlChecks.Thresholds thresholds);

	/**
	 * Return the URL of the driver without a database, with a slash at its end.
	 */
	abstract String url();

	abstract String parameters();

	@BeforeEach
	void createDatabase() throws SQLException {
		dropDatabase();
		executeWithoutDatabase("CREATE DATABASE `in-spected`");
		execute("CREATE TABLE customer (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(200), KEY name_1 (name))",
				"CREATE TABLE purchase (id INT PRIMARY KEY, customer_id INT, note VARCHAR(200), "
						+ "FOREIGN KEY (customer_id) REFERENCES customer (id), KEY note_1 (note(10), id DESC))",
				"INSERT INTO customer (name) VALUES ('a'), ('b'), ('c'), ('d')",
				"INSERT INTO customer (name) SELECT REPEAT('x', 190) FROM customer a, customer b, customer c, customer d",
				"ANALYZE TABLE customer, purchase");
		for (String user : List.of("app", "stranger", "monitor")) {
			execute("CREATE USER '" + user + "'@'%' IDENTIFIED BY 'pass'");
		}
		execute("GRANT SELECT, INSERT ON `in-spected`.* TO 'app'@'%'",
				"GRANT SELECT ON `in-spected`.customer TO 'stranger'@'%'", "GRANT PROCESS ON *.* TO 'monitor'@'%'",
				"GRANT SELECT ON `in-spected`.* TO 'monitor'@'%'",
				"GRANT SELECT ON performance_schema.* TO 'monitor'@'%'",
				"GRANT SELECT ON mysql.innodb_table_stats TO 'monitor'@'%'",
				"GRANT SELECT ON mysql.innodb_index_stats TO 'monitor'@'%'");
	}

	@AfterEach
	void dropDatabase() throws SQLException {
		executeWithoutDatabase("SET SESSION lock_wait_timeout = 20", "DROP DATABASE IF EXISTS `in-spected`",
				"DROP USER IF EXISTS 'app'@'%', 'stranger'@'%', 'monitor'@'%'");
	}

	@Test
	void theSizeIsThatOfTheStatistics() throws SQLException {
		Sample<SizeReport> sample = as("monitor", this.inspector::readSize);
		assertThat(sample.exact()).isFalse();
		assertThat(sample.message()).isNull();
		assertThat(sample.value().tables()).isEqualTo(2);
		assertThat(sample.value().tableBytes()).isBetween(48_000L, 400_000L);
		assertThat(sample.value().indexBytes()).isBetween(48_000L, 400_000L);
		assertThat(sample.value().bytes()).isEqualTo(sample.value().tableBytes() + sample.value().indexBytes());
	}

	@Test
	void whenTheStatisticsCannotBeReadThenTheServerOpensTheTables() throws SQLException {
		Sample<SizeReport> sample = as("app", this.inspector::readSize);
		assertThat(sample.value()).isEqualTo(as("monitor", this.inspector::readSize).value());
		assertThat(sample.message()).isEqualTo(
				"The server had to open all tables. To read their sizes from InnoDB's statistics: GRANT SELECT ON mysql.innodb_table_stats TO 'app'@'%';");
	}

	@Test
	void theLargestTablesAreFirstAndTheLimitLeavesTheOthersOut() throws SQLException {
		execute("CREATE TABLE parts (id INT PRIMARY KEY, text CHAR(200)) PARTITION BY HASH (id) PARTITIONS 3",
				"CREATE TABLE `other``engine` (id INT) ENGINE = MyISAM",
				"CREATE TABLE unknown_size (id INT) STATS_PERSISTENT = 0",
				"CREATE VIEW seen AS SELECT * FROM customer");
		Sample<List<TableReport>> all = as("monitor", this.inspector::readTables);
		assertThat(all.leftOut()).isZero();
		assertThat(all.value()).extracting(TableReport::name)
			.containsExactlyInAnyOrder("customer", "purchase", "parts", "`other``engine`", "unknown_size");
		assertThat(all.value().get(0).name()).isEqualTo("customer");
		assertThat(all.value().get(0).rows()).isEqualTo(260);
		assertThat(all.value().get(0).indexBytes()).isPositive().isLessThan(all.value().get(0).bytes());
		assertThat(all.value().get(0).analyzedAt()).isBetween(Instant.now().minus(FAR), Instant.now().plus(FAR));
		assertThat(find(all.value(), "parts").bytes()).isEqualTo(3 * 16384);
		Sample<List<TableReport>> one = as("monitor", this.inspector::readTables, 1);
		assertThat(one.leftOut()).isEqualTo(4);
		assertThat(one.value()).extracting(TableReport::name).containsExactly("customer");
	}

	private static TableReport find(List<TableReport> tables, String name) {
		return tables.stream().filter((table) -> table.name().equals(name)).findFirst().orElseThrow();
	}

	@Test
	void whenTheLoginDoesNotSeeAllTablesThenItSaysWhatToGrant() {
		for (Reader<?> reader : List.<Reader<?>>of(this.inspector::readTables, this.inspector::readSize)) {
			InspectionException failure = failure("stranger", reader);
			assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(failure).hasMessage(
					"The login 'stranger'@'%' may not read all tables of the database: it needs the privilege SELECT on `in-spected`.*.");
			assertThat(failure.getFix()).isEqualTo("GRANT SELECT ON `in-spected`.* TO 'stranger'@'%';");
		}
		for (String kind : List.of("duplicate-index", "table-without-primary-key", "sequence-exhausted")) {
			assertThat(failure("stranger", check(kind)).getFix())
				.isEqualTo("GRANT SELECT ON `in-spected`.* TO 'stranger'@'%';");
		}
	}

	@Test
	void whenTheRightsComeFromARoleThenTheyCount() throws SQLException {
		execute("DROP ROLE IF EXISTS watcher", "CREATE ROLE watcher", "GRANT SELECT ON `in-spected`.* TO watcher",
				"GRANT PROCESS ON *.* TO watcher", "GRANT watcher TO 'stranger'@'%'");
		execute(setDefaultRole("watcher", "'stranger'@'%'"));
		assertThat(as("stranger", this.inspector::readTables).value()).hasSize(2);
		assertThat(as("stranger", this.inspector::readActivity).value().connections()).isZero();
		execute("DROP ROLE watcher");
	}

	abstract String setDefaultRole(String role, String user);

	@Test
	void indexesHaveTheirSizeColumnsAndUse() throws SQLException {
		execute("SELECT id FROM customer WHERE name = 'a'");
		Sample<List<IndexReport>> sample = as("monitor", this.inspector::readIndexes);
		assertThat(sample.exact()).isFalse();
		assertThat(sample.leftOut()).isZero();
		assertThat(sample.value()).extracting(IndexReport::name)
			.containsExactly("customer.name_1", "purchase.customer_id", "purchase.note_1");
		assertThat(sample.value().get(0).bytes()).isGreaterThan(sample.value().get(2).bytes());
		assertThat(sample.value().get(0).scans()).isPositive();
		assertThat(sample.value().get(2).columns()).containsExactly("note(10)", descending("id"));
		assertThat(sample.value().get(2).scans()).isZero();
		assertThat(as("monitor", this.inspector::readIndexes, 1).leftOut()).isEqualTo(2);
	}

	String descending(String column) {
		return column + " DESC";
	}

	@Test
	void whenTheSizesOfIndexesCannotBeReadThenItSaysWhatToGrant() {
		InspectionException failure = failure("app", this.inspector::readIndexes);
		assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
		assertThat(failure).hasMessage(
				"The login 'app'@'%' may not read the sizes of indexes: it needs the privilege SELECT on mysql.innodb_index_stats.");
		assertThat(failure.getFix()).isEqualTo("GRANT SELECT ON mysql.innodb_index_stats TO 'app'@'%';");
	}

	@Test
	void whenARowIsLockedThenActivityShowsWhoWaitsForWhom() throws Exception {
		try (Connection waiting = connect("root"); Connection holder = connect("root")) {
			Thread thread = block(holder, waiting, "UPDATE customer SET name = 'z' WHERE id = 1");
			ActivityReport activity = as("monitor", this.inspector::readActivity).value();
			assertThat(activity.connections()).isEqualTo(2);
			assertThat(activity.active()).isEqualTo(1);
			assertThat(activity.idleInTransaction()).isEqualTo(1);
			assertThat(activity.waiting()).isEqualTo(1);
			assertThat(activity.maximumConnections()).isPositive();
			assertThat(activity.sessions()).hasSize(2);
			SessionReport blocked = blocked(activity);
			assertThat(blocked.waitingFor()).isEqualTo("row lock");
			assertThat(blocked.statement()).isEqualTo("UPDATE customer SET name = 'z' WHERE id = 1");
			assertThat(blocked.transactionAge()).isLessThan(FAR);
			SessionReport blocker = activity.sessions().stream().filter((each) -> each != blocked).findFirst().get();
			assertThat(blocked.blockedBy()).containsExactly(blocker.id());
			assertThat(blocker.state()).isEqualTo("Sleep");
			List<Finding> findings = as("monitor", check("blocked-statement"));
			assertThat(findings).singleElement().satisfies((finding) -> {
				assertThat(finding.id()).isEqualTo("blocked-statement:" + blocked.id());
				assertThat(finding.severity()).isEqualTo(Severity.WARN);
				assertThat(finding.text()).matches("Session " + blocked.id()
						+ " has been waiting for a row lock for .*\\. It is blocked by: " + blocker.id() + "\\.");
				assertThat(finding.fix())
					.isEqualTo("SELECT id, state, info FROM information_schema.processlist WHERE id IN (" + blocker.id()
							+ ");");
			});
			assertThat(as("monitor", check("long-transaction"))).extracting(Finding::object)
				.contains(blocker.id(), blocked.id());
			ServerReadings readings = as("monitor", this.inspector::readReadings);
			assertThat(readings.longestTransaction()).isPositive();
			holder.rollback();
			thread.join();
		}
		assertThat(as("monitor", check("blocked-statement"))).isEmpty();
		assertThat(as("monitor", check("long-transaction"))).isEmpty();
	}

	/**
	 * Times of transactions are in the time zone of the system.
	 */
	@Test
	void whenTheServerHasAnotherTimeZoneThenTheAgeOfATransactionIsRight() throws SQLException {
		String zone = query("SELECT @@GLOBAL.time_zone");
		try (Connection other = connect("root")) {
			execute("SET GLOBAL time_zone = '+05:00'");
			other.setAutoCommit(false);
			execute(other, "UPDATE customer SET name = 'y' WHERE id = 1");
			Duration age = as("monitor", this.inspector::readActivity).value().sessions().get(0).transactionAge();
			assertThat(age).isLessThan(FAR);
			assertThat(as("monitor", this.inspector::readReadings).longestTransaction()).isLessThan(FAR).isPositive();
			other.rollback();
		}
		finally {
			execute("SET GLOBAL time_zone = '" + zone + "'");
		}
	}

	/**
	 * The statement that waits for the table is not in a transaction of InnoDB.
	 */
	@Test
	void whenATableIsLockedThenAllTopicsAnswerAndShowIt() throws Exception {
		try (Connection waiting = connect("root"); Connection holder = connect("root")) {
			holder.setAutoCommit(false);
			execute(holder, "LOCK TABLES customer WRITE, purchase WRITE");
			Thread thread = start(waiting, "ALTER TABLE customer ADD COLUMN note INT");
			awaitWaiting((session) -> "table metadata lock".equals(session.waitingFor()));
			assertThat(as("monitor", this.inspector::readSize).value().tables()).isEqualTo(2);
			assertThat(as("monitor", this.inspector::readTables).value()).hasSize(2);
			assertThat(as("monitor", this.inspector::readIndexes).value()).hasSize(3);
			assertThat(as("monitor", check("duplicate-index"))).isEmpty();
			assertThat(as("monitor", check("table-without-primary-key"))).isEmpty();
			assertThat(as("monitor", check("sequence-exhausted"))).isEmpty();
			as("monitor", this.inspector::readUnusedIndexes);
			assertThat(as("app", this.inspector::readTables).value()).hasSize(2);
			// its age is in whole seconds
			Awaitility.await()
				.untilAsserted(() -> assertThat(as("monitor", check("blocked-statement"))).singleElement()
					.satisfies((finding) -> assertThat(finding.text())
						.contains("has been waiting for a table metadata lock for ")
						.contains("It is blocked by: " + blockersOfTable(holder))));
			execute(holder, "UNLOCK TABLES");
			thread.join();
		}
	}

	abstract String blockersOfTable(Connection holder);

	@Test
	void whenTheLoginDoesNotSeeOtherSessionsThenItSaysWhatToGrant() throws SQLException {
		for (Reader<?> reader : List.<Reader<?>>of(this.inspector::readActivity, check("long-transaction"),
				check("blocked-statement"))) {
			InspectionException failure = failure("app", reader);
			assertThat(failure.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(failure).hasMessage(
					"The login 'app'@'%' may not read the sessions of other logins: it needs the privilege PROCESS on *.*.");
			assertThat(failure.getFix()).isEqualTo("GRANT PROCESS ON *.* TO 'app'@'%';");
		}
		ServerReadings readings = as("app", this.inspector::readReadings);
		assertThat(readings.longestTransaction()).isNull();
		assertThat(readings.lockWaits()).isNull();
		assertThat(readings.bytes()).isNull();
		assertThat(readings.cacheHits()).isPositive();
	}

	@Test
	void readingsHaveTheSizeAndTheCache() throws SQLException {
		ServerReadings readings = as("monitor", this.inspector::readReadings);
		assertThat(readings.bytes()).isEqualTo(as("monitor", this.inspector::readSize).value().bytes());
		assertThat(readings.cacheHits()).isPositive();
		assertThat(readings.cacheMisses()).isNotNegative();
		assertThat(readings.deadlocks()).isNotNegative();
		assertThat(readings.lockWaits()).isZero();
		assertThat(readings.longestTransaction()).isZero();
		assertThat(readings.wraparound()).isNull();
	}

	@Test
	void statementsHaveNoValues() throws SQLException {
		execute("SELECT name FROM customer WHERE name = 'secret-value'", "SELECT name FROM customer WHERE name = 'x'");
		Sample<List<StatementReport>> sample = as("monitor", this.inspector::readStatements, 1000);
		assertThat(sample.value()).anySatisfy((statement) -> {
			assertThat(statement.statement()).containsIgnoringCase("WHERE NAME = ?");
			assertThat(statement.calls()).isGreaterThanOrEqualTo(2);
			assertThat(statement.totalTime()).isGreaterThanOrEqualTo(statement.meanTime());
			assertThat(statement.meanTime()).isPositive();
		});
		assertThat(sample.value()).noneMatch((statement) -> statement.statement().contains("secret-value"));
		Sample<List<StatementReport>> one = as("monitor", this.inspector::readStatements, 1);
		assertThat(one.value()).hasSize(1);
		assertThat(one.leftOut()).isPositive();
		InspectionException failure = failure("app", this.inspector::readStatements);
		assertThat(failure).hasMessage(
				"The login 'app'@'%' may not read statements: it needs the privilege SELECT on performance_schema.*.");
		assertThat(failure.getFix()).isEqualTo("GRANT SELECT ON performance_schema.* TO 'app'@'%';");
	}

	@Test
	void whenTheServerDoesNotCountStatementsThenItSaysHowToStartIt() throws SQLException {
		String update = "UPDATE performance_schema.setup_consumers SET ENABLED = '%s' WHERE NAME = 'statements_digest'";
		execute(update.formatted("NO"));
		try {
			InspectionException failure = failure("monitor", this.inspector::readStatements);
			assertThat(failure.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(failure)
				.hasMessage("The server does not count statements. To start it: " + update.formatted("YES") + ";");
		}
		finally {
			execute(update.formatted("YES"));
		}
	}

	@Test
	void whenTwoIndexesAreTheSameThenOneIsAFinding() throws SQLException {
		assertThat(as("app", check("duplicate-index"))).isEmpty();
		execute("CREATE INDEX name_2 ON customer (name)", "CREATE UNIQUE INDEX key_2 ON customer (id)",
				"CREATE INDEX other ON customer (name DESC)", "CREATE INDEX prefix ON customer (name(5))",
				"CREATE FULLTEXT INDEX text_1 ON customer (name)", "CREATE FULLTEXT INDEX text_2 ON customer (name)");
		List<Finding> findings = as("app", check("duplicate-index"));
		assertThat(findings).extracting(Finding::id).containsExactlyInAnyOrder(duplicates());
		assertThat(findings).contains(Finding.of("duplicate-index", Severity.WARN, "customer.name_2", "customer",
				"The index is the same as customer.name_1: each write maintains both.",
				"DROP INDEX `name_2` ON `customer`;"));
		// those of the tables that the statistics point to
		assertThat(as("monitor", check("duplicate-index"))).containsExactlyInAnyOrderElementsOf(findings);
		assertThat(as("app", check("duplicate-index"), 1)).hasSize(1);
		for (Finding finding : findings) {
			execute(finding.fix());
		}
		assertThat(as("app", check("duplicate-index"))).isEmpty();
	}

	abstract String[] duplicates();

	@Test
	void whenATableHasNoPrimaryKeyThenItIsAFinding() throws SQLException {
		assertThat(as("app", check("table-without-primary-key"))).isEmpty();
		execute("CREATE TABLE `no key` (id INT UNIQUE)", "CREATE VIEW seen AS SELECT * FROM customer");
		assertThat(as("monitor", check("table-without-primary-key"))).hasSize(1)
			.isEqualTo(as("app", check("table-without-primary-key")));
		assertThat(as("app", check("table-without-primary-key"))).containsExactly(Finding.of(
				"table-without-primary-key", Severity.INFO, "`no key`", "`no key`",
				"The table has no primary key: a replica may read the whole table for each row that changes, and clusters do not accept changes of it.",
				"Add a primary key in a migration."));
	}

	@Test
	void whenFewNumbersAreLeftThenItIsAFinding() throws SQLException {
		execute("CREATE TABLE small (id TINYINT UNSIGNED PRIMARY KEY AUTO_INCREMENT) AUTO_INCREMENT = 230",
				"CREATE TABLE half (id TINYINT PRIMARY KEY AUTO_INCREMENT) AUTO_INCREMENT = 65",
				"CREATE TABLE big (id BIGINT UNSIGNED PRIMARY KEY AUTO_INCREMENT) AUTO_INCREMENT = 5000000000");
		assertThat(as("app", check("sequence-exhausted")))
			.containsExactly(Finding.of("sequence-exhausted", Severity.WARN, "small", "small",
					"90 % of the numbers are used: 229 of 255. They are the values of the column id.",
					"Change the column to bigint before the numbers run out."));
	}

	@Test
	void whenAnIndexIsNotUsedThenItIsReportedUnlessSomethingElseNeedsIt() throws SQLException {
		execute("CREATE TABLE child (id INT PRIMARY KEY, parent INT, a INT, b INT, KEY parent_a (parent, a), KEY b_1 (b), "
				+ "UNIQUE KEY u (a, b), FOREIGN KEY (parent) REFERENCES customer (id))",
				"CREATE TABLE referring (id INT PRIMARY KEY, a INT)", "SELECT id FROM customer WHERE name = 'a'",
				"SELECT * FROM child", "SELECT * FROM purchase", "ANALYZE TABLE child, referring");
		UnusedIndexes unused = as("monitor", this.inspector::readUnusedIndexes);
		assertThat(unused.indexes()).extracting(IndexReport::name)
			.containsExactlyInAnyOrder("child.b_1", "purchase.note_1");
		assertThat(unused.since()).isBetween(Instant.now().minus(Duration.ofDays(30)), Instant.now());
		assertThat(this.inspector.getDropIndexStatement(unused.indexes().get(0))).isIn("DROP INDEX `b_1` ON `child`;",
				"DROP INDEX `note_1` ON `purchase`;");
		this.minimumAge = FAR;
		// the tables have just been created, and the server counts from then on
		assertThat(as("monitor", this.inspector::readUnusedIndexes).indexes()).isEmpty();
		this.minimumAge = Duration.ZERO;
		this.minimumSize = 1 << 20;
		assertThat(as("monitor", this.inspector::readUnusedIndexes).indexes()).isEmpty();
		assertThat(failure("app", this.inspector::readUnusedIndexes).getStatus())
			.isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
	}

	@Test
	void whenAForeignKeyOfAnotherTableRefersToAnIndexThenItIsNotReported() throws SQLException {
		execute("CREATE TABLE target (id INT PRIMARY KEY, code INT, other INT, KEY code_1 (code), KEY other_1 (other))",
				"CREATE TABLE referring (id INT PRIMARY KEY, code INT)", "SELECT * FROM target",
				"ANALYZE TABLE target, referring");
		assertThat(as("monitor", this.inspector::readUnusedIndexes).indexes()).extracting(IndexReport::name)
			.contains("target.code_1", "target.other_1");
		execute(allowReferenceToNonUniqueKey(),
				"ALTER TABLE referring ADD FOREIGN KEY (code) REFERENCES target (code)");
		execute("SELECT * FROM target", "ANALYZE TABLE target, referring");
		assertThat(as("monitor", this.inspector::readUnusedIndexes).indexes()).extracting(IndexReport::name)
			.contains("target.other_1")
			.doesNotContain("target.code_1");
	}

	abstract String allowReferenceToNonUniqueKey();

	@Test
	void whenTheServerDoesNotCountUsesThenNothingIsSaidAboutThem() throws SQLException {
		String update = "UPDATE performance_schema.setup_instruments SET ENABLED = '%s' WHERE NAME = 'wait/io/table/sql/handler'";
		execute(update.formatted("NO"));
		try {
			InspectionException failure = failure("monitor", this.inspector::readUnusedIndexes);
			assertThat(failure.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED);
			assertThat(failure)
				.hasMessage("The server does not count uses of indexes. To start it: " + update.formatted("YES") + ";");
		}
		finally {
			execute(update.formatted("YES"));
		}
	}

	@Test
	void theSessionCannotWriteAndItsLimitsAreThoseOfTheStatement() throws SQLException {
		try (Connection connection = connect("root")) {
			connection.setAutoCommit(false);
			this.inspector.limit(connection, Duration.ofMillis(1500), Duration.ofMillis(100));
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> execute(connection, "INSERT INTO customer (name) VALUES ('x')"))
				.satisfies(
						(ex) -> assertThat(ex.getMessage()).containsIgnoringCase("read").containsIgnoringCase("only"));
			assertThat(query(connection, limitQuery())).isEqualTo(expectedLimits());
			SQLException timeout = catchThrowableOfType(SQLException.class, () -> query(connection,
					"SELECT COUNT(*) FROM customer a, customer b, customer c, customer d, customer e WHERE a.name <> b.name"));
			assertThat((Throwable) timeout).isNotNull();
			assertThat(timeout.getErrorCode()).isIn(1969, 3024);
		}
	}

	abstract String limitQuery();

	abstract String expectedLimits();

	@Test
	void whenTheServerRejectsSomethingThenTheReasonIsTranslated() throws SQLException {
		try (Connection connection = connect("app")) {
			SQLException denied = catchThrowableOfType(SQLException.class,
					() -> query(connection, "SELECT * FROM mysql.innodb_table_stats"));
			InspectionException translated = this.inspector.translate(denied, context(connection, 1));
			assertThat(translated.getStatus()).isEqualTo(ReportStatus.INSUFFICIENT_RIGHTS);
			assertThat(translated).hasMessageStartingWith("The login may not read this: ");
			SQLException lock = new SQLException("Lock wait timeout exceeded", "HY000", 1205);
			assertThat(this.inspector.translate(lock, context(connection, 1)).getStatus())
				.isEqualTo(ReportStatus.TIMED_OUT);
			assertThat(this.inspector.translate(new SQLException("x", "HY000", 1064), context(connection, 1))).isNull();
		}
	}

	final Thread block(Connection holder, Connection waiting, String sql) throws SQLException {
		holder.setAutoCommit(false);
		execute(holder, sql.replace("'z'", "'y'"));
		Thread thread = start(waiting, sql);
		awaitWaiting((session) -> session.waitingFor() != null && !session.blockedBy().isEmpty());
		return thread;
	}

	private static Thread start(Connection connection, String sql) {
		Thread thread = new Thread(() -> {
			try {
				execute(connection, sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		return thread;
	}

	private void awaitWaiting(Predicate<SessionReport> condition) {
		Awaitility.await()
			.until(() -> as("monitor", this.inspector::readActivity).value().sessions().stream().anyMatch(condition));
	}

	private static SessionReport blocked(ActivityReport activity) {
		return activity.sessions().stream().filter((each) -> each.waitingFor() != null).findFirst().orElseThrow();
	}

	final AbstractMySqlInspector inspector() {
		return this.inspector;
	}

	final Reader<List<Finding>> check(String kind) {
		return this.inspector.getChecks()
			.stream()
			.filter((check) -> check.kind().equals(kind))
			.findFirst()
			.orElseThrow()
			.reader()::read;
	}

	final <T> T as(String user, Reader<T> reader) throws SQLException {
		return as(user, reader, 50);
	}

	final <T> T as(String user, Reader<T> reader, int limit) throws SQLException {
		try (Connection connection = connect(user)) {
			connection.setAutoCommit(false);
			this.inspector.limit(connection, Duration.ofSeconds(20), Duration.ofMillis(100));
			T result = reader.read(context(connection, limit));
			connection.rollback();
			return result;
		}
	}

	private InspectionContext context(Connection connection, int limit) {
		return new InspectionContext(connection, "login", limit, this.minimumAge, this.minimumSize, new HashMap<>());
	}

	final InspectionException failure(String user, Reader<?> reader) {
		InspectionException failure = catchThrowableOfType(InspectionException.class, () -> as(user, reader));
		assertThat((Throwable) failure).isNotNull();
		return failure;
	}

	final Connection connect(String user) throws SQLException {
		Connection connection = DriverManager.getConnection(
				url() + "in-spected?user=" + user + (user.equals("root") ? "" : "&password=pass") + parameters());
		execute(connection, "SET SESSION lock_wait_timeout = 20, innodb_lock_wait_timeout = 20");
		return connection;
	}

	final void execute(String... statements) throws SQLException {
		try (Connection connection = connect("root")) {
			for (String sql : statements) {
				execute(connection, sql);
			}
		}
	}

	private void executeWithoutDatabase(String... statements) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url() + "?user=root" + parameters())) {
			for (String sql : statements) {
				execute(connection, sql);
			}
		}
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private @Nullable String query(String sql) throws SQLException {
		try (Connection connection = connect("root")) {
			return query(connection, sql);
		}
	}

	static @Nullable String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	/**
	 * Reads something.
	 *
	 * @param <T> what it is
	 */
	interface Reader<T> {

		T read(InspectionContext context) throws SQLException;

	}

}
