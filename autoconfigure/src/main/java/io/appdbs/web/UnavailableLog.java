package io.appdbs.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs requests that are answered with 503: one for each database and kind of failure per
 * minute at WARN, the others at DEBUG, as an outage would otherwise fill the log.
 * Thread-safe.
 */
final class UnavailableLog {

	private static final Log logger = LogFactory.getLog(UnavailableResponse.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private final LongSupplier nanoTime;

	/** When a kind of failure was logged at WARN, for those of the last minute. */
	private final Map<String, Long> logged = new ConcurrentHashMap<>();

	UnavailableLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	void log(String method, String path, UnavailableResponse response) {
		String line = "%s %s is answered with 503: %s".formatted(method, path, response.cause().getMessage());
		if (isDue(response.getKind())) {
			logger.warn(line + " Further such requests are logged at DEBUG for a minute.");
		}
		else {
			logger.debug(line);
		}
	}

	private boolean isDue(String kind) {
		long now = this.nanoTime.getAsLong();
		this.logged.values().removeIf((time) -> now - time >= INTERVAL.toNanos());
		return this.logged.putIfAbsent(kind, now) == null;
	}

}
