package io.appdbs.engine.inspection;

import io.appdbs.inspection.ReportStatus;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a topic cannot be inspected for a reason that is known.
 */
public class InspectionException extends RuntimeException {

	private final ReportStatus status;

	private final @Nullable String fix;

	private final transient @Nullable Object partialValue;

	/**
	 * Creates a new {@link InspectionException}.
	 * @param status why, not {@link ReportStatus#OK}
	 * @param message the reason in sentences, without secrets
	 * @param fix what makes the next inspection succeed, such as a statement that grants
	 * a right, or {@code null}
	 */
	public InspectionException(ReportStatus status, String message, @Nullable String fix) {
		this(status, message, fix, null);
	}

	private InspectionException(ReportStatus status, String message, @Nullable String fix,
			@Nullable Object partialValue) {
		super(message);
		this.status = status;
		this.fix = fix;
		this.partialValue = partialValue;
	}

	/**
	 * Creates an exception for what the engine does not report.
	 * @param message the reason in sentences
	 * @return the exception
	 */
	public static InspectionException unsupported(String message) {
		return new InspectionException(ReportStatus.UNSUPPORTED, message, null);
	}

	/**
	 * Creates an exception for what the login may not read.
	 * @param message what it may not read, in sentences
	 * @param fix the statement that grants the right
	 * @return the exception
	 */
	public static InspectionException insufficientRights(String message, @Nullable String fix) {
		return new InspectionException(ReportStatus.INSUFFICIENT_RIGHTS, message, fix);
	}

	/**
	 * Returns the same exception with the part of the value that could be read.
	 * @param value the value, of the type of the topic
	 * @return a copy
	 */
	public InspectionException withPartialValue(Object value) {
		return new InspectionException(this.status, String.valueOf(getMessage()), this.fix, value);
	}

	/**
	 * Returns why the topic cannot be inspected.
	 * @return the status
	 */
	public ReportStatus getStatus() {
		return this.status;
	}

	/**
	 * Returns what makes the next inspection succeed.
	 * @return the statement or sentence, or {@code null}
	 */
	public @Nullable String getFix() {
		return this.fix;
	}

	/**
	 * Returns the part of the value that could be read.
	 * @return the value, of the type of the topic, or {@code null}
	 */
	public @Nullable Object getPartialValue() {
		return this.partialValue;
	}

}
