package io.appdbs.engine.inspection;

import org.jspecify.annotations.Nullable;

/**
 * What a server reports about a topic.
 *
 * @param <T> the type of the value
 * @param value the value
 * @param exact whether its figures are exact, and not estimates
 * @param leftOut how many rows the limit has left out, {@code null} if that is not known
 * @param message what to know about the value, in sentences, {@code null} if there is
 * nothing to say
 */
public record Sample<T>(T value, boolean exact, @Nullable Integer leftOut, @Nullable String message) {

	/**
	 * Creates a sample of exact figures, none of which is left out.
	 * @param <T> the type of the value
	 * @param value the value
	 * @return the sample
	 */
	public static <T> Sample<T> exact(T value) {
		return new Sample<>(value, true, 0, null);
	}

	/**
	 * Creates a sample of estimates, none of which is left out.
	 * @param <T> the type of the value
	 * @param value the value
	 * @param message what to know about the estimates or {@code null}
	 * @return the sample
	 */
	public static <T> Sample<T> estimate(T value, @Nullable String message) {
		return new Sample<>(value, false, 0, message);
	}

	/**
	 * Returns the same sample of a list from which rows are left out.
	 * @param leftOut how many, {@code null} if that is not known
	 * @return a copy
	 */
	public Sample<T> leavingOut(@Nullable Integer leftOut) {
		return new Sample<>(this.value, this.exact, leftOut, this.message);
	}

}
