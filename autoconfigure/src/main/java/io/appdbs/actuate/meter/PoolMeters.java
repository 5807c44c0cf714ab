package io.appdbs.actuate.meter;

import java.util.Collection;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.PoolUsage;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.DatabaseDefinition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the size of a relational database's pool, in addition to those of HikariCP.
 */
final class PoolMeters {

	private PoolMeters() {
	}

	static void bind(MeterRegistry registry, Database database, DatabaseDefinition definition, Tags tags,
			Collection<Meter> meters) {
		if (definition.engine().getKind() == DatabaseKind.RELATIONAL) {
			meters.add(gauge("appdbs.pool.recommended", database, PoolMeters::recommended)
				.description("Recommended maximum number of connections")
				.tags(tags)
				.register(registry));
		}
		if (definition.isPoolAdaptive()) {
			meters.add(
					gauge("appdbs.pool.limit", database, PoolUsage::limit).description("Connections that may be in use")
						.tags(tags)
						.register(registry));
		}
	}

	private static Gauge.Builder<Database> gauge(String name, Database database,
			Function<PoolUsage, @Nullable Integer> value) {
		return Gauge.builder(name, database, (it) -> {
			PoolUsage usage = it.getSnapshot().pool();
			Integer number = (usage != null) ? value.apply(usage) : null;
			return (number != null) ? number : Double.NaN;
		});
	}

	private static @Nullable Integer recommended(PoolUsage usage) {
		return (usage.advice() != null) ? usage.advice().recommended() : null;
	}

}
