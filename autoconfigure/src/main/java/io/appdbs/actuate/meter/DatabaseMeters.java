package io.appdbs.actuate.meter;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.DatabaseListener;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.query.QueryLog;
import io.appdbs.query.QueryLogs;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.transaction.TransactionRetries;
import io.appdbs.transaction.TransactionRetry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
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
		DatabaseDefinition definition = this.lifecycle.getDefinition(database.getName());
		DatabaseStatistics statistics = this.lifecycle.getStatistics(database.getName());
		StateMeters.bind(registry, database, definition, tags, meters);
		bindTimes(registry, database, tags, meters);
		// transactions on a replica belong to its database
		if (definition.replicaOf() == null) {
			bindRetries(registry, findRetry(database), tags, meters);
		}
		CredentialsMeters.bind(registry, database, definition, tags, meters);
		if (this.lifecycle.getOperations(database.getName()).isRotating()) {
			CredentialsMeters.bindRotations(registry, database, tags, meters);
		}
		PreparationMeters.bind(registry, database, definition, tags, meters);
		bindStatistics(registry, statistics, tags, meters);
		PoolMeters.bind(registry, database, definition, tags, meters);
		InspectionMeters.bind(registry, database, tags, meters);
		MaintenanceMeters.bind(registry, statistics, definition.settings().maintenance().operations(), tags, meters);
		BackupMeters.bind(registry, database, definition, tags, meters);
		bindSlowQueries(registry, definition, tags, meters);
		AuditTrail trail = this.auditTrails.get(definition);
		if (trail != null) {
			AuditMeters.bind(registry, trail, tags, meters);
		}
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

	/**
	 * Returns a meter of a time, which is NaN while it is not known.
	 */
	static TimeGauge.Builder<Database> time(String name, Database database,
			Function<DatabaseSnapshot, @Nullable Duration> time) {
		return TimeGauge.builder(name, database, TimeUnit.NANOSECONDS, (it) -> {
			Duration duration = time.apply(it.getSnapshot());
			return (duration != null) ? duration.toNanos() : Double.NaN;
		});
	}

	private static @Nullable Duration migrationTime(DatabaseSnapshot snapshot) {
		PreparationReport migration = snapshot.preparation("migration");
		return (migration != null) ? migration.duration() : null;
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
