package io.appdbs.mongo.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Compares the migrations of the application with the history.
 *
 * @param steps the migrations of the application, in the order of execution
 * @param messages the texts about the history
 * @param outOfOrder whether a migration may be older than the newest executed one
 */
record MigrationPlan(List<MigrationStep> steps, HistoryMessages messages, boolean outOfOrder) {

	/** Versions in their order, then repeatable migrations by their descriptions. */
	private static final Comparator<MigrationStep> ORDER = Comparator
		.<MigrationStep, MigrationVersion>comparing((step) -> step.name().version(),
				Comparator.nullsLast(Comparator.naturalOrder()))
		.thenComparing((step) -> step.name().description());

	/**
	 * Creates a plan.
	 * @throws MigrationException if several migrations have the same version
	 */
	static MigrationPlan of(Collection<MigrationStep> steps, HistoryMessages messages, boolean outOfOrder) {
		Map<String, MigrationStep> byId = new LinkedHashMap<>();
		for (MigrationStep step : steps) {
			MigrationStep other = byId.putIfAbsent(step.name().id(), step);
			if (other != null) {
				throw messages.duplicate(other, step);
			}
		}
		return new MigrationPlan(byId.values().stream().sorted(ORDER).toList(), messages, outOfOrder);
	}

	/**
	 * Returns the migrations to execute, in order.
	 * @param history the entries of the history by their identifiers
	 * @throws MigrationException if the history does not match, with all reasons
	 */
	List<MigrationStep> findPending(Map<String, HistoryEntry> history) {
		List<MigrationException> problems = new ArrayList<>();
		history.values().stream().map(this::validate).filter(Objects::nonNull).forEach(problems::add);
		MigrationVersion baseline = getNewest(history.values().stream().filter(HistoryEntry::isBaseline));
		MigrationVersion newest = getVersion(history);
		List<MigrationStep> pending = new ArrayList<>();
		for (MigrationStep step : this.steps) {
			HistoryEntry entry = history.get(step.name().id());
			MigrationVersion version = step.name().version();
			if (version == null) {
				if (entry == null || entry.isOutdated(step)) {
					pending.add(step);
				}
			}
			else if (entry == null && (baseline == null || version.compareTo(baseline) > 0)) {
				pending.add(step);
				if (!this.outOfOrder && newest != null && version.compareTo(newest) < 0) {
					problems.add(this.messages.outOfOrder(step, newest));
				}
			}
		}
		if (!problems.isEmpty()) {
			throw join(problems);
		}
		return pending;
	}

	private @Nullable MigrationException validate(HistoryEntry entry) {
		MigrationStep step = find(entry);
		if (!entry.isSuccess()) {
			return this.messages.failed(entry);
		}
		MigrationVersion version = entry.version();
		if (version == null || entry.isBaseline()) {
			return null;
		}
		if (step == null) {
			return isFuture(version) ? null : this.messages.missing(entry);
		}
		return entry.differs(step) ? this.messages.changed(entry, step) : null;
	}

	/**
	 * Returns the migration of an entry, {@code null} if the application does not contain
	 * it.
	 */
	@Nullable MigrationStep find(HistoryEntry entry) {
		return this.steps.stream().filter((step) -> step.name().id().equals(entry.id())).findFirst().orElse(null);
	}

	/**
	 * Returns whether a version is newer than all migrations of the application.
	 */
	boolean isFuture(MigrationVersion version) {
		return this.steps.stream()
			.map((step) -> step.name().version())
			.filter(Objects::nonNull)
			.allMatch((known) -> known.compareTo(version) < 0);
	}

	/**
	 * Returns the newest version that has been executed, {@code null} if there is none.
	 */
	static @Nullable MigrationVersion getVersion(Map<String, HistoryEntry> history) {
		return getNewest(history.values().stream().filter(HistoryEntry::isSuccess));
	}

	private static @Nullable MigrationVersion getNewest(Stream<HistoryEntry> entries) {
		return entries.map(HistoryEntry::version).filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
	}

	private static MigrationException join(List<MigrationException> problems) {
		if (problems.size() == 1) {
			return problems.get(0);
		}
		Set<String> actions = new LinkedHashSet<>();
		problems.forEach((problem) -> actions.add(problem.getAction()));
		return new MigrationException(
				String.join(". ", problems.stream().map((problem) -> String.valueOf(problem.getMessage())).toList()),
				String.join("\n", actions), null);
	}

}
