package io.appdbs.inspection.support;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.appdbs.engine.inspection.Amounts;
import io.appdbs.engine.inspection.InspectionException;
import io.appdbs.engine.inspection.UnusedIndexes;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.Severity;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Finds indexes that neither the database nor any of its replicas has used for long
 * enough. Without knowing that of all of them, nothing is found. Replicas themselves have
 * no findings of this kind, as their indexes are those of the database.
 */
final class UnusedIndexCheck {

	static final String KIND = "unused-index";

	private final DatabaseDefinition definition;

	private final Function<String, @Nullable DatabaseInspection> others;

	UnusedIndexCheck(DatabaseDefinition definition, Function<String, @Nullable DatabaseInspection> others) {
		this.definition = definition;
		this.others = others;
	}

	List<Finding> find(InspectionSession session) throws Exception {
		if (this.definition.replicaOf() != null) {
			throw InspectionException
				.unsupported("The indexes are those of database '%s', whose findings take this replica into account."
					.formatted(this.definition.replicaOf()));
		}
		UnusedIndexes own = session.readUnusedIndexes();
		Instant since = checkAge(this.definition.name(), own.since());
		Map<String, IndexReport> unused = new LinkedHashMap<>();
		own.indexes().forEach((index) -> unused.put(index.name(), index));
		for (String replica : this.definition.replicaNames()) {
			if (!unused.isEmpty()) {
				UnusedIndexes there = readFrom(replica);
				Instant sinceThere = checkAge(replica, there.since());
				since = sinceThere.isAfter(since) ? sinceThere : since;
				unused.keySet().retainAll(there.indexes().stream().map(IndexReport::name).toList());
			}
		}
		List<Finding> findings = new ArrayList<>();
		for (IndexReport index : unused.values()) {
			findings.add(toFinding(session, index, since));
		}
		return findings;
	}

	private UnusedIndexes readFrom(String replica) {
		DatabaseInspection inspection = this.others.apply(replica);
		try {
			if (inspection != null) {
				return inspection.readUnusedIndexes();
			}
		}
		catch (InspectionException ex) {
			throw new InspectionException(ex.getStatus(),
					"It is not known which indexes replica '%s' has used: %s".formatted(replica, ex.getMessage()),
					ex.getFix());
		}
		throw new InspectionException(ReportStatus.UNAVAILABLE,
				"It is not known which indexes replica '%s' has used.".formatted(replica), null);
	}

	/**
	 * Rejects statistics that are too young: an index may be for a job at the end of the
	 * month, and after a crash none seems to have been used.
	 */
	private Instant checkAge(String server, @Nullable Instant since) {
		if (since == null) {
			throw InspectionException
				.unsupported("It is not known since when '%s' has counted the use of indexes.".formatted(server));
		}
		Duration age = Duration.between(since, Instant.now());
		Duration minimum = this.definition.settings().inspection().findings().minimumAge();
		if (age.compareTo(minimum) < 0) {
			throw InspectionException
				.unsupported("'%s' has counted the use of indexes for %s, since %s, and '%s' is %s.".formatted(server,
						Amounts.ofDuration(age), since, this.definition.key("inspection.findings.minimum-age"),
						Amounts.ofDuration(minimum)));
		}
		return since;
	}

	private Finding toFinding(InspectionSession session, IndexReport index, Instant since) {
		Instant usedAt = index.usedAt();
		Instant begin = (usedAt != null && usedAt.isAfter(since)) ? usedAt : since;
		String replicas = this.definition.replicaNames().isEmpty() ? ""
				: ", here and on " + String.join(", ", this.definition.replicaNames());
		String size = (index.bytes() != null) ? "; it takes " + Amounts.ofBytes(index.bytes()) : "";
		return Finding.of(KIND, Severity.INFO, index.name(), index.table(),
				"The index has not been used for %s%s%s."
					.formatted(Amounts.ofDuration(Duration.between(begin, Instant.now())), replicas, size),
				session.getDropIndexStatement(index));
	}

}
