package io.appdbs.actuate;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCounts;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.SslUsage;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.cache.CacheUsage;
import io.appdbs.encryption.EncryptionUsage;
import io.appdbs.encryption.EncryptionUsages;
import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.maintenance.MaintenanceProgress;
import io.appdbs.maintenance.MaintenanceTask;
import io.appdbs.schema.TableInformation;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
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
@RegisterReflectionForBinding({ DatabasesEndpointWebExtension.ErrorDescriptor.class, SizeReport.class,
		TableReport.class, IndexReport.class, ActivityReport.class, StatementReport.class, StatementPlan.class,
		Finding.class, FindingsReport.CheckReport.class, TableInformation.class, CacheUsage.class,
		DatabasesEndpoint.TaskDescriptor.class })
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
	 * @param encryption supplies which keys for encrypted fields are in use
	 * @param events receives an event for every operation
	 * @param sanitizingFunctions applied to all values
	 * @param showValues when to show values
	 */
	public DatabasesEndpoint(DatabaseLifecycle lifecycle, EncryptionUsages encryption, ApplicationEventPublisher events,
			Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.lifecycle = lifecycle;
		this.descriptors = new DatabaseDescriptors(lifecycle, encryption, new Sanitizer(sanitizingFunctions));
		this.topics = new DatabaseTopics(lifecycle, this.descriptors);
		this.operations = new AuditedOperations(lifecycle, events);
		this.showValues = showValues;
	}

	/**
	 * Returns the state of the databases, of at most 100 at once.
	 * @param state the state of the databases to return, or {@code null} for all
	 * @param page the number of the page, from 0 on, or {@code null} for the first one
	 * @return the databases by name
	 * @throws InvalidEndpointRequestException if there is no such state or page
	 */
	@ReadOperation
	public DatabasesDescriptor databases(@Nullable String state, @Nullable String page) {
		return databases(DatabasePages.of(state, page), this.showValues.isShown(true));
	}

	/**
	 * Returns the state of the first 100 databases.
	 * @return the databases by name
	 */
	public DatabasesDescriptor databases() {
		return databases(null, null);
	}

	DatabasesDescriptor databases(DatabasePages pages, boolean showValues) {
		DatabasePages.Selected selected = pages.select(this.lifecycle);
		Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
		selected.names().forEach((name) -> {
			try {
				databases.put(name, this.descriptors.describe(name, showValues));
			}
			catch (UnknownDatabaseException ex) {
				// removed meanwhile
			}
		});
		return new DatabasesDescriptor(this.lifecycle.getCounts(), databases, selected.page());
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
	 * {@code statements}, {@code findings}, {@code maintenance} or {@code caches}
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
	 * {@code set-maximum-pool-size}, {@code rotate}, {@code verify},
	 * {@code verify-audit}, {@code maintain}, {@code cancel-maintenance},
	 * {@code print-grants}, {@code check-backup}, {@code clear-caches}, or, for a
	 * database that was added at run time, {@code migrate} or {@code remove}
	 * @param mode for {@code suspend}: whether callers {@code wait}, the default, or
	 * {@code fail}
	 * @param drainTimeout for {@code suspend} and {@code remove}: how long to wait for
	 * connections to be returned, {@code 10s} by default
	 * @param maximum for {@code set-maximum-pool-size}: the number of connections
	 * @param task for {@code maintain}: the name of a
	 * {@link io.appdbs.maintenance.MaintenanceOperation}
	 * @param table for {@code maintain}: the table, collection or index
	 * @param dryRun for {@code maintain}: whether to return what would be executed
	 * @param id for {@code cancel-maintenance}: the identifier of the task. Parameters
	 * that the operation does not have must be {@code null}.
	 * @return the database afterwards
	 * @throws UnknownDatabaseException if there is no such database
	 * @throws InvalidEndpointRequestException if a parameter is invalid
	 * @throws io.appdbs.IllegalDatabaseOperationException if the operation is not
	 * possible now; nothing has changed then
	 */
	@WriteOperation
	public OperationDescriptor operate(@Selector String name, @Nullable String operation, @Nullable String mode,
			@Nullable String drainTimeout, @Nullable String maximum, @Nullable String task, @Nullable String table,
			@Nullable String dryRun, @Nullable String id) {
		OperationRequest request = new OperationRequest(operation, mode, drainTimeout, maximum,
				new MaintenanceParameters(task, table, dryRun, id));
		return operate(null, name, request, this.showValues.isShown(true));
	}

	/**
	 * Executes an operation that does not maintain a database.
	 * @param name the name of the database
	 * @param operation the operation
	 * @param mode for {@code suspend}: whether callers wait or fail
	 * @param drainTimeout for {@code suspend}: how long to wait for connections
	 * @param maximum for {@code set-maximum-pool-size}: the number of connections
	 * @return the database afterwards
	 * @see #operate(String, String, String, String, String, String, String, String,
	 * String)
	 */
	public OperationDescriptor operate(String name, @Nullable String operation, @Nullable String mode,
			@Nullable String drainTimeout, @Nullable String maximum) {
		return operate(name, operation, mode, drainTimeout, maximum, null, null, null, null);
	}

	OperationDescriptor operate(@Nullable Principal principal, String name, OperationRequest request,
			boolean showValues) {
		OperationResult result = this.operations.execute(principal, name, request);
		return new OperationDescriptor(result.drained(), MaintenanceTopic.describe(result.plan()),
				MaintenanceTopic.describe(this.descriptors, name, result.task(), showValues), result.auditChain(),
				result.grants(), result.aborted(), (result.aborted() == null) ? database(name, showValues) : null);
	}

	/**
	 * All databases.
	 *
	 * @param counts the number of databases by state
	 * @param databases the databases by name, in the order of the configuration, followed
	 * by those that have been added at run time
	 * @param page which databases these are, {@code null} if they are all
	 */
	public record DatabasesDescriptor(DatabaseCounts counts, Map<String, DatabaseDescriptor> databases,
			@Nullable PageDescriptor page) implements OperationResponseBody {

	}

	/**
	 * A page of databases.
	 *
	 * @param number the number of the page, from 0 on
	 * @param pages the number of pages
	 * @param total the number of databases on all pages
	 */
	public record PageDescriptor(int number, int pages, int total) {

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
	 * @param ssl the certificates in use, if it has an SSL bundle
	 * @param encryption the keys in use for encrypted fields
	 * @param backup what is known about its backups
	 * @param preparations the steps before it came up
	 * @param replica the state of the replication, if it is a replica
	 * @param statistics the statistics since the start of the application
	 */
	public record DatabaseDescriptor(String name, boolean required, DatabaseState state, Instant since,
			boolean suspended, boolean failedAtStart, ServerDescriptor server, @Nullable OutageDescriptor outage,
			@Nullable Duration responseTime, @Nullable Duration startTime, @Nullable PoolUsage pool,
			@Nullable CredentialsUsage credentials, @Nullable SslUsage ssl, @Nullable EncryptionUsage encryption,
			@Nullable BackupDescriptor backup, List<PreparationReport> preparations, @Nullable DatabaseReplica replica,
			StatisticsDescriptor statistics) implements OperationResponseBody {

	}

	/**
	 * The server of a database. Unknown values are {@code null}.
	 *
	 * @param engine the identifier of the engine
	 * @param version the product and version
	 * @param hosts the hosts as {@code host:port}, sanitized
	 * @param database the name of the database on the server, sanitized
	 * @param cluster the nodes that it distributes tables to, with their addresses
	 * sanitized
	 */
	public record ServerDescriptor(String engine, @Nullable String version, List<String> hosts,
			@Nullable String database, @Nullable DatabaseCluster cluster) {

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
	 * @param plan for {@code maintain} with {@code dryRun}: what would be executed,
	 * {@code null} for other operations
	 * @param task for {@code maintain} and {@code cancel-maintenance}: the task,
	 * {@code null} for other operations
	 * @param auditChain for {@code verify-audit}: whether the hash chain of the log is
	 * intact, {@code null} for other operations
	 * @param grants for {@code print-grants}: the statements that grant what the login
	 * needs, {@code null} for other operations
	 * @param aborted for {@code remove}: how many connections were aborted, {@code null}
	 * for other operations
	 * @param database the database afterwards, {@code null} after {@code remove}
	 */
	public record OperationDescriptor(@Nullable Boolean drained, @Nullable PlanDescriptor plan,
			@Nullable TaskDescriptor task, @Nullable AuditChainReport auditChain, @Nullable List<String> grants,
			@Nullable Integer aborted, @Nullable DatabaseDescriptor database) implements OperationResponseBody {

	}

	/**
	 * What a task would execute. Unknown values are {@code null}.
	 *
	 * @param operation the operation
	 * @param object the table, collection or index
	 * @param statements the statements
	 * @param rows the estimated number of rows
	 * @param bytes the size in bytes
	 * @param refusal why it would be rejected now
	 */
	public record PlanDescriptor(String operation, String object, List<String> statements, @Nullable Long rows,
			@Nullable Long bytes, @Nullable String refusal) {

	}

	/**
	 * A task that maintains a database. Unknown values are {@code null}.
	 *
	 * @param id the identifier
	 * @param operation the operation
	 * @param object the table, collection or index
	 * @param statements what is executed
	 * @param state the state
	 * @param startedAt when it began
	 * @param endedAt when it ended
	 * @param progress how far it is, if it is running
	 * @param messages what the server said, sanitized
	 */
	public record TaskDescriptor(String id, String operation, String object, List<String> statements,
			MaintenanceTask.State state, Instant startedAt, @Nullable Instant endedAt,
			@Nullable MaintenanceProgress progress, List<String> messages) {

	}

}
