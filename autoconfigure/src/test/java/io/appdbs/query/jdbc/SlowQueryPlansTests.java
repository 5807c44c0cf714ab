package io.appdbs.query.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.query.SlowQuery;
import io.appdbs.query.jdbc.SlowQueryPlans.Explainer;
import io.appdbs.query.jdbc.SlowQueryPlans.Timing;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SlowQueryPlans} and {@link ExplainedStatements}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SlowQueryPlansTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Timing WITHOUT_PAUSE = new Timing(Duration.ZERO, HOUR, HOUR);

	private final List<StatementPlan> published = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger asked = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	private @Nullable SlowQueryPlans plans;

	@AfterEach
	void close() {
		this.release.countDown();
		if (this.plans != null) {
			this.plans.close();
		}
		TestDatabases.awaitNoThreads("appdbs-plans-orders");
	}

	@Test
	void aStatementIsExplainedOnce() {
		SlowQueryPlans plans = create(WITHOUT_PAUSE, (sql, prepared) -> "plan of " + sql);
		for (int i = 0; i < 3; i++) {
			plans.onSlowQuery(slow("select 1"));
			plans.onSlowQuery(slow("select 2"));
		}
		Awaitility.await().until(() -> this.published.size() >= 2);
		TestDatabases.awaitNoThreads("appdbs-plans-orders");
		assertThat(this.published).extracting(StatementPlan::plan)
			.containsExactly("plan of select 1", "plan of select 2");
		assertThat(this.published.get(0).took()).isEqualTo(Duration.ofMillis(7));
	}

	@Test
	void whenTheTimeIsOverThenTheStatementIsExplainedAgain() {
		SlowQueryPlans plans = create(new Timing(Duration.ZERO, Duration.ZERO, HOUR), (sql, prepared) -> "plan");
		for (int i = 1; i <= 3; i++) {
			int count = i;
			plans.onSlowQuery(slow("select 1"));
			Awaitility.await().until(() -> this.published.size() == count);
		}
	}

	@Test
	void betweenTwoStatementsThereIsAPause() {
		SlowQueryPlans plans = create(new Timing(HOUR, HOUR, HOUR), (sql, prepared) -> "plan");
		plans.onSlowQuery(slow("select 1"));
		plans.onSlowQuery(slow("select 2"));
		Awaitility.await().until(() -> this.published.size() == 1);
		assertThat(TestDatabases.threads("appdbs-plans-orders")).hasSize(1);
		plans.close();
		TestDatabases.awaitNoThreads("appdbs-plans-orders");
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void whatTheServerIsNotAskedForTakesNoTimeFromOthers() {
		SlowQueryPlans plans = create(Timing.DEFAULT, (sql, prepared) -> "plan");
		plans.onSlowQuery(slow("create index i on t (a)"));
		plans.onSlowQuery(slow("select 1; delete from t"));
		plans.onSlowQuery(new SlowQuery("select 'x' as password", "select 'x' as password ***", true, 1));
		plans.onSlowQuery(slow("select 1"));
		Awaitility.await().until(() -> this.published.size() == 4);
		assertThat(this.asked).hasValue(1);
		assertThat(this.published).extracting(StatementPlan::message)
			.containsExactly("Only SELECT, INSERT, UPDATE, DELETE, MERGE and WITH have a plan.",
					"The text has several statements.",
					"The text is not logged completely: it is long, or may contain a secret.", null);
	}

	@Test
	void aFloodOfSlowStatementsBlocksNobodyAndIsDropped(CapturedOutput output) throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger(SlowQueryPlans.class);
		Level level = logger.getLevel();
		logger.setLevel(Level.DEBUG);
		try {
			SlowQueryPlans plans = create(WITHOUT_PAUSE, (sql, prepared) -> {
				await(this.release);
				return "plan";
			});
			ConcurrentTasks.run(16, (index) -> {
				for (int i = index; i < 1000; i += 16) {
					plans.onSlowQuery(slow("select " + i));
				}
				return null;
			});
			assertThat(this.published).isEmpty();
			assertThat(this.asked).hasValueLessThanOrEqualTo(1);
			assertThat(TestDatabases.threads("appdbs-plans-orders")).hasSize(1);
			assertThat(plans.countRemembered()).as("dropped ones may be tried again").isEqualTo(11);
			String line = "Database 'orders': too many slow statements, so this one has no plan: select ";
			assertThat(output.getAll().lines().filter((text) -> text.contains(line))).hasSize(989);
			this.release.countDown();
			Awaitility.await().until(() -> this.published.size() == 11);
			assertThat(this.published).extracting(StatementPlan::statement).doesNotHaveDuplicates();
		}
		finally {
			logger.setLevel(level);
		}
	}

	@Test
	void whenTheServerDoesNotAnswerThenTheStatementIsTriedAgainEarlier() {
		List<ReportStatus> failures = new ArrayList<>(
				List.of(ReportStatus.TIMED_OUT, ReportStatus.UNAVAILABLE, ReportStatus.UNSUPPORTED));
		SlowQueryPlans plans = create(new Timing(Duration.ZERO, HOUR, Duration.ZERO), (sql, prepared) -> {
			throw new InspectionException(failures.remove(0), "No.", null);
		});
		for (int i = 1; i <= 3; i++) {
			int count = i;
			Awaitility.await().until(() -> {
				plans.onSlowQuery(slow("select 1"));
				return this.published.size() >= count;
			});
		}
		plans.onSlowQuery(slow("select 1"));
		TestDatabases.awaitNoThreads("appdbs-plans-orders");
		assertThat(this.published).extracting(StatementPlan::status)
			.containsExactly(ReportStatus.TIMED_OUT, ReportStatus.UNAVAILABLE, ReportStatus.UNSUPPORTED);
		assertThat(this.published).allSatisfy((plan) -> assertThat(plan.plan()).isNull())
			.extracting(StatementPlan::message)
			.containsOnly("No.");
	}

	@Test
	void anUnexpectedFailureIsLoggedAndTheNextStatementIsExplained(CapturedOutput output) {
		SlowQueryPlans plans = create(WITHOUT_PAUSE, (sql, prepared) -> {
			if (sql.equals("select 1")) {
				throw new IllegalStateException("unexpected");
			}
			return "plan";
		});
		plans.onSlowQuery(slow("select 1"));
		plans.onSlowQuery(slow("select 2"));
		Awaitility.await().until(() -> this.published.size() == 1);
		assertThat(output).contains("Database 'orders': a plan could not be read");
	}

	@Test
	void afterTheEndNothingIsPublishedAndNothingFails() throws Exception {
		CountDownLatch asking = new CountDownLatch(1);
		SlowQueryPlans plans = create(WITHOUT_PAUSE, (sql, prepared) -> {
			asking.countDown();
			await(this.release);
			return "plan";
		});
		plans.onSlowQuery(slow("select 1"));
		plans.onSlowQuery(slow("select 2"));
		asking.await();
		plans.close();
		plans.onSlowQuery(slow("select 3"));
		TestDatabases.awaitNoThreads("appdbs-plans-orders");
		assertThat(this.asked).hasValue(1);
		assertThat(this.published).isEmpty();
	}

	@Test
	void secretsOfViewsAreHiddenAndLongPlansAreCut() {
		SlowQueryPlans plans = create(WITHOUT_PAUSE, (sql, prepared) -> sql.equals("select 1")
				? "Seq Scan on t\n  Filter: (password = 's3cr3t'::text)" : "x".repeat(20_000));
		plans.onSlowQuery(slow("select 1"));
		plans.onSlowQuery(slow("select 2"));
		Awaitility.await().until(() -> this.published.size() == 2);
		assertThat(this.published.get(0).plan()).isEqualTo("Seq Scan on t\n  Filter: (password ***");
		assertThat(this.published.get(1).plan()).isEqualTo("x".repeat(10_000) + "... (20000 characters)");
	}

	@Test
	void theLeastRecentlyExecutedStatementsAreForgotten() {
		ExplainedStatements statements = new ExplainedStatements(3);
		for (String sql : List.of("a", "b", "c")) {
			assertThat(statements.add(sql, HOUR)).isTrue();
		}
		assertThat(statements.add("a", HOUR)).isFalse();
		assertThat(statements.add("d", HOUR)).isTrue();
		assertThat(statements.size()).isEqualTo(3);
		assertThat(statements.add("a", HOUR)).isFalse();
		assertThat(statements.add("b", HOUR)).as("forgotten").isTrue();
		statements.remove("d");
		assertThat(statements.add("d", HOUR)).isTrue();
		statements.change("d", Duration.ZERO);
		statements.change("e", HOUR);
		assertThat(statements.add("d", HOUR)).isTrue();
		assertThat(statements.add("e", HOUR)).isTrue();
	}

	@Test
	void manyThreadsAddAStatementOnce() throws Exception {
		ExplainedStatements statements = new ExplainedStatements(100);
		List<Integer> added = ConcurrentTasks.run(16, (index) -> {
			int count = 0;
			for (int i = 0; i < 1000; i++) {
				count += statements.add("select " + i % 100, HOUR) ? 1 : 0;
			}
			return count;
		});
		assertThat(added.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static SlowQuery slow(String sql) {
		return new SlowQuery(sql, sql, true, Duration.ofMillis(7).toNanos());
	}

	private SlowQueryPlans create(Timing timing, Explainer explainer) {
		SlowQueryPlans plans = new SlowQueryPlans("orders", SqlSyntax.POSTGRESQL, (sql, prepared) -> {
			this.asked.incrementAndGet();
			return explainer.explain(sql, prepared);
		}, this.published::add, timing);
		this.plans = plans;
		return plans;
	}

}
