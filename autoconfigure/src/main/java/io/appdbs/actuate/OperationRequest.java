package io.appdbs.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.lifecycle.DatabaseLifecycle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.convert.DurationStyle;

/**
 * An operation as it was asked for. The values are read here and not by Boot, which says
 * nothing of what would have been right.
 *
 * @param operation the operation
 * @param mode what callers of a suspended database do
 * @param drainTimeout how long to wait for connections to be given back
 * @param maximum the maximum of the pool
 */
record OperationRequest(@Nullable String operation, @Nullable String mode, @Nullable String drainTimeout,
		@Nullable String maximum) {

	private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

	/** A request holds a thread as long. */
	private static final Duration LONGEST_DRAIN_TIMEOUT = Duration.ofMinutes(5);

	/**
	 * Do what was asked for.
	 * @return whether the connections were given back in time or {@code null} if that was
	 * not the question
	 */
	@Nullable Boolean execute(DatabaseLifecycle lifecycle, String name) {
		switch ((this.operation != null) ? this.operation : "") {
			case "probe" -> {
				refuseAllBut();
				lifecycle.probe(name);
			}
			case "suspend" -> {
				refuseAllBut("mode", "drainTimeout");
				return lifecycle.suspend(name, isFailing(), readDrainTimeout());
			}
			case "resume" -> {
				refuseAllBut();
				lifecycle.resume(name);
			}
			case "set-maximum-pool-size" -> {
				refuseAllBut("maximum");
				lifecycle.setMaximumPoolSize(name, readMaximum());
			}
			case "rotate" -> {
				refuseAllBut();
				lifecycle.rotate(name);
			}
			case "verify" -> {
				refuseAllBut();
				lifecycle.verify(name);
			}
			default -> throw unknown("operation", this.operation,
					"probe, suspend, resume, set-maximum-pool-size, rotate, verify");
		}
		return null;
	}

	private void refuseAllBut(String... known) {
		values().keySet().stream().filter((key) -> !List.of(known).contains(key)).findFirst().ifPresent((key) -> {
			throw invalid("Operation '%s' has no parameter '%s'. Known: %s.".formatted(this.operation, key,
					(known.length > 0) ? String.join(", ", known) : "none"));
		});
	}

	private boolean isFailing() {
		if (this.mode != null && !this.mode.equals("wait") && !this.mode.equals("fail")) {
			throw unknown("mode", this.mode, "wait, fail");
		}
		return "fail".equals(this.mode);
	}

	private Duration readDrainTimeout() {
		if (this.drainTimeout == null) {
			return DEFAULT_DRAIN_TIMEOUT;
		}
		try {
			Duration timeout = DurationStyle.detectAndParse(this.drainTimeout);
			if (!timeout.isNegative() && timeout.compareTo(LONGEST_DRAIN_TIMEOUT) <= 0) {
				return timeout;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// as wrong as one out of range
		}
		throw invalid("'drainTimeout' cannot be '%s': it must be a duration between 0s and 5m, such as 10s."
			.formatted(this.drainTimeout));
	}

	private int readMaximum() {
		try {
			return Integer.parseInt((this.maximum != null) ? this.maximum : "");
		}
		catch (NumberFormatException ex) {
			throw invalid("'maximum' cannot be '%s': it must be a number of connections.".formatted(this.maximum));
		}
	}

	/**
	 * Return the values that were given.
	 */
	Map<String, String> values() {
		Map<String, String> values = new LinkedHashMap<>();
		put(values, "mode", this.mode);
		put(values, "drainTimeout", this.drainTimeout);
		put(values, "maximum", this.maximum);
		return values;
	}

	private static void put(Map<String, String> values, String key, @Nullable String value) {
		if (value != null) {
			values.put(key, value);
		}
	}

	private static InvalidEndpointRequestException unknown(String key, @Nullable String value, String known) {
		return invalid("Unknown %s '%s'. Known: %s.".formatted(key, value, known));
	}

	private static InvalidEndpointRequestException invalid(String message) {
		return new InvalidEndpointRequestException(message, message);
	}

}
