package io.appdbs.backup.check;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupReport;
import io.appdbs.backup.BackupReporter;
import io.appdbs.backup.BackupStatus;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.engine.archive.ArchiverReading;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DatabaseBackups} and {@link BackupCheck}.
 */
class DatabaseBackupsTests {

	private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

	private final BackupObservations observations = new BackupObservations(Observations.clock(NOW));

	@AutoClose
	private final LoggedLines log = new LoggedLines();

	private final List<DatabaseBackups> created = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		for (DatabaseBackups backups : this.created) {
			backups.close();
		}
		await().atMost(Duration.ofSeconds(5)).until(() -> TestDatabases.threads("appdbs-backup").isEmpty());
	}

	@Test
	void backupsAreCheckedAtTheInterval() {
		AtomicInteger calls = new AtomicInteger();
		DatabaseBackups backups = create(() -> {
			calls.incrementAndGet();
			return BackupReport.never();
		}, "backup.check-interval", "10ms");
		assertThat(backups.getStatus()).isNull();
		backups.begin();
		await().until(() -> calls.get() > 3);
		assertThat(backups.getStatus()).isNotNull().satisfies((status) -> {
			assertThat(status.state()).isEqualTo(State.NEVER);
			assertThat(status.checkedAt()).isEqualTo(NOW);
		});
	}

	@Test
	void aFindingIsLoggedOnceUntilItChanges() {
		AtomicReference<BackupReport> report = new AtomicReference<>(report("2026-11-27T09:00:00Z"));
		DatabaseBackups backups = create(report::get, "backup.max-age", "2h");
		check(backups, 3);
		String late = "Backups of database 'orders' are late: the last one (incr) ended at 2026-11-27T09:00:00Z, and 'app.dbs.orders.backup.max-age' is '2h'.";
		assertThat(this.log.messages())
			.containsExactly(late + " Look at the schedule and the log of the tool that makes the backups.");
		report.set(report("2026-11-27T10:30:00Z"));
		check(backups, 3);
		assertThat(this.log.messages()).hasSize(2).last().isEqualTo("No longer found: " + late);
		report.set(BackupReport.never());
		check(backups, 3);
		assertThat(this.log.messages()).hasSize(3)
			.last()
			.isEqualTo("Backups of database 'orders' do not exist. Make a full backup, and schedule further ones.");
	}

	@Test
	void theWordsOfABeanDoNotMakeANewWarning() {
		AtomicInteger calls = new AtomicInteger();
		DatabaseBackups backups = create(() -> {
			throw new IllegalStateException("attempt " + calls.incrementAndGet());
		});
		check(backups, 3);
		assertThat(this.log.messages()).singleElement().asString().contains("attempt 1");
		assertThat(backups.getStatus()).isNotNull()
			.satisfies((status) -> assertThat(status.findings()).singleElement()
				.satisfies((finding) -> assertThat(finding.detail()).contains("attempt 3")));
	}

	@Test
	void requestsThatArriveTogetherShareACheck() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		DatabaseBackups backups = create(() -> {
			calls.incrementAndGet();
			begun.countDown();
			go.await();
			return report("2026-11-27T10:30:00Z");
		});
		backups.begin();
		begun.await();
		List<Thread> threads = IntStream.range(0, 20).mapToObj((i) -> new Thread(backups::check)).toList();
		threads.forEach(Thread::start);
		await().until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		go.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
		// the one that was running, and one for all requests
		assertThat(calls).hasValue(2);
	}

	@Test
	void whenItIsClosedThenACheckIsInterruptedAndRequestsFail() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		AtomicReference<Throwable> failure = new AtomicReference<>();
		DatabaseBackups backups = create(() -> {
			begun.countDown();
			never.await();
			return BackupReport.never();
		});
		Thread request = new Thread(() -> {
			try {
				backups.check();
			}
			catch (IllegalDatabaseOperationException ex) {
				failure.set(ex);
			}
		});
		request.start();
		begun.await();
		backups.close();
		request.join();
		assertThat(failure.get()).hasMessage(
				"Backups of database 'orders' were not checked: java.lang.IllegalStateException: the database is closed.");
		assertThatExceptionOfType(IllegalDatabaseOperationException.class).isThrownBy(backups::check);
		assertThat(this.log.messages()).isEmpty();
	}

	@Test
	void closingOneDoesNotEndTheThreadsOfAnother() throws Exception {
		DatabaseBackups first = create(BackupReport::never);
		DatabaseBackups second = create(BackupReport::never);
		first.close();
		first.close();
		assertThat(second.check()).isNotNull();
	}

	@Test
	void manyDatabasesShareTwoThreadsForChecks() throws Exception {
		List<DatabaseBackups> all = IntStream.range(0, 200)
			.mapToObj((i) -> createArchive(() -> Optional.of(reading(0)), "backup.check-interval", "10ms",
					"backup.max-archive-lag", "1m"))
			.toList();
		all.forEach(DatabaseBackups::begin);
		await().until(() -> all.stream().allMatch((each) -> each.getStatus() != null));
		assertThat(TestDatabases.threads("appdbs-backup-").stream().filter((name) -> !name.contains("call")))
			.hasSizeLessThanOrEqualTo(2);
		// one whose call has returned may not yet be ready for the next one
		assertThat(TestDatabases.threads("appdbs-backup-call-")).hasSizeLessThan(20);
	}

	@Test
	void withoutConfigurationAServerThatDoesNotArchiveIsNotObserved() {
		DatabaseBackups backups = createArchive(Optional::empty);
		assertThat(backups.check()).isNull();
		assertThat(backups.getStatus()).isNull();
	}

	@Test
	void aServerThatDoesNotArchiveButShouldIsReported() {
		DatabaseBackups backups = createArchive(Optional::empty, "backup.max-archive-lag", "15m");
		assertThat(texts(backups.check())).containsExactly(
				"archive-unknown: Backups of database 'orders' do not reach the present: 'app.dbs.orders.backup.max-archive-lag' is '15m', but the server does not archive its log. Set 'archive_mode' and 'archive_command' of the server, or remove the key.");
	}

	@Test
	void aLagIsReportedWhileTheServerWrites() {
		AtomicInteger minutes = new AtomicInteger();
		DatabaseBackups backups = createArchive(() -> Optional.of(reading(minutes.getAndAdd(10))),
				"backup.max-archive-lag", "15m");
		assertThat(texts(backups.check())).isEmpty();
		assertThat(texts(backups.check())).isEmpty();
		assertThat(texts(backups.check())).containsExactly(
				"archive-late: Backups of database 'orders' do not reach the present: the server writes, but has not archived its log since 2026-11-27T11:00:00Z, and 'app.dbs.orders.backup.max-archive-lag' is '15m'. Let 'archive_timeout' of the server be shorter, or find out what delays 'archive_command'.");
	}

	@Test
	void whatIsKnownOfAServerStaysWhileItIsDown() {
		AtomicReference<Optional<ArchiverReading>> reading = new AtomicReference<>();
		DatabaseBackups backups = createArchive(reading::get);
		assertThat(backups.check()).isNull();
		reading.set(Optional.of(new ArchiverReading(NOW, 1, false, null, NOW)));
		BackupStatus failing = backups.check();
		assertThat(texts(failing)).containsExactly(
				"archive-failing: Backups of database 'orders' do not reach the present: archiving fails, and the server has not archived its log yet. Look at the log of the server. It keeps its log until archiving succeeds, which fills its disk.");
		reading.set(null);
		assertThat(backups.check()).isEqualTo(failing);
	}

	@Test
	void aServerThatDoesNotAnswerIsReportedIfItsLagMatters() {
		ArchiveSource failing = () -> {
			throw new IllegalStateException("no answer");
		};
		assertThat(createArchive(failing).check()).isNull();
		assertThat(texts(createArchive(failing, "backup.max-archive-lag", "15m").check())).containsExactly(
				"archive-unknown: Backups of database 'orders' may not reach the present: the archiving of the server is unknown. It says: 'no answer'. Correct what the server says, or remove 'app.dbs.orders.backup.max-archive-lag'.");
	}

	@Test
	void onlyAServerThatCouldNotBeAskedIsAskedAgainSoon() throws Exception {
		AtomicReference<@Nullable SQLException> failure = new AtomicReference<>();
		ArchiveSource archive = () -> {
			SQLException rejected = failure.get();
			if (rejected != null) {
				throw rejected;
			}
			return null;
		};
		try (Observations threads = new Observations()) {
			BackupCheck check = new BackupCheck(Observations.evaluation(), null, null, archive, threads.call(),
					Observations.clock(NOW));
			check.execute();
			assertThat(check.isIncomplete()).isTrue();
			failure.set(new SQLException("permission denied for function pg_current_wal_lsn", "42501"));
			check.execute();
			assertThat(check.isIncomplete()).isFalse();
		}
	}

	@Test
	void aDefaultForPostgreSqlIsIgnoredElsewhere() {
		DatabaseDefinition definition = Definitions.of("orders", "jdbc:h2:mem:orders", "backup.report", "pgbackrest",
				"backup.file", "/missing", "backup.max-age", "1s");
		assertThat(this.observations.create(definition, null, () -> BackupReport::never)).isNull();
	}

	@Test
	void theRealClockIsUsed() {
		assertThat(new BackupObservations(Clock.systemUTC()).create(Observations.definition(), null,
				() -> BackupReport::never))
			.isNull();
	}

	private static ArchiverReading reading(int minutes) {
		return new ArchiverReading(NOW.plus(Duration.ofMinutes(minutes)), minutes, false,
				NOW.minus(Duration.ofHours(1)), null);
	}

	private static BackupReport report(String finished) {
		return BackupReport.of(new Backup("incr", Instant.parse(finished)));
	}

	private static List<String> texts(@Nullable BackupStatus status) {
		assertThat(status).isNotNull();
		return Observations.texts(status.findings());
	}

	private static void check(DatabaseBackups backups, int times) {
		for (int i = 0; i < times; i++) {
			backups.check();
		}
	}

	private DatabaseBackups create(BackupReporter reporter, String... settings) {
		List<String> all = new ArrayList<>(List.of("backup.report", "bean"));
		all.addAll(List.of(settings));
		return remember(
				this.observations.create(Observations.definition(all.toArray(String[]::new)), null, () -> reporter));
	}

	private DatabaseBackups createArchive(ArchiveSource source, String... settings) {
		return remember(this.observations.create(Observations.definition(settings), source, () -> BackupReport::never));
	}

	private DatabaseBackups remember(@Nullable DatabaseBackups backups) {
		assertThat(backups).isNotNull();
		this.created.add(backups);
		return backups;
	}

}
