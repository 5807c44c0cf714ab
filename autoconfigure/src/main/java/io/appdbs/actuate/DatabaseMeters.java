package io.appdbs.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.PreparationReport;
import io.appdbs.SslUsage;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseListener;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.query.QueryLog;
import io.appdbs.query.QueryLogs;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.transaction.TransactionRetries;
import io.appdbs.transaction.TransactionRetry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MeterBinder} for the life cycle of every database, with the tag {@code db}.
 * Reading the meters does not access a database.
 */
public final class DatabaseMeters implements MeterBinder, DatabaseListener, DisposableBean {

	private static final List<String> STATES = List.of("starting", "up", "suspended", "down");

	private final DatabaseLifecycle lifecycle;

	private final QueryLogs queryLogs;

	private final AuditTrails auditTrails;

	private final @Nullable TransactionRetries retries;

	private final RuntimeMeters runtime;

	private final Map<MeterRegistry, Map<String, List<Meter>>> meters = new ConcurrentHashMap<>();

	/**
	 * Creates new {@link DatabaseMeters}.
	 * @param lifecycle the databases
	 * @param queryLogs count slow queries
	 * @param auditTrails count units of work
	 * @param retries count the attempts of transactions, or {@code null} if no configured
	 * database has any
	 * @param budget limits the connections of databases that are added at run time
	 */
	public DatabaseMeters(DatabaseLifecycle lifecycle, QueryLogs queryLogs, AuditTrails auditTrails,
			@Nullable TransactionRetries retries, ConnectionBudget budget) {
		this.runtime = new RuntimeMeters(lifecycle, budget);
		this.lifecycle = lifecycle;
		this.queryLogs = queryLogs;
		this.auditTrails = auditTrails;
		this.retries = retries;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		boolean first = this.meters.isEmpty();
		Map<String, List<Meter>> meters = this.meters.computeIfAbsent(registry, (key) -> new ConcurrentHashMap<>());
		this.lifecycle.getConfigured().forEach((database) -> bind(registry, database, meters));
		if (first) {
			this.lifecycle.addListener(this);
		}
		else {
			this.lifecycle.getAdded().forEach((database) -> added(registry, database));
		}
	}

	/**
	 * Registers the meters of a database that was added at run time, unless there are too
	 * many of them.
	 */
	@Override
	public void added(Database database) {
		this.meters.keySet().forEach((registry) -> added(registry, database));
	}

	private void added(MeterRegistry registry, Database database) {
		this.runtime.bindTo(registry);
		Map<String, List<Meter>> meters = this.meters.getOrDefault(registry, Map.of());
		if (this.runtime.begin(database)) {
			bind(registry, database, meters);
		}
	}

	@Override
	public void removed(Database database) {
		this.runtime.end(database);
		this.meters.forEach((registry, meters) -> {
			List<Meter> removed = meters.remove(database.getName());
			if (removed != null) {
				removed.forEach(registry::remove);
			}
		});
	}

	private void bind(MeterRegistry registry, Database database, Map<String, List<Meter>> all) {
		List<Meter> meters = all.computeIfAbsent(database.getName(), (name) -> new CopyOnWriteArrayList<>());
		Tags tags = Tags.of(DatabaseMeterFilter.TAG, database.getName());
		for (String state : STATES) {
			meters.add(Gauge.builder("appdbs.state", database, (it) -> state.equals(state(it.getSnapshot())) ? 1 : 0)
				.description("Whether the database is in the state: 1 for one of them, 0 for the others")
				.tags(tags.and("state", state))
				.register(registry));
		}
		bindTimes(registry, database, tags, meters);
		// transactions on a replica belong to its database
		if (this.lifecycle.getDefinition(database.getName()).replicaOf() == null) {
			bindRetries(registry, findRetry(database), tags, meters);
		}
		else {
			meters.add(time("appdbs.replication.lag", database, DatabaseMeters::replicationLag)
				.description("Time by which the replica lags behind its database")
				.tags(tags)
				.register(registry));
		}
		if (database.getSnapshot().ssl() != null) {
			meters.add(time("appdbs.ssl.certificate.expiry", database, DatabaseMeters::certificateExpiry)
				.description("Time until the certificate of the SSL bundle expires")
				.tags(tags)
				.register(registry));
		}
		if (!this.lifecycle.getDefinition(database.getName()).settings().partitions().isEmpty()) {
			meters.add(time("appdbs.partitions.ahead", database, DatabaseMeters::partitionsAhead)
				.description("Time for which rows can be inserted into all tables with partitions")
				.tags(tags)
				.register(registry));
		}
		if (hasIndexes(this.lifecycle.getDefinition(database.getName()))) {
			IndexMeters.bind(registry, database, tags, meters);
		}
		bindStatistics(registry, this.lifecycle.getStatistics(database.getName()), tags, meters);
		PoolMeters.bind(registry, database, this.lifecycle.getDefinition(database.getName()), tags, meters);
		InspectionMeters.bind(registry, database, tags, meters);
		MaintenanceMeters.bind(registry, this.lifecycle.getStatistics(database.getName()),
				this.lifecycle.getDefinition(database.getName()).settings().maintenance().operations(), tags, meters);
		BackupMeters.bind(registry, database, this.lifecycle.getDefinition(database.getName()), tags, meters);
		bindSlowQueries(registry, this.lifecycle.getDefinition(database.getName()), tags, meters);
		AuditTrail trail = this.auditTrails.get(this.lifecycle.getDefinition(database.getName()));
		if (trail != null) {
			AuditMeters.bind(registry, trail, tags, meters);
		}
	}

	private static boolean hasIndexes(DatabaseDefinition definition) {
		return definition.engine().getKind() == DatabaseKind.MONGODB
				&& definition.settings().mongo().indexes().mode() != MongoIndexSettings.Mode.OFF;
	}

	private TransactionRetry findRetry(Database database) {
		return (this.runtime.has(database) || this.retries == null) ? database.getBean(TransactionRetry.class)
				: this.retries.get(database.getName());
	}

	private static void bindRetries(MeterRegistry registry, TransactionRetry retry, Tags tags, List<Meter> meters) {
		for (boolean committed : new boolean[] { true, false }) {
			meters.add(FunctionCounter.builder("appdbs.transaction.retries", retry, (it) -> it.getAttempts(committed))
				.description("Further attempts at transactions that conflicted")
				.tags(tags.and("outcome", committed ? "committed" : "failed"))
				.register(registry));
		}
	}

	private void bindSlowQueries(MeterRegistry registry, DatabaseDefinition definition, Tags tags, List<Meter> meters) {
		QueryLog queryLog = this.queryLogs.get(definition);
		if (queryLog != null && definition.settings().slowQueryThreshold() != null) {
			meters.add(FunctionTimer
				.builder("appdbs.queries.slow", queryLog, QueryLog::getSlowCount, QueryLog::getSlowNanos,
						TimeUnit.NANOSECONDS)
				.description("Queries that took as long as the threshold or longer")
				.tags(tags)
				.register(registry));
		}
	}

	private static String state(DatabaseSnapshot snapshot) {
		boolean suspended = snapshot.state() == DatabaseState.UP && snapshot.suspended();
		return suspended ? "suspended" : snapshot.state().name().toLowerCase(Locale.ROOT);
	}

	private static void bindTimes(MeterRegistry registry, Database database, Tags tags, List<Meter> meters) {
		meters.add(time("appdbs.response.time", database, DatabaseSnapshot::responseTime)
			.description("Time that the last answered probe took")
			.tags(tags)
			.register(registry));
		meters.add(time("appdbs.started.time", database, DatabaseSnapshot::startTime)
			.description("Time taken to open the database, from the start or the outage on")
			.tags(tags)
			.register(registry));
		meters.add(time("appdbs.migration.time", database, DatabaseMeters::migrationTime)
			.description("Time taken to migrate the database")
			.tags(tags)
			.register(registry));
	}

	private static TimeGauge.Builder<Database> time(String name, Database database,
			Function<DatabaseSnapshot, @Nullable Duration> time) {
		return TimeGauge.builder(name, database, TimeUnit.NANOSECONDS, (it) -> {
			Duration duration = time.apply(it.getSnapshot());
			return (duration != null) ? duration.toNanos() : Double.NaN;
		});
	}

	private static @Nullable Duration replicationLag(DatabaseSnapshot snapshot) {
		return (snapshot.replica() != null) ? snapshot.replica().lag() : null;
	}

	private static @Nullable Duration migrationTime(DatabaseSnapshot snapshot) {
		PreparationReport migration = snapshot.preparation("migration");
		return (migration != null) ? migration.duration() : null;
	}

	private static @Nullable Duration certificateExpiry(DatabaseSnapshot snapshot) {
		SslUsage ssl = snapshot.ssl();
		return (ssl != null && ssl.certificate() != null)
				? Duration.between(Instant.now(), ssl.certificate().notAfter()) : null;
	}

	private static @Nullable Duration partitionsAhead(DatabaseSnapshot snapshot) {
		PreparationReport partitions = snapshot.preparation("partitions");
		return (partitions != null && partitions.details().get("until") instanceof Instant until)
				? Duration.between(Instant.now(), until) : null;
	}

	private static void bindStatistics(MeterRegistry registry, DatabaseStatistics statistics, Tags tags,
			List<Meter> meters) {
		meters.add(FunctionTimer
			.builder("appdbs.probes", statistics, DatabaseStatistics::getProbes, (it) -> it.getProbeTime().toNanos(),
					TimeUnit.NANOSECONDS)
			.description("Probes of the database, failed ones included")
			.tags(tags)
			.register(registry));
		meters.add(FunctionCounter.builder("appdbs.probe.failures", statistics, DatabaseStatistics::getFailedProbes)
			.description("Probes of the database that failed")
			.tags(tags)
			.register(registry));
		for (BorrowFailure reason : BorrowFailure.values()) {
			meters
				.add(FunctionCounter.builder("appdbs.borrow.failures", statistics, (it) -> it.getBorrowFailures(reason))
					.description("Callers that did not get a connection")
					.tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
					.register(registry));
		}
	}

	/**
	 * Removes the meters from registries, which may outlive the databases.
	 */
	@Override
	public void destroy() {
		this.meters.forEach((registry, meters) -> meters.values().forEach((those) -> those.forEach(registry::remove)));
		this.runtime.remove();
	}

}
