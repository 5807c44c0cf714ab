package io.appdbs.inspection.support;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import io.appdbs.DatabaseOutage;
import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.Severity;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.support.InspectionSession.Check;
import io.appdbs.jdbc.Definitions;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.lifecycle.DatabaseConnector;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseInspection} with sessions that the test controls.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseInspectionTests {

	private static final Sample<SizeReport> SIZE = Sample.exact(new SizeReport(1L, null, null, null));

	private static final Finding SERIOUS = Finding.of("invalid-index", Severity.WARN, "a", "t", "It is invalid.",
			"DROP INDEX a;");

	private static final Finding HARMLESS = Finding.of("bloat", Severity.INFO, "b", "t", "It is large.", null);

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger aborted = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private final AtomicReference<@Nullable DatabaseOutage> outage = new AtomicReference<>();

	private final CountDownLatch release = new CountDownLatch(1);

	private final InspectionSession session = Mockito.mock(InspectionSession.class);

	private final List<Check> checks = new ArrayList<>();

	private @Nullable DatabaseInspection inspection;

	DatabaseInspectionTests() throws Exception {
		BDDMockito.given(this.session.readSize()).willReturn(SIZE);
		BDDMockito.given(this.session.getChecks()).willReturn(this.checks);
		BDDMockito.given(this.session.readReadings()).willReturn(ServerReadings.NONE);
		BDDMockito.given(this.session.readUnusedIndexes())
			.willReturn(new UnusedIndexes(Instant.now().minus(Duration.ofDays(30)), List.of()));
		BDDMockito.given(this.session.translate(Mockito.any()))
			.willAnswer((call) -> new InspectionException(ReportStatus.UNAVAILABLE,
					((Exception) call.getArgument(0)).getMessage(), null));
		BDDMockito.willAnswer((call) -> this.aborted.incrementAndGet()).given(this.session).abort();
		BDDMockito.willAnswer((call) -> this.closed.incrementAndGet()).given(this.session).close();
	}

	@AfterEach
	void close() {
		this.release.countDown();
		if (this.inspection != null) {
			this.inspection.close();
		}
		TestDatabases.awaitNoThreads("appdbs-inspection-orders");
	}

	@Test
	void manyThreadsShareOneInspection() throws Exception {
		DatabaseInspection inspection = create(Duration.ofSeconds(30));
		List<Report<SizeReport>> reports = ConcurrentTasks.run(32, (index) -> inspection.size());
		assertThat(reports).allSatisfy((report) -> assertThat(report).isSameAs(reports.get(0)));
		assertThat(reports.get(0).value()).isEqualTo(SIZE.value());
		assertThat(this.opened).hasValue(1);
		assertThat(this.closed).hasValue(1);
		inspection.fresh().size();
		assertThat(this.opened).as("fresh within 10 s").hasValue(1);
	}

	@Test
	void whenADriverHangsThenItsConnectionIsAbortedAndCallersDoNotWaitForEver() throws Exception {
		BDDMockito.given(this.session.readSize()).willAnswer((call) -> {
			this.release.await();
			return SIZE;
		});
		DatabaseInspection inspection = create(Duration.ofMillis(200));
		List<Report<SizeReport>> reports = ConcurrentTasks.run(16, (index) -> inspection.size());
		// a caller that arrives while the driver hangs gets that status, or shares the
		// result
		assertThat(reports).extracting(Report::status)
			.contains(ReportStatus.TIMED_OUT)
			.isSubsetOf(ReportStatus.TIMED_OUT, ReportStatus.UNAVAILABLE);
		assertThat(reports.get(0).value()).isNull();
		assertThat(this.opened).hasValue(1);
		assertThat(this.aborted).hasValue(1);
		Report<?> next = inspection.tables();
		assertThat(next.status()).isEqualTo(ReportStatus.UNAVAILABLE);
		assertThat(next.message())
			.isEqualTo("An earlier inspection has not ended, although its connection was aborted.");
		assertThat(this.opened).hasValue(1);
		this.release.countDown();
		TestDatabases.awaitNoThreads("appdbs-inspection-orders");
		inspection.indexes();
		assertThat(this.opened).hasValue(2);
	}

	@Test
	void whenTheApplicationIsClosedThenARunningInspectionIsAborted() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		BDDMockito.given(this.session.readSize()).willAnswer((call) -> {
			reading.countDown();
			this.release.await();
			throw new IllegalStateException("aborted");
		});
		BDDMockito.willAnswer((call) -> {
			this.release.countDown();
			return this.aborted.incrementAndGet();
		}).given(this.session).abort();
		DatabaseInspection inspection = create(Duration.ofSeconds(30));
		AtomicReference<@Nullable Report<SizeReport>> report = new AtomicReference<>();
		Thread caller = new Thread(() -> report.set(inspection.size()));
		caller.start();
		reading.await();
		inspection.close();
		caller.join();
		assertThat(report.get().status()).isEqualTo(ReportStatus.UNAVAILABLE);
		assertThat(inspection.tables().message()).isEqualTo("The application is being closed.");
	}

	@Test
	void aDatabaseThatIsDownIsNotAsked() {
		DatabaseInspection inspection = create(Duration.ofSeconds(30));
		this.outage.set(new DatabaseOutage("orders", "nobody listens", Instant.EPOCH, null));
		Report<SizeReport> report = inspection.size();
		assertThat(report.status()).isEqualTo(ReportStatus.UNAVAILABLE);
		assertThat(report.message()).isEqualTo("Database 'orders' is down since 1970-01-01T00:00:00Z: nobody listens.");
		assertThat(this.opened).hasValue(0);
		this.outage.set(null);
		assertThat(inspection.size().isOk()).as("as soon as it is up").isTrue();
	}

	@Test
	void aFailureIsNotRepeatedAtOnce() {
		DatabaseInspection inspection = create((timeout) -> {
			this.opened.incrementAndGet();
			throw new IllegalStateException("refused");
		}, Duration.ofSeconds(30));
		for (int i = 0; i < 3; i++) {
			assertThat(inspection.size().message())
				.isEqualTo("The inspection could not connect to the database: refused");
		}
		assertThat(this.opened).hasValue(1);
	}

	@Test
	void findingsOfOtherChecksAreReportedAlthoughOneFails() {
		this.checks.add(new Check("bloat", Duration.ZERO, () -> List.of(HARMLESS)));
		this.checks.add(new Check("invalid-index", Duration.ZERO, () -> List.of(SERIOUS)));
		this.checks.add(new Check("wraparound", Duration.ZERO, () -> {
			throw InspectionException.insufficientRights("Not allowed.", "GRANT x;").withPartialValue(List.of());
		}));
		this.checks.add(new Check("sequence-exhausted", Duration.ZERO, () -> {
			throw InspectionException.unsupported("Not known.");
		}));
		this.checks.add(new Check("statistics-missing", Duration.ZERO, () -> {
			throw new IllegalStateException("broken");
		}));
		Report<FindingsReport> report = create(Duration.ofSeconds(30)).findings();
		assertThat(report.status()).isEqualTo(ReportStatus.UNAVAILABLE);
		assertThat(report.message())
			.isEqualTo("2 checks could not be made completely: wraparound, statistics-missing.");
		assertThat(report.fix()).isEqualTo("GRANT x;");
		FindingsReport findings = report.getRequiredValue();
		assertThat(findings.findings()).containsExactly(SERIOUS, HARMLESS);
		assertThat(findings.count(Severity.WARN)).isOne();
		assertThat(findings.checks()).containsOnlyKeys("wraparound", "sequence-exhausted", "statistics-missing")
			.containsEntry("sequence-exhausted", new CheckReport(ReportStatus.UNSUPPORTED, "Not known.", null));
	}

	@Test
	void aSessionHasLessTimeThanItsCallerWaits() {
		AtomicReference<@Nullable Duration> given = new AtomicReference<>();
		create((timeout) -> {
			given.set(timeout);
			return this.session;
		}, Duration.ofSeconds(10)).size();
		assertThat(given).hasValue(Duration.ofSeconds(9));
	}

	@Test
	void whatAnEngineDoesNotReportDoesNotMakeTheRestIncomplete() {
		this.checks.add(new Check("sequence-exhausted", Duration.ZERO, () -> {
			throw InspectionException.unsupported("Not known.");
		}));
		assertThat(create(Duration.ofSeconds(30)).findings().isOk()).isTrue();
	}

	@Test
	void aSeriousFindingIsLoggedOnceAndAgainWhenItComesBack(CapturedOutput output) throws Exception {
		List<Finding> found = new ArrayList<>(List.of(SERIOUS, HARMLESS));
		this.checks.add(new Check("invalid-index", Duration.ZERO, () -> List.copyOf(found)));
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> null);
		for (int i = 0; i < 3; i++) {
			run.run(this.session, false);
		}
		String line = "Database 'orders' has the finding invalid-index:a: It is invalid. Fix: DROP INDEX a;";
		assertThat(output.toString().split(Pattern.quote(line), -1)).hasSize(2);
		assertThat(output).doesNotContain("It is large.");
		found.clear();
		run.run(this.session, false);
		found.add(SERIOUS);
		run.run(this.session, false);
		assertThat(output.toString().split(Pattern.quote(line), -1)).hasSize(3);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					24 | WARN | The pool is too small: 12 % waited. | Set 'app.dbs.orders.pool.max-size' to 24 in each instance of the application, unless the server is busy: then more connections make all of them slower.
					4 | INFO | The pool is too large: 12 % waited. | Set 'app.dbs.orders.pool.max-size' to 4 in each instance of the application.""",
			quoteCharacter = '`')
	void aPoolThatShouldHaveAnotherSizeIsFound(int recommended, Severity severity, String text, String fix) {
		PoolUsage usage = new PoolUsage(1, 9, 0, 10, null, new PoolAdvice(recommended, "12 % waited"));
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> usage);
		assertThat(run.run(this.session, false).value().findings())
			.containsExactly(new Finding("pool-size:orders", severity, "orders", null, text, fix));
	}

	@Test
	void aPoolThatFitsIsNotFound() {
		PoolUsage usage = new PoolUsage(1, 9, 0, 10, null, new PoolAdvice(10, "0 % waited"));
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> usage);
		assertThat(run.run(this.session, false).value().findings()).isEmpty();
	}

	@Test
	void ignoredFindingsAreCountedAndNotLogged(CapturedOutput output) {
		this.checks.add(new Check("invalid-index", Duration.ZERO, () -> List.of(SERIOUS, HARMLESS)));
		FindingsReport report = create((timeout) -> this.session, Duration.ofSeconds(30),
				"inspection.findings.ignore[0]", "invalid-*:a", "inspection.findings.ignore[1]", "bloat")
			.findings()
			.getRequiredValue();
		assertThat(report.findings()).containsExactly(HARMLESS);
		assertThat(report.ignored()).isOne();
		assertThat(output).doesNotContain("It is invalid.");
	}

	@Test
	void findingsAreKeptForTheIntervalAlsoIfItIsShort() {
		DatabaseInspection inspection = create((timeout) -> this.session, Duration.ofSeconds(30), "inspection.interval",
				"10ms");
		Report<FindingsReport> first = inspection.findings();
		Report<SizeReport> size = inspection.size();
		Awaitility.await().untilAsserted(() -> assertThat(inspection.findings()).isNotSameAs(first));
		assertThat(inspection.size()).isSameAs(size);
	}

	@Test
	void anExpensiveCheckIsMadeOnceUnlessAFreshResultIsRequested() throws Exception {
		AtomicInteger made = new AtomicInteger();
		this.checks.add(new Check("sequence-exhausted", Duration.ofDays(1), () -> {
			made.incrementAndGet();
			return List.of(SERIOUS);
		}));
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> null);
		for (int i = 0; i < 3; i++) {
			assertThat(run.run(this.session, false).value().findings()).containsExactly(SERIOUS);
		}
		assertThat(made).hasValue(1);
		Awaitility.await().untilAsserted(() -> {
			run.run(this.session, true);
			assertThat(made).hasValue(2);
		});
	}

	@Test
	void whatTakesLongIsNotRepeatedAtOnceForAFreshResult() {
		AtomicInteger made = new AtomicInteger();
		this.checks.add(new Check("sequence-exhausted", Duration.ofDays(1), () -> {
			Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> true);
			made.incrementAndGet();
			return List.of(SERIOUS);
		}));
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> null);
		for (int i = 0; i < 3; i++) {
			assertThat(run.run(this.session, true).value().findings()).containsExactly(SERIOUS);
		}
		assertThat(made).hasValue(1);
	}

	@Test
	void theSizeIsMeasuredAgainAfterARest() throws Exception {
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> null);
		BDDMockito.given(this.session.readSize()).willAnswer((call) -> {
			Thread.sleep(20);
			return SIZE;
		});
		for (int i = 0; i < 3; i++) {
			run.run(this.session, true);
			assertThat(run.getLastReadings().bytes()).isOne();
		}
		BDDMockito.then(this.session).should().readSize();
	}

	@Test
	void theHitRatioIsThatOfTheTimeBetweenTwoReadings() throws Exception {
		FindingsRun run = new FindingsRun(Definitions.of("orders", "jdbc:h2:mem:x"), (name) -> null, () -> null);
		assertThat(ratio(run, 900, 100)).isEqualTo(0.9);
		assertThat(ratio(run, 950, 150)).isEqualTo(0.5);
		assertThat(ratio(run, 950, 150)).isNull();
		assertThat(ratio(run, 30, 10)).as("after a reset").isEqualTo(0.75);
	}

	private @Nullable Double ratio(FindingsRun run, long hits, long misses) throws Exception {
		BDDMockito.given(this.session.readReadings())
			.willReturn(new ServerReadings(null, hits, misses, null, null, null, null));
		run.run(this.session, false);
		return run.getLastReadings().cacheHitRatio();
	}

	@Test
	void youngStatisticsAreNoReasonToDropAnIndex() throws Exception {
		IndexReport index = new IndexReport("i", "t", List.of("a"), false, true, 2L << 20, 0L, null);
		BDDMockito.given(this.session.readUnusedIndexes())
			.willReturn(new UnusedIndexes(Instant.now().minus(Duration.ofHours(50)), List.of(index)));
		Report<FindingsReport> report = create(Duration.ofSeconds(30)).findings();
		assertThat(report.isOk()).isTrue();
		assertThat(report.getRequiredValue().findings()).isEmpty();
		CheckReport check = report.getRequiredValue().checks().get("unused-index");
		assertThat(check.status()).isEqualTo(ReportStatus.UNSUPPORTED);
		assertThat(check.message()).startsWith("'orders' has counted the use of indexes for 2 d 2 h, since 20")
			.endsWith(", and 'app.dbs.orders.inspection.findings.minimum-age' is 7 d.");
	}

	@Test
	void whenTheAgeOfTheStatisticsIsNotKnownThenNothingIsSaid() throws Exception {
		IndexReport index = new IndexReport("i", "t", List.of("a"), false, true, 2L << 20, 0L, null);
		BDDMockito.given(this.session.readUnusedIndexes()).willReturn(new UnusedIndexes(null, List.of(index)));
		FindingsReport report = create((timeout) -> this.session, Duration.ofSeconds(30),
				"inspection.findings.minimum-age", "0s")
			.findings()
			.getRequiredValue();
		assertThat(report.findings()).isEmpty();
		assertThat(report.checks().get("unused-index").message())
			.isEqualTo("It is not known since when 'orders' has counted the use of indexes.");
	}

	private DatabaseInspection create(Duration timeout) {
		return create((limit) -> {
			this.opened.incrementAndGet();
			return this.session;
		}, timeout);
	}

	private DatabaseInspection create(InspectionSession.Factory sessions, Duration timeout, String... settings) {
		DatabaseAccess database = Mockito.mock(DatabaseAccess.class);
		BDDMockito.given(database.getConnector()).willReturn(Mockito.mock(DatabaseConnector.class));
		BDDMockito.given(database.getDefinition()).willReturn(Definitions.of("orders", "jdbc:h2:mem:x", settings));
		BDDMockito.given(database.getOutage()).willAnswer((call) -> this.outage.get());
		DatabaseInspection inspection = new DatabaseInspection(database, sessions, (name) -> null, timeout);
		this.inspection = inspection;
		return inspection;
	}

}
