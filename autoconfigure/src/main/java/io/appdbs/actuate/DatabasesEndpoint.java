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
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * {@link Endpoint} that tells all that is known of the databases, and operates them. To
 * operate needs unrestricted access, which an application has to give.
 */
@Endpoint(id = "databases", defaultAccess = Access.READ_ONLY)
public class DatabasesEndpoint {

	private final DatabaseLifecycle lifecycle;

	private final DatabaseDescriptors descriptors;

	private final AuditedOperations operations;

	private final Show showValues;

	/**
	 * Create a new {@link DatabasesEndpoint}.
	 * @param lifecycle the databases
	 * @param events told of every operation
	 * @param sanitizingFunctions applied to values that are shown
	 * @param showValues when to show values
	 */
	public DatabasesEndpoint(DatabaseLifecycle lifecycle, ApplicationEventPublisher events,
			Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.lifecycle = lifecycle;
		this.descriptors = new DatabaseDescriptors(lifecycle, sanitizingFunctions);
		this.operations = new AuditedOperations(lifecycle, events);
		this.showValues = showValues;
	}

	/**
	 * Return what is known of all databases.
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
	 * Return what is known of a database.
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

	/**
	 * Operate a database.
	 * @param name the name of the database
	 * @param operation {@code probe}, {@code suspend}, {@code resume},
	 * {@code set-maximum-pool-size}, {@code rotate} or {@code verify}
	 * @param mode for {@code suspend}: whether callers {@code wait}, as is the default,
	 * or {@code fail}
	 * @param drainTimeout for {@code suspend}: how long to wait for connections to be
	 * given back, such as {@code 10s}, which is the default
	 * @param maximum for {@code set-maximum-pool-size}: the number of connections. What
	 * the operation does not take has to be {@code null}.
	 * @return the database afterwards
	 * @throws UnknownDatabaseException if there is no such database
	 * @throws InvalidEndpointRequestException if a parameter is wrong
	 * @throws io.appdbs.IllegalDatabaseOperationException if the operation makes no sense
	 * now; nothing has changed then
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
	 * @param counts how many are in which state
	 * @param databases the databases by name, in the order of the configuration
	 */
	public record DatabasesDescriptor(DatabaseCounts counts,
			Map<String, DatabaseDescriptor> databases) implements OperationResponseBody {

	}

	/**
	 * One database. See {@link io.appdbs.DatabaseSnapshot} for what the values mean, and
	 * when one is {@code null}, which is left out of answers.
	 *
	 * @param name the name
	 * @param required whether the application needs it
	 * @param state the state
	 * @param since since when the state has held
	 * @param suspended whether callers are kept away
	 * @param failedAtStart whether it was down when the application started
	 * @param server where it is
	 * @param outage why it cannot be used
	 * @param responseTime how long the last answered probe took
	 * @param startTime how long it took to open it
	 * @param pool the use of the pool
	 * @param credentials which credentials are in use, if they can change
	 * @param preparations what was done before it came up
	 * @param replica what is known of it as a replica
	 * @param statistics what has happened since the application started
	 */
	public record DatabaseDescriptor(String name, boolean required, DatabaseState state, Instant since,
			boolean suspended, boolean failedAtStart, ServerDescriptor server, @Nullable OutageDescriptor outage,
			@Nullable Duration responseTime, @Nullable Duration startTime, @Nullable PoolUsage pool,
			@Nullable CredentialsUsage credentials, List<PreparationReport> preparations,
			@Nullable DatabaseReplica replica, StatisticsDescriptor statistics) implements OperationResponseBody {

	}

	/**
	 * The server of a database. What is not known is {@code null}.
	 *
	 * @param engine the identifier of the engine
	 * @param version what the server says it is
	 * @param hosts the hosts as {@code host:port}, sanitized
	 * @param database the name of the database on the server, sanitized
	 */
	public record ServerDescriptor(String engine, @Nullable String version, List<String> hosts,
			@Nullable String database) {

	}

	/**
	 * Why a database cannot be used.
	 *
	 * @param reason the reason in plain words, sanitized
	 * @param since since when
	 * @param nextAttempt when it is tried next or {@code null} if it is not
	 */
	public record OutageDescriptor(@Nullable String reason, Instant since, @Nullable Instant nextAttempt) {

	}

	/**
	 * What has happened with a database since the application started.
	 *
	 * @param probes how often it was probed
	 * @param failedProbes how many probes failed
	 * @param probeTime how long all probes together took
	 * @param borrowFailures how often callers did not get a connection, by reason
	 */
	public record StatisticsDescriptor(long probes, long failedProbes, Duration probeTime,
			Map<String, Long> borrowFailures) {

	}

	/**
	 * What an operation has led to.
	 *
	 * @param drained for {@code suspend}: whether all connections were given back in
	 * time, {@code null} for other operations
	 * @param database the database afterwards
	 */
	public record OperationDescriptor(@Nullable Boolean drained,
			DatabaseDescriptor database) implements OperationResponseBody {

	}

}
