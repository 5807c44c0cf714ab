package io.appdbs.rls;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The context that code has said it runs for, by thread. It ends with the code, and no
 * other thread inherits it; Micrometer's context propagation takes it along where the
 * application asks for that.
 */
public final class RlsContextHolder {

	private static final Log logger = LogFactory.getLog(RlsContextHolder.class);

	private static final ThreadLocal<RlsContext> current = new ThreadLocal<>();

	private RlsContextHolder() {
	}

	/**
	 * Returns the context that was set for this thread.
	 * @return the context or {@code null} if there is none; an {@link RlsContextProvider}
	 * may still provide a user
	 */
	public static @Nullable RlsContext getContext() {
		return current.get();
	}

	/**
	 * Runs code for a user. Calls can be nested; the former context is restored.
	 * @param context the context
	 * @param task the code
	 */
	public static void runAs(RlsContext context, Runnable task) {
		supplyAs(context, () -> {
			task.run();
			return Boolean.TRUE;
		});
	}

	/**
	 * Runs code for a user. Calls can be nested; the former context is restored.
	 * @param <T> the type of the result
	 * @param context the context
	 * @param task the code
	 * @return what the code returned
	 */
	public static <T> T supplyAs(RlsContext context, Supplier<T> task) {
		RlsContext former = begin(context);
		try {
			return task.get();
		}
		finally {
			set(former);
		}
	}

	/**
	 * Calls code for a user. Calls can be nested; the former context is restored.
	 * @param <T> the type of the result
	 * @param context the context
	 * @param task the code
	 * @return what the code returned
	 * @throws Exception if the code threw it
	 */
	public static <T> T callAs(RlsContext context, Callable<T> task) throws Exception {
		RlsContext former = begin(context);
		try {
			return task.call();
		}
		finally {
			set(former);
		}
	}

	private static @Nullable RlsContext begin(RlsContext context) {
		RlsContext former = current.get();
		if (context.getSystemReason() != null) {
			logger.info("Row-level security: system context for '%s'".formatted(context.getSystemReason()));
		}
		current.set(context);
		return former;
	}

	static void set(@Nullable RlsContext context) {
		if (context != null) {
			current.set(context);
		}
		else {
			current.remove();
		}
	}

}
