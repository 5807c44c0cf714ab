package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.InspectionTopic;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SessionReport;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.inspection.StatementReport;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.schema.TableInformation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.core.NestedRuntimeException;

/**
 * Answers requests for one topic of a database. Unlike the rest of the endpoint, topics
 * ask the database, within a time limit.
 */
final class DatabaseTopics {

	private final DatabaseLifecycle lifecycle;

	private final DatabaseDescriptors descriptors;

	private final Map<String, Topic> topics = new LinkedHashMap<>();

	DatabaseTopics(DatabaseLifecycle lifecycle, DatabaseDescriptors descriptors) {
		this.lifecycle = lifecycle;
		this.descriptors = descriptors;
		inspect(InspectionTopic.SIZE, Inspection::size);
		inspect(InspectionTopic.TABLES, Inspection::tables);
		inspect(InspectionTopic.INDEXES, Inspection::indexes);
		inspect(InspectionTopic.ACTIVITY, Inspection::activity);
		inspect(InspectionTopic.STATEMENTS, Inspection::statements);
		inspect(InspectionTopic.FINDINGS, Inspection::findings);
		this.topics.put(MaintenanceTopic.NAME, new MaintenanceTopic(lifecycle, descriptors)::read);
		this.topics.put(CacheTopic.NAME, (request) -> CacheTopic.read(lifecycle, request));
	}

	private void inspect(InspectionTopic topic, Reader reader) {
		this.topics.put(topic.getName(), (request) -> {
			if (request.table() != null) {
				return describeTable(topic, request);
			}
			Inspection inspection = this.lifecycle.get(request.database()).inspect();
			return describe(topic, request, reader.read(request.isFresh() ? inspection.fresh() : inspection));
		});
	}

	/**
	 * Answers a request.
	 * @param topic the name of the topic
	 * @param request the rest of the request
	 * @return the answer or {@code null} if there is no such topic
	 */
	@Nullable Map<String, Object> read(String topic, Request request) {
		this.lifecycle.get(request.database());
		Topic known = this.topics.get(topic);
		return (known != null) ? known.read(request) : null;
	}

	/**
	 * Returns the error for an unknown topic.
	 */
	String describeUnknown(String topic) {
		return "Databases have no topic '%s'. Known: %s.".formatted(topic, String.join(", ", this.topics.keySet()));
	}

	private Map<String, Object> describeTable(InspectionTopic topic, Request request) {
		if (topic != InspectionTopic.TABLES || request.fresh() != null) {
			throw invalid("'name' is for the topic 'tables', without 'fresh'.");
		}
		Map<String, Object> body = new LinkedHashMap<>();
		try {
			TableInformation table = this.lifecycle.get(request.database())
				.getSchema()
				.describe(String.valueOf(request.table()));
			body.put("status", ReportStatus.OK);
			body.put("table", table);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
		catch (NestedRuntimeException ex) {
			body.put("status", ReportStatus.UNAVAILABLE);
			put(body, "message", sanitize(request, ex.getMessage()));
		}
		return body;
	}

	private static InvalidEndpointRequestException invalid(String message) {
		return new InvalidEndpointRequestException(message, message);
	}

	private Map<String, Object> describe(InspectionTopic topic, Request request, Report<?> report) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", report.status());
		body.put("takenAt", report.takenAt());
		body.put("took", report.took());
		body.put("exact", report.exact());
		put(body, "leftOut", report.leftOut());
		put(body, "message",
				this.descriptors.message(request.database(), report.status(), report.message(), request.showValues()));
		put(body, "fix", this.descriptors.fix(request.database(), report.status(), report.fix(), request.showValues()));
		if (report.value() instanceof FindingsReport all) {
			FindingsReport findings = this.descriptors.describe(request.database(), all, request.showValues());
			put(body, "statisticsSince", findings.statisticsSince());
			body.put("findings", findings.findings());
			body.put("ignored", findings.ignored());
			body.put("checks", findings.checks());
		}
		else {
			put(body, topic.getName(), hide(report.value(), request));
		}
		if (topic == InspectionTopic.STATEMENTS && hasPlans(request)) {
			body.put("plans", readPlans(request));
		}
		return body;
	}

	private boolean hasPlans(Request request) {
		return this.lifecycle.getDefinition(request.database()).settings().slowQueryPlan();
	}

	/**
	 * Returns the plans of slow statements, which do not depend on whether the server
	 * reports statements.
	 */
	private List<StatementPlan> readPlans(Request request) {
		return this.lifecycle.get(request.database())
			.inspect()
			.getLastPlans()
			.stream()
			.map((plan) -> hide(plan, request))
			.toList();
	}

	private static void put(Map<String, Object> body, String key, @Nullable Object value) {
		if (value != null) {
			body.put(key, value);
		}
	}

	private @Nullable Object hide(@Nullable Object value, Request request) {
		if (value instanceof ActivityReport activity) {
			return new ActivityReport(activity.connections(), activity.active(), activity.idleInTransaction(),
					activity.waiting(), activity.maximumConnections(),
					activity.sessions().stream().map((session) -> hide(session, request)).toList());
		}
		if (value instanceof List<?> list) {
			return list.stream()
				.map((entry) -> (entry instanceof StatementReport statement) ? hide(statement, request) : entry)
				.toList();
		}
		return value;
	}

	private SessionReport hide(SessionReport session, Request request) {
		return new SessionReport(session.id(), sanitize(request, session.user()), session.application(),
				sanitize(request, session.client()), session.state(), session.transactionAge(), session.statementAge(),
				session.waitingFor(), session.blockedBy(), sanitize(request, session.statement()));
	}

	private StatementReport hide(StatementReport statement, Request request) {
		return new StatementReport(statement.id(), statement.calls(), statement.totalTime(), statement.meanTime(),
				statement.rows(), sanitize(request, statement.statement()));
	}

	private StatementPlan hide(StatementPlan plan, Request request) {
		return new StatementPlan(plan.status(), String.valueOf(sanitize(request, plan.statement())), plan.took(),
				plan.takenAt(), sanitize(request, plan.plan()),
				this.descriptors.message(request.database(), plan.status(), plan.message(), request.showValues()));
	}

	/**
	 * Hides a message of the driver, which may name a login or a host.
	 */
	private @Nullable String sanitize(Request request, @Nullable String value) {
		return (value != null)
				? this.descriptors.sanitize(request.database(), "inspection", value, request.showValues()) : null;
	}

	/**
	 * A request for a topic.
	 *
	 * @param database the name of the database
	 * @param fresh whether the database is to be asked anew
	 * @param table the name of the table to describe, or {@code null}
	 * @param showValues whether values are shown
	 */
	record Request(String database, @Nullable Boolean fresh, @Nullable String table, boolean showValues) {

		boolean isFresh() {
			return Boolean.TRUE.equals(this.fresh);
		}

	}

	/**
	 * A topic.
	 */
	private interface Topic {

		Map<String, Object> read(Request request);

	}

	/**
	 * Reads a report.
	 */
	private interface Reader {

		Report<?> read(Inspection inspection);

	}

}
