package io.appdbs.inspection.support;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import io.appdbs.PoolUsage;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.Sample;
import io.appdbs.engine.inspection.ServerReadings;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.Readings;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.support.InspectionSession.Check;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Makes all checks of a database, and reads its figures. One thread at a time runs it.
 */
final class FindingsRun {

	private static final Comparator<Finding> MOST_SERIOUS_FIRST = Comparator.comparing(Finding::severity)
		.reversed()
		.thenComparing(Finding::id);

	private final PoolSizeCheck poolSize;

	private final UnusedIndexCheck unusedIndexes;

	private final IgnoredFindings ignored;

	private final FindingsLog log;

	/** The results of checks that are not made in each inspection. */
	private final Map<String, KeptResult> kept = new LinkedHashMap<>();

	private @Nullable ServerReadings previous;

	private @Nullable Long size;

	private Instant sizeValidUntil = Instant.MIN;

	private volatile @Nullable Readings lastReadings;

	FindingsRun(DatabaseDefinition definition, Function<String, @Nullable DatabaseInspection> others,
			Supplier<@Nullable PoolUsage> pool) {
		this.poolSize = new PoolSizeCheck(definition, pool);
		this.unusedIndexes = new UnusedIndexCheck(definition, others);
		this.ignored = new IgnoredFindings(definition.settings().inspection().findings().ignore());
		this.log = new FindingsLog(definition.name());
	}

	@Nullable Readings getLastReadings() {
		return this.lastReadings;
	}

	/**
	 * Makes all checks.
	 * @param session the connection
	 * @param fresh whether expensive checks are made although their results are valid
	 * @return the findings
	 * @throws InspectionException if a check could not be made completely, with the
	 * findings of the others
	 */
	Sample<FindingsReport> run(InspectionSession session, boolean fresh) {
		Map<String, CheckReport> incomplete = new LinkedHashMap<>();
		List<Finding> findings = new ArrayList<>();
		measure(session);
		for (Check check : session.getChecks()) {
			findings.addAll(make(check, session, incomplete, fresh));
		}
		findings.addAll(this.poolSize.find());
		Check unused = new Check(UnusedIndexCheck.KIND, Duration.ZERO, () -> this.unusedIndexes.find(session));
		findings.addAll(make(unused, session, incomplete, fresh));
		List<Finding> reported = findings.stream()
			.filter((finding) -> !this.ignored.contains(finding))
			.sorted(MOST_SERIOUS_FIRST)
			.toList();
		this.log.update(reported, incomplete.keySet());
		FindingsReport report = new FindingsReport(readStatisticsSince(session), reported,
				findings.size() - reported.size(), incomplete);
		return complete(report);
	}

	private static Sample<FindingsReport> complete(FindingsReport report) {
		List<String> kinds = new ArrayList<>();
		ReportStatus worst = ReportStatus.OK;
		String fix = null;
		for (Map.Entry<String, CheckReport> entry : report.checks().entrySet()) {
			CheckReport check = entry.getValue();
			if (check.status() != ReportStatus.UNSUPPORTED) {
				kinds.add(entry.getKey());
				fix = (fix != null) ? fix : check.fix();
				worst = (check.status().compareTo(worst) > 0) ? check.status() : worst;
			}
		}
		if (kinds.isEmpty()) {
			return Sample.exact(report);
		}
		throw new InspectionException(worst,
				"%d checks could not be made completely: %s.".formatted(kinds.size(), String.join(", ", kinds)), fix)
			.withPartialValue(report);
	}

	private List<Finding> make(Check check, InspectionSession session, Map<String, CheckReport> incomplete,
			boolean fresh) {
		KeptResult result = this.kept.get(check.kind());
		if (result != null && result.isValid(fresh)) {
			return result.findings();
		}
		Instant begin = Instant.now();
		try {
			List<Finding> findings = check.reader().read();
			if (!check.validFor().isZero()) {
				this.kept.put(check.kind(), KeptResult.of(findings, begin, check.validFor()));
			}
			return findings;
		}
		catch (Exception ex) {
			InspectionException failure = (ex instanceof InspectionException known) ? known : session.translate(ex);
			incomplete.put(check.kind(), new CheckReport(failure.getStatus(), failure.getMessage(), failure.getFix()));
			return partOf(failure);
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Finding> partOf(InspectionException failure) {
		return (failure.getPartialValue() != null) ? (List<Finding>) failure.getPartialValue() : List.of();
	}

	private static @Nullable Instant readStatisticsSince(InspectionSession session) {
		try {
			return session.readStatisticsSince();
		}
		catch (Exception ex) {
			// not known, and a check that needs it reports why
			return null;
		}
	}

	/**
	 * Reads the figures. They are unknown if that fails, which affects no finding.
	 */
	private void measure(InspectionSession session) {
		ServerReadings current;
		try {
			current = session.readReadings();
		}
		catch (Exception ex) {
			current = ServerReadings.NONE;
		}
		ServerReadings previous = this.previous;
		Long bytes = (current.bytes() != null) ? current.bytes() : measureSize(session);
		this.lastReadings = new Readings(Instant.now(), bytes, hitRatio(previous, current),
				current.longestTransaction(), current.lockWaits(), current.deadlocks(), current.wraparound());
		this.previous = current;
	}

	/**
	 * Measures the size, after a rest that depends on how long that took before, since a
	 * server may have to look at all files.
	 */
	private @Nullable Long measureSize(InspectionSession session) {
		Instant begin = Instant.now();
		if (this.sizeValidUntil.isBefore(begin)) {
			try {
				Sample<SizeReport> sample = session.readSize();
				this.size = sample.exact() ? sample.value().bytes() : null;
			}
			catch (Exception ex) {
				this.size = null;
			}
			this.sizeValidUntil = KeptResult.rest(begin);
		}
		return this.size;
	}

	private static @Nullable Double hitRatio(@Nullable ServerReadings previous, ServerReadings current) {
		if (current.cacheHits() == null || current.cacheMisses() == null) {
			return null;
		}
		long hits = current.cacheHits();
		long misses = current.cacheMisses();
		if (previous != null && previous.cacheHits() != null && previous.cacheMisses() != null
				&& previous.cacheHits() <= hits && previous.cacheMisses() <= misses) {
			hits -= previous.cacheHits();
			misses -= previous.cacheMisses();
		}
		return (hits + misses > 0) ? (double) hits / (hits + misses) : null;
	}

	/**
	 * The result of an expensive check.
	 *
	 * @param findings the findings
	 * @param until until when they are valid
	 * @param untilIfFresh until when they are valid if fresh results are requested
	 */
	private record KeptResult(List<Finding> findings, Instant until, Instant untilIfFresh) {

		/** So that fresh results take at most a hundredth of the server's time. */
		private static final int REST = 100;

		static KeptResult of(List<Finding> findings, Instant begin, Duration validFor) {
			return new KeptResult(findings, Instant.now().plus(validFor), rest(begin));
		}

		/**
		 * Returns until when what has begun and just ended is not repeated.
		 */
		static Instant rest(Instant begin) {
			Instant end = Instant.now();
			return end.plus(Duration.between(begin, end).multipliedBy(REST));
		}

		boolean isValid(boolean fresh) {
			return (fresh ? this.untilIfFresh : this.until).isAfter(Instant.now());
		}

	}

}
