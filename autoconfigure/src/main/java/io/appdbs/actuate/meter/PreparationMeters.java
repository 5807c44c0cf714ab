package io.appdbs.actuate.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.rls.verify.catalog.Severity;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.mongo.MongoIndexSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the reports about the preparations of a database, which are NaN until there
 * is a report.
 */
final class PreparationMeters {

	private static final List<String> VALIDATOR_PROBLEMS = List.of("missing", "different", "violations");

	private PreparationMeters() {
	}

	static void bind(MeterRegistry registry, Database database, DatabaseDefinition definition, Tags tags,
			Collection<Meter> meters) {
		DatabaseSettings settings = definition.settings();
		if (!settings.partitions().isEmpty()) {
			bindPartitions(registry, database, tags, meters);
		}
		if (settings.rls().isVerified()) {
			for (Severity severity : Severity.values()) {
				meters.add(gauge("appdbs.rls.findings", database, "row-level-security",
						(details) -> count(details, severity))
					.description("Findings of the latest verification of row-level security")
					.tags(tags.and("severity", severity.name().toLowerCase(Locale.ROOT)))
					.register(registry));
			}
		}
		if (definition.engine().getKind() != DatabaseKind.MONGODB) {
			return;
		}
		if (settings.mongo().indexes().mode() != MongoIndexSettings.Mode.OFF) {
			IndexMeters.bind(registry, database, tags, meters);
		}
		if (settings.mongo().validators().mode() != MongoValidatorSettings.Mode.OFF) {
			bindValidators(registry, database, tags, meters);
		}
	}

	private static void bindPartitions(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		meters.add(DatabaseMeters.time("appdbs.partitions.ahead", database, PreparationMeters::partitionsAhead)
			.description("Time for which rows can be inserted into all tables with partitions")
			.tags(tags)
			.register(registry));
		meters.add(gauge("appdbs.partitions.failing", database, "partitions",
				(details) -> StateMeters.toNumber(details.containsKey("problem")))
			.description("Whether the last attempt to create partitions failed")
			.tags(tags)
			.register(registry));
	}

	private static void bindValidators(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		for (String kind : VALIDATOR_PROBLEMS) {
			meters
				.add(gauge("appdbs.mongo.validator.drift", database, "validators", (details) -> size(details.get(kind)))
					.description("Collections whose validator or documents differ from the entities")
					.tags(tags.and("kind", kind))
					.register(registry));
		}
	}

	private static Gauge.Builder<Database> gauge(String name, Database database, String preparation,
			ToDoubleFunction<Map<String, Object>> value) {
		return Gauge.builder(name, database, (it) -> {
			PreparationReport report = it.getSnapshot().preparation(preparation);
			return (report != null) ? value.applyAsDouble(report.details()) : Double.NaN;
		});
	}

	private static int size(@Nullable Object collections) {
		return (collections instanceof Map<?, ?> map) ? map.size()
				: (collections instanceof List<?> list) ? list.size() : 0;
	}

	private static double count(Map<String, Object> details, Severity severity) {
		return (details.get("findings") instanceof List<?> findings) ? findings.stream()
			.filter((finding) -> finding instanceof Map<?, ?> map && severity.name().equals(map.get("severity")))
			.count() : Double.NaN;
	}

	private static @Nullable Duration partitionsAhead(DatabaseSnapshot snapshot) {
		PreparationReport partitions = snapshot.preparation("partitions");
		return (partitions != null && partitions.details().get("until") instanceof Instant until)
				? Duration.between(Instant.now(), until) : null;
	}

}
