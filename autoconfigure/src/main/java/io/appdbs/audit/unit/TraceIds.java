package io.appdbs.audit.unit;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.util.ClassUtils;

/**
 * Finds the identifier of the current trace, which Micrometer Tracing puts into the
 * context of the log.
 */
public final class TraceIds {

	private static final boolean slf4jPresent = ClassUtils.isPresent("org.slf4j.MDC", TraceIds.class.getClassLoader());

	private TraceIds() {
	}

	/**
	 * Returns the identifier of the trace of this thread.
	 * @return the identifier or {@code null} if there is none
	 */
	public static @Nullable String getCurrent() {
		return slf4jPresent ? Slf4j.getCurrent() : null;
	}

	private static final class Slf4j {

		static @Nullable String getCurrent() {
			return MDC.get("traceId");
		}

	}

}
