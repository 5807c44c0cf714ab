package io.appdbs.actuate.meter;

import java.util.Collection;

import io.appdbs.Database;
import io.appdbs.actuate.IndexDrift;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Meters of the indexes of a MongoDB database that differ from those of its entities.
 */
final class IndexMeters {

	private IndexMeters() {
	}

	static void bind(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		for (String kind : IndexDrift.KINDS) {
			meters.add(Gauge.builder("appdbs.mongo.index.drift", database, (it) -> count(it, kind))
				.description("Indexes that differ from those that the entities declare")
				.tags(tags.and("kind", kind))
				.register(registry));
		}
	}

	private static double count(Database database, String kind) {
		IndexDrift indexes = IndexDrift.find(database.getSnapshot());
		return (indexes != null) ? indexes.count(kind) : Double.NaN;
	}

}
