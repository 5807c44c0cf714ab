package io.appdbs.actuate.meter;

import java.util.Collection;

import io.appdbs.audit.AuditOutcome;
import io.appdbs.audit.unit.AuditTrail;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Meters of the audit of a database.
 */
final class AuditMeters {

	private AuditMeters() {
	}

	static void bind(MeterRegistry registry, AuditTrail trail, Tags tags, Collection<Meter> meters) {
		for (AuditOutcome outcome : AuditOutcome.values()) {
			if (outcome != AuditOutcome.PENDING) {
				meters.add(FunctionCounter.builder("appdbs.audit.events", trail, (it) -> it.getEvents(outcome))
					.description("Units of work that have ended, by outcome")
					.tags(tags.and("outcome", outcome.toString()))
					.register(registry));
			}
		}
		meters.add(FunctionCounter.builder("appdbs.audit.failures", trail, AuditTrail::getFailures)
			.description("Events that a sink could not record")
			.tags(tags)
			.register(registry));
		meters.add(FunctionCounter.builder("appdbs.audit.unknown.user", trail, AuditTrail::getUnknownUsers)
			.description("Units of work whose user is not known")
			.tags(tags)
			.register(registry));
	}

}
