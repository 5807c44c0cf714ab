package io.appdbs.jdbc.inspection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.appdbs.engine.JdbcEngine;
import io.appdbs.engine.ServerTimeout;
import io.appdbs.engine.inspection.FindingCheck;
import io.appdbs.engine.inspection.InspectionContext;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.JdbcInspector;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.engine.inspection.StatementExplainer;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import io.appdbs.inspection.support.InspectionSession;
import io.appdbs.lifecycle.DatabaseAccess;
import io.appdbs.maintenance.partition.PartitionChecks;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.InspectionSettings;
import io.appdbs.settings.security.AuditRowsSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcUtils;

/**
 * A connection that inspects a relational database. Each question has its own read-only
 * transaction, so that the failure of one does not end the others.
 */
final class JdbcInspectionSession implements InspectionSession {

	private static final Log logger = LogFactory.getLog(JdbcInspectionSession.class);

	/** Short, so that an inspection does not queue behind DDL, and nobody behind it. */
	private static final Duration LOCK_TIMEOUT = Duration.ofMillis(100);

	private final DatabaseDefinition definition;

	private final JdbcEngine engine;

	private final JdbcInspector inspector;

	private final Connection connection;

	private final InspectionContext context;

	private final long deadline;

	JdbcInspectionSession(DatabaseAccess database, JdbcEngine engine, JdbcInspector inspector, Connection connection,
			Map<String, String> statementTexts, long deadline) throws SQLException {
		this.definition = database.getDefinition();
		this.engine = engine;
		this.inspector = inspector;
		this.connection = connection;
		InspectionSettings settings = this.definition.settings().inspection();
		this.context = new InspectionContext(connection, readLogin(settings, database), settings.limit(),
				settings.findings().minimumAge(), settings.findings().minimumSize().toBytes(), statementTexts);
		this.deadline = deadline;
	}

	private static @Nullable String readLogin(InspectionSettings settings, DatabaseAccess database) {
		if (settings.username() != null) {
			return settings.username();
		}
		return (database.getDetailsInUse() != null)
				? database.getDefinition().settings().applyCredentials(database.getDetailsInUse()).username() : null;
	}

	@Override
	public Sample<SizeReport> readSize() throws SQLException {
		return inTransaction(this.inspector::readSize);
	}

	@Override
	public Sample<List<TableReport>> readTables() throws SQLException {
		return inTransaction(this.inspector::readTables);
	}

	@Override
	public Sample<List<IndexReport>> readIndexes() throws SQLException {
		return inTransaction(this.inspector::readIndexes);
	}

	@Override
	public Sample<ActivityReport> readActivity() throws SQLException {
		return inTransaction(this.inspector::readActivity);
	}

	@Override
	public Sample<List<StatementReport>> readStatements() throws SQLException {
		return inTransaction(this.inspector::readStatements);
	}

	@Override
	public List<Check> getChecks() {
		List<FindingCheck> partitions = PartitionChecks.of(this.definition, this.engine, Clock.systemUTC());
		return Stream.concat(this.inspector.getChecks().stream(), partitions.stream()).map(this::toCheck).toList();
	}

	private Check toCheck(FindingCheck check) {
		return new Check(check.kind(), check.validFor(), () -> inTransaction(check.reader()::read));
	}

	@Override
	public UnusedIndexes readUnusedIndexes() throws SQLException {
		return inTransaction(this.inspector::readUnusedIndexes);
	}

	@Override
	public String getDropIndexStatement(IndexReport index) {
		return this.inspector.getDropIndexStatement(index);
	}

	@Override
	public @Nullable Instant readStatisticsSince() throws SQLException {
		return inTransaction((context) -> Optional.ofNullable(this.inspector.readStatisticsSince(context)))
			.orElse(null);
	}

	@Override
	public ServerReadings readReadings() throws SQLException {
		return inTransaction(this.inspector::readReadings);
	}

	@Override
	public String explain(String sql, boolean prepared) throws SQLException {
		StatementExplainer explainer = this.inspector.getExplainer();
		if (explainer == null) {
			throw InspectionException
				.unsupported("%s has no plans without values.".formatted(this.engine.getDisplayName()));
		}
		String schema = this.engine.readSchema(this.connection);
		rollback();
		StatementPlanner planner = new StatementPlanner(this.engine, explainer, schema);
		return inTransaction((context) -> planner.explain(context.connection(), sql, prepared));
	}

	@Override
	public Sample<AuditChainReport> readAuditChain() throws SQLException {
		AuditRowsSettings rows = this.definition.settings().audit().rows();
		if (rows.tables().isEmpty()) {
			throw InspectionException
				.unsupported("'%s' is not set.".formatted(this.definition.key("audit.rows.tables")));
		}
		return inTransaction((context) -> this.inspector.readAuditChain(context, rows.log()));
	}

	private <T> T inTransaction(Question<T> question) throws SQLException {
		Duration left = Duration.ofNanos(this.deadline - System.nanoTime());
		if (left.toMillis() < 1) {
			throw new InspectionException(ReportStatus.TIMED_OUT, "The time for the inspection was over before.", null);
		}
		Duration timeout = this.definition.settings().inspection().timeout();
		try {
			this.inspector.limit(this.connection, (left.compareTo(timeout) < 0) ? left : timeout, LOCK_TIMEOUT);
			return question.ask(this.context);
		}
		finally {
			rollback();
		}
	}

	private void rollback() {
		try {
			this.connection.rollback();
		}
		catch (SQLException ex) {
			// the next question fails as well
			logger.debug("The transaction of the inspection could not be rolled back", ex);
		}
	}

	@Override
	public InspectionException translate(Exception failure) {
		if (failure instanceof SQLException ex) {
			InspectionException known = this.inspector.translate(ex, this.context);
			if (known != null) {
				return known;
			}
			if (ex instanceof SQLTimeoutException || "57014".equals(ex.getSQLState())
					|| this.engine.findTimeout(ex) == ServerTimeout.STATEMENT) {
				return new InspectionException(ReportStatus.TIMED_OUT,
						"The server has cancelled the statement, which took longer than '%s' or the rest of the time for the inspection."
							.formatted(this.definition.key("inspection.timeout")),
						null);
			}
			if (this.engine.findTimeout(ex) == ServerTimeout.LOCK) {
				return new InspectionException(ReportStatus.TIMED_OUT,
						"A lock that another session holds was not granted in time.", null);
			}
		}
		return new InspectionException(ReportStatus.UNAVAILABLE,
				"The server did not answer the question: %s".formatted(failure.getMessage()), null);
	}

	@Override
	public void abort() {
		try {
			this.engine.abort(this.connection);
		}
		catch (SQLException ex) {
			logger.debug("The connection of the inspection could not be aborted", ex);
		}
	}

	@Override
	public void close() {
		JdbcUtils.closeConnection(this.connection);
	}

	/**
	 * A question to the server.
	 *
	 * @param <T> the type of the answer
	 */
	private interface Question<T> {

		T ask(InspectionContext context) throws SQLException;

	}

}
