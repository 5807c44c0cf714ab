package io.appdbs.query.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.appdbs.engine.inspection.ExplainableStatement;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.query.QueryLog;
import io.appdbs.query.SlowQuery;
import io.appdbs.query.SlowQueryListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Asks for the plans of slow statements of one database, on a separate thread, one after
 * the other and with a pause in between, so that a database that is slow does not get
 * slower. Statements that come faster are dropped.
 */
public final class SlowQueryPlans implements SlowQueryListener, AutoCloseable {

	private static final Log logger = LogFactory.getLog(SlowQueryPlans.class);

	private static final int REMEMBERED = 1000;

	private static final int WAITING = 10;

	private final String database;

	private final SqlMask mask;

	private final SqlSyntax syntax;

	private final Explainer explainer;

	private final Consumer<StatementPlan> consumer;

	private final Timing timing;

	private final ExplainedStatements explained = new ExplainedStatements(REMEMBERED);

	private final ThreadPoolExecutor executor;

	private final CountDownLatch closed = new CountDownLatch(1);

	/**
	 * Creates a new {@link SlowQueryPlans}.
	 * @param database the name of the database
	 * @param syntax the syntax of the server
	 * @param explainer reads plans
	 * @param consumer gets each plan, or the reason for there being none
	 * @param masked the columns whose values are not shown
	 */
	public SlowQueryPlans(String database, SqlSyntax syntax, Explainer explainer, Consumer<StatementPlan> consumer,
			List<String> masked) {
		this(database, new SqlMask(masked, syntax), syntax, explainer, consumer, Timing.DEFAULT);
	}

	SlowQueryPlans(String database, SqlSyntax syntax, Explainer explainer, Consumer<StatementPlan> consumer,
			Timing timing) {
		this(database, new SqlMask(List.of(), syntax), syntax, explainer, consumer, timing);
	}

	private SlowQueryPlans(String database, SqlMask mask, SqlSyntax syntax, Explainer explainer,
			Consumer<StatementPlan> consumer, Timing timing) {
		this.database = database;
		this.mask = mask;
		this.syntax = syntax;
		this.explainer = explainer;
		this.consumer = consumer;
		this.timing = timing;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("appdbs-plans-" + database + "-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Never waits for a plan.
	 */
	@Override
	public void onSlowQuery(SlowQuery query) {
		if (!this.explained.add(query.text(), this.timing.validFor())) {
			return;
		}
		try {
			this.executor.execute(() -> explainAndPause(query));
		}
		catch (RejectedExecutionException ex) {
			// the next execution is another chance
			this.explained.remove(query.text());
			logger.debug("Database '%s': too many slow statements, so this one has no plan: %s".formatted(this.database,
					query.text()));
		}
	}

	private void explainAndPause(SlowQuery query) {
		if (isClosed()) {
			// the pause ends before the queue is emptied
			return;
		}
		try {
			if (explain(query)) {
				this.closed.await(this.timing.pause().toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			// closed meanwhile
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("Database '%s': a plan could not be read".formatted(this.database), ex);
		}
	}

	/**
	 * Publishes the plan of a statement, or why it has none.
	 * @return whether the server was asked
	 */
	private boolean explain(SlowQuery query) {
		Instant begin = Instant.now();
		boolean asked = false;
		try {
			check(query);
			asked = true;
			String plan = shorten(this.explainer.explain(query.sql(), query.prepared()));
			publish(query, ReportStatus.OK, begin, plan, null);
		}
		catch (InspectionException ex) {
			if (ex.getStatus() == ReportStatus.TIMED_OUT || ex.getStatus() == ReportStatus.UNAVAILABLE) {
				this.explained.change(query.text(), this.timing.retryAfter());
			}
			publish(query, ex.getStatus(), begin, null, ex.getMessage());
		}
		return asked;
	}

	/**
	 * Rejects what need not be asked for.
	 */
	private void check(SlowQuery query) {
		// a plan has the literals of its statement
		if (!query.text().equals(query.sql())) {
			throw InspectionException
				.unsupported("The text is not logged completely: it is long, or may contain a secret.");
		}
		ExplainableStatement.of(query.sql(), query.prepared(), this.syntax);
	}

	private void publish(SlowQuery query, ReportStatus status, Instant begin, @Nullable String plan,
			@Nullable String message) {
		if (!isClosed()) {
			Duration took = Duration.ofNanos(query.nanos());
			this.consumer.accept(new StatementPlan(status, query.text(), took, begin, plan, message));
		}
	}

	private boolean isClosed() {
		return this.closed.getCount() == 0;
	}

	/**
	 * Views and policies have further literals, which can be secrets as well.
	 */
	private String shorten(String plan) {
		String text = plan.lines().map(this.mask::applyToLine).map(SqlSecrets::hide).collect(Collectors.joining("\n"));
		return (text.length() > QueryLog.MAX_LENGTH)
				? text.substring(0, QueryLog.MAX_LENGTH) + "... (%d characters)".formatted(text.length()) : text;
	}

	/**
	 * Returns how many statements are remembered.
	 */
	int countRemembered() {
		return this.explained.size();
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.executor.shutdownNow();
	}

	/**
	 * Reads plans.
	 */
	@FunctionalInterface
	public interface Explainer {

		/**
		 * Reads the generic plan of a statement.
		 * @param sql the statement
		 * @param prepared whether question marks in it are parameters
		 * @return the plan
		 * @throws InspectionException if there is none
		 */
		String explain(String sql, boolean prepared);

	}

	/**
	 * When plans are asked for.
	 *
	 * @param pause the least time between two statements
	 * @param validFor the least time between two plans of a statement
	 * @param retryAfter the same if the server did not answer
	 */
	record Timing(Duration pause, Duration validFor, Duration retryAfter) {

		static final Timing DEFAULT = new Timing(Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofMinutes(1));

	}

}
