package io.appdbs.inspection;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Result of inspecting one topic of a database.
 *
 * @param <T> the type of the value
 * @param status whether the inspection could be made
 * @param takenAt when it was made
 * @param took how long it took
 * @param exact whether the figures are exact, and not estimates of the server
 * @param value what was read; {@code null} unless the status is {@code OK}, or a part
 * could be read in spite of the status
 * @param leftOut how many rows the limit has left out, {@code null} if that is not known
 * @param message why the status is not {@code OK}, or what to know about the value;
 * {@code null} if there is nothing to say
 * @param fix what makes the next inspection succeed, such as a statement that grants a
 * right; {@code null} if there is nothing to do
 */
public record Report<T>(ReportStatus status, Instant takenAt, Duration took, boolean exact, @Nullable T value,
		@Nullable Integer leftOut, @Nullable String message, @Nullable String fix) {

	/**
	 * Returns whether the report is complete.
	 * @return whether the status is {@link ReportStatus#OK}
	 */
	public boolean isOk() {
		return this.status == ReportStatus.OK;
	}

	/**
	 * Returns the value.
	 * @return the value
	 * @throws IllegalStateException if nothing could be read; the message has the status
	 * and the reason
	 */
	public T getRequiredValue() {
		if (this.value == null) {
			throw new IllegalStateException("There is no report: %s, %s".formatted(this.status, this.message));
		}
		return this.value;
	}

	/**
	 * Returns the same report with another value.
	 * @param change applied to the value, if there is one
	 * @return a copy
	 */
	public Report<T> map(UnaryOperator<T> change) {
		T value = (this.value != null) ? change.apply(this.value) : null;
		return new Report<>(this.status, this.takenAt, this.took, this.exact, value, this.leftOut, this.message,
				this.fix);
	}

}
