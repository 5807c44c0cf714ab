package io.appdbs.actuate.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus;
import io.appdbs.settings.DatabaseDefinition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the backups of a database. What is unknown is {@code NaN}: a zero would look
 * like a fresh backup.
 */
final class BackupMeters {

	private static final String BACKUP = "backup";

	private static final String RESTORE = "restore";

	private static final String ARCHIVE = "archive";

	private BackupMeters() {
	}

	static void bind(MeterRegistry registry, Database database, DatabaseDefinition definition, Tags tags,
			List<Meter> meters) {
		boolean reported = definition.settings().backup().reportFor(definition.engine()) != null;
		boolean archiver = definition.replicaOf() == null && definition.engine().getArchiver() != null;
		if (reported) {
			meters.add(age("appdbs.backup.age", database,
					(status) -> (status.last() != null) ? status.last().finished() : null)
				.description("Time since the last successful backup, of any type or full")
				.tags(tags.and("type", "any"))
				.register(registry));
			meters.add(age("appdbs.backup.age", database, BackupStatus::lastFull)
				.description("Time since the last successful backup, of any type or full")
				.tags(tags.and("type", "full"))
				.register(registry));
			meters.add(age("appdbs.backup.verified.age", database,
					(status) -> (status.verified() != null && status.verified().ok()) ? status.verified().at() : null)
				.description("Time since the last verified restore, if it succeeded")
				.tags(tags)
				.register(registry));
		}
		if (archiver) {
			meters.add(age("appdbs.backup.archive.age", database,
					(status) -> (status.archive() != null) ? status.archive().last() : null)
				.description("Time since the server last archived its log")
				.tags(tags)
				.register(registry));
		}
		for (String kind : kinds(reported, archiver)) {
			meters.add(Gauge.builder("appdbs.backup.findings", database, (it) -> countFindings(it, kind))
				.description("What is wrong with the backups at present")
				.tags(tags.and("kind", kind))
				.register(registry));
		}
	}

	private static List<String> kinds(boolean reported, boolean archiver) {
		List<String> kinds = new ArrayList<>(reported ? List.of(BACKUP, RESTORE) : List.of());
		if (archiver) {
			kinds.add(ARCHIVE);
		}
		return kinds;
	}

	private static double countFindings(Database database, String kind) {
		BackupStatus status = database.getSnapshot().backup();
		return (status != null) ? status.findings().stream().filter((finding) -> kind(finding).equals(kind)).count()
				: Double.NaN;
	}

	private static String kind(BackupFinding finding) {
		return Stream.of(RESTORE, ARCHIVE)
			.filter((kind) -> finding.kind().startsWith(kind + "-"))
			.findFirst()
			.orElse(BACKUP);
	}

	private static TimeGauge.Builder<Database> age(String name, Database database,
			Function<BackupStatus, @Nullable Instant> time) {
		return TimeGauge.builder(name, database, TimeUnit.NANOSECONDS, (it) -> {
			BackupStatus status = it.getSnapshot().backup();
			Instant begin = (status != null) ? time.apply(status) : null;
			Duration age = (begin != null) ? Duration.between(begin, Instant.now()) : null;
			return (age != null && !age.isNegative()) ? age.toNanos() : Double.NaN;
		});
	}

}
