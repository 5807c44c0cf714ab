package io.appdbs.actuate.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.ToLongFunction;

import io.appdbs.CredentialsUsage;
import io.appdbs.Database;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.DatabaseState;
import io.appdbs.SslUsage;
import io.appdbs.engine.FailureReason;
import io.appdbs.settings.DatabaseDefinition;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the credentials and certificates of a database.
 */
final class CredentialsMeters {

	private CredentialsMeters() {
	}

	static void bind(MeterRegistry registry, Database database, DatabaseDefinition definition, Tags tags,
			Collection<Meter> meters) {
		meters.add(Gauge
			.builder("appdbs.credentials.failing", database, (it) -> StateMeters.toNumber(isFailing(it, definition)))
			.description("Whether credentials cannot be read, or the server rejects them")
			.tags(tags)
			.register(registry));
		if (database.getSnapshot().ssl() != null) {
			bindCertificates(registry, database, tags, meters);
		}
	}

	/**
	 * Registers the meters of credentials that can change.
	 */
	static void bindRotations(MeterRegistry registry, Database database, Tags tags, Collection<Meter> meters) {
		meters.add(rotations(database, CredentialsUsage::rotations).tags(tags.and("outcome", "replaced"))
			.register(registry));
		meters.add(
				rotations(database, CredentialsUsage::failures).tags(tags.and("outcome", "failed")).register(registry));
		meters.add(DatabaseMeters.time("appdbs.credentials.expiry", database, CredentialsMeters::credentialsExpiry)
			.description("Time until the credentials in use expire")
			.tags(tags)
			.register(registry));
	}

	private static void bindCertificates(MeterRegistry registry, Database database, Tags tags,
			Collection<Meter> meters) {
		meters.add(DatabaseMeters.time("appdbs.ssl.certificate.expiry", database, CredentialsMeters::certificateExpiry)
			.description("Time until the certificate of the SSL bundle expires")
			.tags(tags)
			.register(registry));
		meters.add(Gauge
			.builder("appdbs.ssl.failing", database, (it) -> StateMeters.toNumber(isFailing(it.getSnapshot().ssl())))
			.description("Whether the latest certificates of the SSL bundle are not used because of a failure")
			.tags(tags)
			.register(registry));
	}

	private static FunctionCounter.Builder<Database> rotations(Database database,
			ToLongFunction<CredentialsUsage> count) {
		return FunctionCounter.builder("appdbs.credentials.rotations", database, (it) -> {
			CredentialsUsage usage = it.getSnapshot().credentials();
			return (usage != null) ? count.applyAsLong(usage) : 0;
		}).description("Attempts to replace the credentials, by outcome");
	}

	private static boolean isFailing(Database database, DatabaseDefinition definition) {
		CredentialsUsage usage = database.getSnapshot().credentials();
		if (usage != null && usage.failure() != null) {
			return true;
		}
		Throwable failure = database.getLastFailure();
		if (database.getState() != DatabaseState.DOWN || failure == null) {
			return false;
		}
		FailureReason reason = definition.engine().classify(failure);
		return reason.isLoginRefused() || reason == FailureReason.CREDENTIALS;
	}

	private static boolean isFailing(@Nullable SslUsage ssl) {
		return ssl != null && ssl.failure() != null;
	}

	private static @Nullable Duration credentialsExpiry(DatabaseSnapshot snapshot) {
		CredentialsUsage usage = snapshot.credentials();
		return (usage != null && usage.expiresAt() != null) ? Duration.between(Instant.now(), usage.expiresAt()) : null;
	}

	private static @Nullable Duration certificateExpiry(DatabaseSnapshot snapshot) {
		SslUsage ssl = snapshot.ssl();
		return (ssl != null && ssl.certificate() != null)
				? Duration.between(Instant.now(), ssl.certificate().notAfter()) : null;
	}

}
