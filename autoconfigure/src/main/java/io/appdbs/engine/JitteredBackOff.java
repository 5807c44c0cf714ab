package io.appdbs.engine;

import java.time.Duration;

import org.springframework.util.backoff.ExponentialBackOff;

/**
 * {@link ExponentialBackOff} with delays that double and vary at random, so that
 * applications that lost a server at the same time do not return to it at the same time.
 */
public final class JitteredBackOff extends ExponentialBackOff {

	/**
	 * Creates a new {@link JitteredBackOff}.
	 * @param first the longest first delay
	 * @param max the longest delay, from which half may be taken off
	 */
	public JitteredBackOff(Duration first, Duration max) {
		super(first.toMillis() * 2 / 3, 2);
		setJitter(first.toMillis() / 3);
		setMaxInterval(max.toMillis());
	}

}
