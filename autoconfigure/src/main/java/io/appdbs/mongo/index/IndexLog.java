package io.appdbs.mongo.index;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.mongo.index.IndexFinding.Kind;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs what differs, and again only if it has changed.
 */
final class IndexLog {

	private static final Log logger = LogFactory.getLog(IndexLog.class);

	/** The number of indexes that are listed. */
	private static final int MAX = 10;

	private final DatabaseDefinition definition;

	private final Set<String> logged = new LinkedHashSet<>();

	private final Set<String> current = new LinkedHashSet<>();

	private List<DeclaredIndex> pending = List.of();

	IndexLog(DatabaseDefinition definition) {
		this.definition = definition;
	}

	synchronized void write(IndexReport report) {
		this.current.clear();
		writeUnique(report);
		writeFailed(report);
		writeOthers(report);
		if (!report.notChecked().isEmpty()) {
			write(logger::warn,
					"Indexes of database '%s' could not be compared with those of its entities: %s.".formatted(
							this.definition.name(),
							list(report.notChecked().stream().map((each) -> each.replaceFirst("\\.$", "")))));
		}
		this.logged.retainAll(this.current);
	}

	private void writeUnique(IndexReport report) {
		List<IndexFinding> unique = report.findings().stream().filter(IndexFinding::acceptsDuplicates).toList();
		if (!unique.isEmpty()) {
			write(logger::warn,
					"Database '%s' lacks unique indexes that its entities declare, so the server accepts duplicates: %s. Create them in a migration%s."
						.formatted(this.definition.name(), list(unique.stream()), adviseCreation(unique)));
		}
	}

	/**
	 * An index of the same name has to be dropped before.
	 */
	private String adviseCreation(List<IndexFinding> findings) {
		return findings.stream().allMatch((finding) -> finding.kind() == Kind.MISSING)
				? ", or set '%s' to 'create'".formatted(this.definition.key("mongo.indexes.mode")) : "";
	}

	private void writeFailed(IndexReport report) {
		report.get(Kind.FAILED)
			.forEach((finding) -> write(logger::warn,
					"The index %s of database '%s' could not be created%s: %s.".formatted(finding,
							this.definition.name(), finding.isUnique() ? ", so the server accepts duplicates" : "",
							finding.reason())));
	}

	private void writeOthers(IndexReport report) {
		StringJoiner others = new StringJoiner("; ");
		add(others, "missing", report.get(Kind.MISSING).filter((finding) -> !finding.acceptsDuplicates()));
		add(others, "different", report.get(Kind.DIFFERENT).filter((finding) -> !finding.acceptsDuplicates()));
		boolean warn = others.length() > 0;
		add(others, "not declared", report.get(Kind.EXTRA));
		if (others.length() > 0) {
			write(warn ? logger::warn : logger::info, "Indexes of database '%s' differ from those of its entities: %s."
				.formatted(this.definition.name(), others));
		}
	}

	private static void add(StringJoiner joiner, String title, Stream<IndexFinding> findings) {
		List<IndexFinding> list = findings.toList();
		if (!list.isEmpty()) {
			joiner.add(title + " " + list(list.stream()));
		}
	}

	private static String list(Stream<?> findings) {
		List<String> texts = findings.map(String::valueOf).toList();
		String listed = texts.stream().limit(MAX).collect(Collectors.joining(", "));
		return (texts.size() > MAX) ? "%s and %d more".formatted(listed, texts.size() - MAX) : listed;
	}

	private void write(Consumer<Object> level, String line) {
		this.current.add(line);
		if (this.logged.add(line)) {
			level.accept(line);
		}
	}

	/**
	 * Logs that indexes have been created.
	 */
	void writeCreated(List<DeclaredIndex> created) {
		if (!created.isEmpty()) {
			logger.info("Created %d index%s of database '%s': %s".formatted(created.size(),
					(created.size() > 1) ? "es" : "", this.definition.name(), list(created.stream())));
		}
	}

	/**
	 * Logs that indexes will be created.
	 * @param before whether the database comes up afterwards
	 */
	synchronized void writePending(List<DeclaredIndex> pending, boolean before) {
		if (!pending.isEmpty() && !pending.equals(this.pending)) {
			this.pending = pending;
			logger.info("Creating %d index%s of database '%s' %s: %s".formatted(pending.size(),
					(pending.size() > 1) ? "es" : "", this.definition.name(),
					before ? "before it is up" : "in the background", list(pending.stream())));
		}
	}

}
