package io.appdbs.benchmarks.inspection;

import java.util.Locale;
import java.util.function.Function;

import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.Report;

/**
 * The topics of an inspection, in the order in which they are measured.
 */
enum Topic {

	SIZE(Inspection::size),

	TABLES(Inspection::tables),

	INDEXES(Inspection::indexes),

	ACTIVITY(Inspection::activity),

	STATEMENTS(Inspection::statements),

	FINDINGS(Inspection::findings);

	private final Function<Inspection, Report<?>> reader;

	Topic(Function<Inspection, Report<?>> reader) {
		this.reader = reader;
	}

	Report<?> read(Inspection inspection) {
		return this.reader.apply(inspection);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
