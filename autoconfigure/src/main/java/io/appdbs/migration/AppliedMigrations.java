package io.appdbs.migration;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.settings.DatabaseDefinition;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Compares the applied migrations of a database with the available ones: a run that
 * skipped a migration is not a success.
 */
final class AppliedMigrations {

	/**
	 * States of available migrations that are not supposed to be applied.
	 */
	private static final Set<MigrationState> NOT_EXPECTED = Set.of(MigrationState.ABOVE_TARGET,
			MigrationState.BELOW_BASELINE, MigrationState.BASELINE_IGNORED, MigrationState.IGNORED,
			MigrationState.AVAILABLE, MigrationState.UNDONE, MigrationState.DELETED);

	private AppliedMigrations() {
	}

	static void verify(DatabaseDefinition definition, Flyway flyway) {
		if (MigrationVersion.NEXT.equals(flyway.getConfiguration().getTarget())) {
			// one at a time was requested
			return;
		}
		MigrationInfoService info = flyway.info();
		List<MigrationInfo> pending = List.of(info.pending());
		MigrationVersion newest = Stream.of(info.all())
			.filter((migration) -> migration.getState().isResolved() && !NOT_EXPECTED.contains(migration.getState()))
			.map(MigrationInfo::getVersion)
			.filter((version) -> version != null)
			.max(Comparator.naturalOrder())
			.orElse(null);
		MigrationInfo current = info.current();
		MigrationVersion applied = (current != null) ? current.getVersion() : null;
		if (pending.isEmpty() && (newest == null || (applied != null && applied.compareTo(newest) >= 0))) {
			return;
		}
		String name = definition.name();
		throw new DatabaseStartException(name,
				"Database '%s' is at %s after migrating, but version %s was expected. Not applied: %s.".formatted(name,
						(applied != null) ? "version " + applied : "no version", newest,
						pending.isEmpty() ? "none"
								: pending.stream().map(MigrationInfo::getScript).collect(Collectors.joining(", "))),
				"Check the options under '%s' and the table '%s' of the database.".formatted(definition.key("flyway"),
						flyway.getConfiguration().getTable()),
				TroubleshootingSection.MIGRATION, null);
	}

}
