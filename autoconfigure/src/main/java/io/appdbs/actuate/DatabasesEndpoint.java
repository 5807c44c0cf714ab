package io.appdbs.actuate;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCounts;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * {@link Endpoint} that reports the state of the databases and, if the application
 * permits unrestricted access, offers operations such as suspend and resume.
 */
@Endpoint(id = "databases", defaultAccess = Access.READ_ONLY)
public class DatabasesEndpoint {

	private final DatabaseLifecycle lifecycle;

	private final DatabaseDescriptors descriptors;

	private final AuditedOperations operations;

	private final DatabaseTopics topics;

	private final Show showValues;

	/**
	 * Creates a new {@link DatabasesEndpoint}.
	 * @param lifecycle the databases
	 * @param events receives an event for every operation
	 * @param sanitizingFunctions applied to all values
	 * @param showValues when to show values
	 */
	public DatabasesEndpoint(DatabaseLifecycle lifecycle, ApplicationEventPublisher events,
			Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.lifecycle = lifecycle;
		this.descriptors = new DatabaseDescriptors(lifecycle, new Sanitizer(sanitizingFunctions));
		this.topics = new DatabaseTopics(lifecycle, this.descriptors);
		this.operations = new AuditedOperations(lifecycle, events);
		this.showValues = showValues;
	}

	/**
	 * Returns the state of all databases.
	 * @return the databases by name
	 */
	@ReadOperation
	public DatabasesDescriptor databases() {
		return databases(this.showValues.isShown(true));
	}

	DatabasesDescriptor databases(boolean showValues) {
		Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
		this.lifecycle.getNames().forEach((name) -> databases.put(name, this.descriptors.describe(name, showValues)));
		return new DatabasesDescriptor(this.lifecycle.getCounts(), databases);
	}

	/**
	 * Returns the state of a database.
	 * @param name the name of the database
	 * @return the database
	 * @throws UnknownDatabaseException if there is no such database
	 */
	@ReadOperation
	public DatabaseDescriptor database(@Selector String name) {
		return database(name, this.showValues.isShown(true));
	}

	DatabaseDescriptor database(String name, boolean showValues) {
		return this.descriptors.describe(name, showValues);
	}

	DatabaseDiagnosis diagnose(String name, boolean showValues) {
		return this.descriptors.diagnose(name, showValues);
	}

	/**
	 * Returns what a database reports about a topic. Unlike the other read operations,
	 * this one asks the database, within a time limit.
	 * @param database the name of the database
	 * @param topic {@code size}, {@code tables}, {@code indexes}, {@code activity},
	 * {@code statements} or {@code findings}
	 * @param fresh whether to ask anew, at most once in 10 seconds, instead of returning
	 * an earlier report, {@code false} by default
	 * @param name for {@code tables}: the name of a table to describe instead of listing
	 * all
	 * @return the report or {@code null} if there is no such topic
	 * @throws UnknownDatabaseException if there is no such database
	 * @throws InvalidEndpointRequestException if there is no such table, or the topic has
	 * no such parameter
	 */
	@ReadOperation
	public @Nullable OperationResponseBody topic(@Selector String database, @Selector String topic,
			@Nullable Boolean fresh, @Nullable String name) {
		return topic(topic, new DatabaseTopics.Request(database, fresh, name, this.showValues.isShown(true)));
	}

	@Nullable OperationResponseBody topic(String topic, DatabaseTopics.Request request) {
		Map<String, Object> body = this.topics.read(topic, request);
		return (body != null) ? (OperationResponseBody) OperationResponseBody.of(body) : null;
	}

	String describeUnknownTopic(String topic) {
		return this.topics.describeUnknown(topic);
	}

	/**
	 * Executes an operation on a database.
	 * @param name the name of the database
	 * @param operation {@code probe}, {@code suspend}, {@code resume},
	 * {@code set-maximum-pool-size}, {@code rotate} or {@code verify}
	 * @param mode for {@code suspend}: whether callers {@code wait}, the default, or
	 * {@code fail}
	 * @param drainTimeout for {@code suspend}: how long to wait for connections to be
	 * returned, {@code 10s} by default
	 * @param maximum for {@code set-maximum-pool-size}: the number of connections.
	 * Parameters that the operation does not have must be {@code null}.
	 * @return the database afterwards
	 * @throws UnknownDatabaseException if there is no such database
	 * @throws InvalidEndpointRequestException if a parameter is invalid
	 * @throws io.appdbs.IllegalDatabaseOperationException if the operation is not
	 * possible now; nothing has changed then
	 */
	@WriteOperation
	public OperationDescriptor operate(@Selector String name, @Nullable String operation, @Nullable String mode,
			@Nullable String drainTimeout, @Nullable String maximum) {
		return operate(null, name, new OperationRequest(operation, mode, drainTimeout, maximum),
				this.showValues.isShown(true));
	}

	OperationDescriptor operate(@Nullable Principal principal, String name, OperationRequest request,
			boolean showValues) {
		Boolean drained = this.operations.execute(principal, name, request);
		return new OperationDescriptor(drained, database(name, showValues));
	}

	/**
	 * All databases.
	 *
	 * @param counts the number of databases by state
	 * @param databases the databases by name, in the order of the configuration
	 */
	public record DatabasesDescriptor(DatabaseCounts counts,
			Map<String, DatabaseDescriptor> databases) implements OperationResponseBody {

	}

	/**
	 * One database. See {@link io.appdbs.DatabaseSnapshot} for the meaning of the values.
	 * Responses omit values that are {@code null}.
	 *
	 * @param name the name
	 * @param required whether the application needs it
	 * @param state the state
	 * @param since when the state began
	 * @param suspended whether new borrows are blocked
	 * @param failedAtStart whether it was down when the application started
	 * @param server the server
	 * @param outage why it cannot be used
	 * @param responseTime how long the last answered probe took
	 * @param startTime how long opening took
	 * @param pool the usage of the pool
	 * @param credentials the credentials in use, if they can change
	 * @param preparations the steps before it came up
	 * @param replica the state of the replication, if it is a replica
	 * @param statistics the statistics since the start of the application
	 */
	public record DatabaseDescriptor(String name, boolean required, DatabaseState state, Instant since,
			boolean suspended, boolean failedAtStart, ServerDescriptor server, @Nullable OutageDescriptor outage,
			@Nullable Duration responseTime, @Nullable Duration startTime, @Nullable PoolUsage pool,
			@Nullable CredentialsUsage credentials, List<PreparationReport> preparations,
			@Nullable DatabaseReplica replica, StatisticsDescriptor statistics) implements OperationResponseBody {

	}

	/**
	 * The server of a database. Unknown values are {@code null}.
	 *
	 * @param engine the identifier of the engine
	 * @param version the product and version
	 * @param hosts the hosts as {@code host:port}, sanitized
	 * @param database the name of the database on the server, sanitized
	 */
	public record ServerDescriptor(String engine, @Nullable String version, List<String> hosts,
			@Nullable String database) {

	}

	/**
	 * Why a database cannot be used.
	 *
	 * @param reason the reason for operators, sanitized
	 * @param since when it began
	 * @param nextAttempt when the next attempt is made or {@code null} if there is none
	 */
	public record OutageDescriptor(@Nullable String reason, Instant since, @Nullable Instant nextAttempt) {

	}

	/**
	 * Statistics of a database since the start of the application.
	 *
	 * @param probes how often it was probed
	 * @param failedProbes how many probes failed
	 * @param probeTime how long all probes together took
	 * @param borrowFailures how often callers got no connection, by reason
	 */
	public record StatisticsDescriptor(long probes, long failedProbes, Duration probeTime,
			Map<String, Long> borrowFailures) {

	}

	/**
	 * Result of an operation.
	 *
	 * @param drained for {@code suspend}: whether all connections were returned in time,
	 * {@code null} for other operations
	 * @param database the database afterwards
	 */
	public record OperationDescriptor(@Nullable Boolean drained,
			DatabaseDescriptor database) implements OperationResponseBody {

	}

}
