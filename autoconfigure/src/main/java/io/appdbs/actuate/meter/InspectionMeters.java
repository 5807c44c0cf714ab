package io.appdbs.actuate.meter;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.Readings;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.Severity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the latest inspection of a database. They are NaN until there is one, and
 * never cause one.
 */
final class InspectionMeters {

	private InspectionMeters() {
	}

	static void bind(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		meters.add(gauge("appdbs.size", database, Readings::bytes).description("Size of the database")
			.baseUnit("bytes")
			.tags(tags)
			.register(registry));
		meters.add(gauge("appdbs.cache.hits", database, Readings::cacheHitRatio)
			.description("Part of the blocks that the server found in its cache between the last two inspections")
			.tags(tags)
			.register(registry));
		meters.add(TimeGauge
			.builder("appdbs.transaction.age", database, TimeUnit.NANOSECONDS,
					(it) -> read(it, (readings) -> nanos(readings.longestTransaction())))
			.description("Age of the oldest open transaction")
			.tags(tags)
			.register(registry));
		meters.add(gauge("appdbs.lock.waits", database, Readings::lockWaits)
			.description("Sessions that have been waiting for a lock for more than a second")
			.tags(tags)
			.register(registry));
		meters.add(gauge("appdbs.deadlocks", database, Readings::deadlocks)
			.description("Deadlocks since the server's statistics began")
			.tags(tags)
			.register(registry));
		meters.add(gauge("appdbs.wraparound", database, Readings::wraparound)
			.description("Used part of the transaction identifiers")
			.tags(tags)
			.register(registry));
		for (Severity severity : Severity.values()) {
			meters.add(Gauge.builder("appdbs.findings", database, (it) -> count(it.inspect(), severity))
				.description("Findings of the latest inspection")
				.tags(tags.and("severity", severity.name().toLowerCase(Locale.ROOT)))
				.register(registry));
		}
	}

	private static Gauge.Builder<Database> gauge(String name, Database database,
			Function<Readings, @Nullable Number> value) {
		return Gauge.builder(name, database, (it) -> read(it, value));
	}

	private static double read(Database database, Function<Readings, @Nullable Number> value) {
		Readings readings = database.inspect().getLastReadings();
		Number number = (readings != null) ? value.apply(readings) : null;
		return (number != null) ? number.doubleValue() : Double.NaN;
	}

	private static @Nullable Number nanos(@Nullable Duration duration) {
		return (duration != null) ? duration.toNanos() : null;
	}

	private static double count(Inspection inspection, Severity severity) {
		Report<FindingsReport> report = inspection.getLastFindings();
		FindingsReport findings = (report != null) ? report.value() : null;
		return (findings != null) ? findings.count(severity) : Double.NaN;
	}

}
