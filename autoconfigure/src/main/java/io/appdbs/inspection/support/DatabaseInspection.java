package io.appdbs.inspection.support;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.appdbs.DatabaseOutage;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.InspectionTopic;
import io.appdbs.inspection.Readings;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Default implementation of {@link Inspection}. Reports are kept for 30 seconds, those of
 * the activity and those of failures for a shorter time, and findings for the interval of
 * the inspection if there is one.
 */
public final class DatabaseInspection implements Inspection, AutoCloseable {

	/** The time limit for an inspection, from connecting to the last answer. */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration VALID = Duration.ofSeconds(30);

	private static final Duration BRIEFLY_VALID = Duration.ofSeconds(10);

	private static final Duration ACTIVITY_VALID = Duration.ofSeconds(2);

	private final DatabaseAccess database;

	private final InspectionSession.Factory sessions;

	private final InspectionWorker worker;

	private final LastPlans plans;

	private final FindingsRun findings;

	private final AuditChainLog auditChains;

	private final Map<InspectionTopic, Report<?>> reports = new ConcurrentHashMap<>();

	/**
	 * Creates a new {@link DatabaseInspection}.
	 * @param database the database
	 * @param sessions opens connections that inspect it
	 * @param others finds the inspection of a replica by its name
	 */
	public DatabaseInspection(DatabaseAccess database, InspectionSession.Factory sessions,
			Function<String, @Nullable DatabaseInspection> others) {
		this(database, sessions, others, TIMEOUT);
	}

	DatabaseInspection(DatabaseAccess database, InspectionSession.Factory sessions,
			Function<String, @Nullable DatabaseInspection> others, Duration timeout) {
		this.database = database;
		this.sessions = sessions;
		DatabaseDefinition definition = database.getDefinition();
		this.worker = new InspectionWorker(definition.name(), sessions, timeout);
		this.findings = new FindingsRun(definition, others, () -> database.getConnector().getPoolUsage());
		this.auditChains = new AuditChainLog(definition.name());
		this.plans = new LastPlans(definition.settings().inspection().limit());
	}

	@Override
	public Inspection fresh() {
		return new FreshInspection(this);
	}

	@Override
	public Report<SizeReport> size() {
		return size(false);
	}

	Report<SizeReport> size(boolean fresh) {
		return inspect(InspectionTopic.SIZE, fresh, InspectionSession::readSize);
	}

	@Override
	public Report<List<TableReport>> tables() {
		return tables(false);
	}

	Report<List<TableReport>> tables(boolean fresh) {
		return inspect(InspectionTopic.TABLES, fresh, InspectionSession::readTables);
	}

	@Override
	public Report<List<IndexReport>> indexes() {
		return indexes(false);
	}

	Report<List<IndexReport>> indexes(boolean fresh) {
		return inspect(InspectionTopic.INDEXES, fresh, InspectionSession::readIndexes);
	}

	@Override
	public Report<ActivityReport> activity() {
		return activity(false);
	}

	Report<ActivityReport> activity(boolean fresh) {
		return inspect(InspectionTopic.ACTIVITY, fresh, InspectionSession::readActivity);
	}

	@Override
	public Report<List<StatementReport>> statements() {
		return statements(false);
	}

	Report<List<StatementReport>> statements(boolean fresh) {
		return inspect(InspectionTopic.STATEMENTS, fresh, InspectionSession::readStatements);
	}

	@Override
	@SuppressWarnings("unchecked")
	public Report<AuditChainReport> auditChain() {
		Instant begin = Instant.now();
		try {
			requireUp();
			Report<AuditChainReport> report = this.worker.execute(Report.class, () -> null,
					(session) -> read(session, InspectionSession::readAuditChain));
			this.auditChains.write(report);
			return report;
		}
		catch (InspectionException ex) {
			return toReport(begin, failed(ex));
		}
	}

	@Override
	public List<StatementPlan> getLastPlans() {
		return this.plans.getAll();
	}

	/**
	 * Adds what {@link #getLastPlans()} returns.
	 * @param plan the plan
	 */
	public void addPlan(StatementPlan plan) {
		this.plans.add(plan);
	}

	/**
	 * Reads the generic plan of a statement, with the login and the session of the
	 * application's connections: another login has other schemas, rights and policies,
	 * and therefore another plan.
	 * @param sql the statement
	 * @param prepared whether question marks in it are parameters
	 * @return the plan
	 * @throws InspectionException if there is none
	 */
	public String explain(String sql, boolean prepared) {
		requireUp();
		return this.worker.execute(String.class, this.sessions::openAsApplication, () -> null,
				(session) -> session.explain(sql, prepared));
	}

	@Override
	public Report<FindingsReport> findings() {
		return findings(false);
	}

	Report<FindingsReport> findings(boolean fresh) {
		return inspect(InspectionTopic.FINDINGS, fresh, (session) -> this.findings.run(session, fresh));
	}

	@Override
	@SuppressWarnings("unchecked")
	public @Nullable Report<FindingsReport> getLastFindings() {
		return (Report<FindingsReport>) this.reports.get(InspectionTopic.FINDINGS);
	}

	@Override
	public @Nullable Readings getLastReadings() {
		return this.findings.getLastReadings();
	}

	/**
	 * Reads which indexes this server has not used.
	 * @return the indexes
	 * @throws InspectionException if they cannot be read
	 */
	UnusedIndexes readUnusedIndexes() {
		requireUp();
		return this.worker.execute(UnusedIndexes.class, () -> null, InspectionSession::readUnusedIndexes);
	}

	@SuppressWarnings("unchecked")
	private <T> Report<T> inspect(InspectionTopic topic, boolean fresh, Reader<T> reader) {
		Instant begin = Instant.now();
		try {
			Report<?> report = find(topic, fresh);
			return (Report<T>) ((report != null) ? report
					: this.worker.execute(Report.class, () -> find(topic, fresh), (session) -> {
						Report<T> read = read(session, reader);
						this.reports.put(topic, read);
						return read;
					}));
		}
		catch (InspectionException ex) {
			Report<T> report = toReport(begin, failed(ex));
			keepFailure(topic, report, begin);
			return report;
		}
	}

	/**
	 * A database that is known to be down is not asked. Otherwise, it was, and is not to
	 * be asked again at once.
	 */
	private void keepFailure(InspectionTopic topic, Report<?> failure, Instant begin) {
		if (this.database.getOutage() == null) {
			// another caller may have succeeded meanwhile
			this.reports.merge(topic, failure, (kept, added) -> kept.takenAt().isBefore(begin) ? added : kept);
		}
	}

	private InspectionException failed(InspectionException failure) {
		DatabaseOutage outage = this.database.getOutage();
		return (outage != null) ? unavailable(outage) : failure;
	}

	private void requireUp() {
		DatabaseOutage outage = this.database.getOutage();
		if (outage != null) {
			throw unavailable(outage);
		}
	}

	private static InspectionException unavailable(DatabaseOutage outage) {
		return new InspectionException(ReportStatus.UNAVAILABLE, outage.toString(), null);
	}

	private <T> Report<T> read(InspectionSession session, Reader<T> reader) throws Exception {
		Instant begin = Instant.now();
		try {
			Sample<T> sample = reader.read(session);
			return new Report<>(ReportStatus.OK, begin, since(begin), sample.exact(), sample.value(), sample.leftOut(),
					sample.message(), null);
		}
		catch (InspectionException ex) {
			return toReport(begin, ex);
		}
		catch (Exception ex) {
			return toReport(begin, session.translate(ex));
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> Report<T> toReport(Instant begin, InspectionException failure) {
		return new Report<>(failure.getStatus(), begin, since(begin), false, (T) failure.getPartialValue(), null,
				failure.getMessage(), failure.getFix());
	}

	private static Duration since(Instant begin) {
		return Duration.between(begin, Instant.now());
	}

	/**
	 * Finds a report that is still valid.
	 */
	private @Nullable Report<?> find(InspectionTopic topic, boolean fresh) {
		requireUp();
		Report<?> report = this.reports.get(topic);
		return (report != null && since(report.takenAt()).compareTo(validity(topic, report, fresh)) < 0) ? report
				: null;
	}

	private Duration validity(InspectionTopic topic, Report<?> report, boolean fresh) {
		boolean failed = report.status() == ReportStatus.TIMED_OUT || report.status() == ReportStatus.UNAVAILABLE;
		if (topic == InspectionTopic.ACTIVITY && !failed) {
			return ACTIVITY_VALID;
		}
		if (fresh || failed) {
			return BRIEFLY_VALID;
		}
		Duration interval = this.database.getDefinition().settings().inspection().interval();
		return (topic == InspectionTopic.FINDINGS && interval != null) ? interval : VALID;
	}

	@Override
	public void close() {
		this.worker.close();
	}

	/**
	 * Reads a topic.
	 *
	 * @param <T> the type of the value
	 */
	private interface Reader<T> {

		Sample<T> read(InspectionSession session) throws Exception;

	}

}
