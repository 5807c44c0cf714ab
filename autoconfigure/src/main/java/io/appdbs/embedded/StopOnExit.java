package io.appdbs.embedded;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Stops servers when the JVM ends before the application has been closed, but only after
 * Spring's own shutdown hooks have closed the contexts that still use them.
 */
final class StopOnExit {

	private static final Set<String> CONTEXT_HOOKS = Set.of("SpringApplicationShutdownHook",
			"SpringContextShutdownHook");

	// the JVM starts all hooks at once, in no order; this is long enough for the last one
	private static final Duration HOOKS_STARTED = Duration.ofMillis(100);

	private final Runnable action;

	private @Nullable Thread hook;

	StopOnExit(Runnable action) {
		this.action = action;
	}

	synchronized void register() {
		if (this.hook == null) {
			Thread hook = new Thread(this::run, "appdbs-embedded-shutdown");
			Runtime.getRuntime().addShutdownHook(hook);
			this.hook = hook;
		}
	}

	synchronized void unregister() {
		Thread hook = this.hook;
		this.hook = null;
		if (hook != null) {
			try {
				Runtime.getRuntime().removeShutdownHook(hook);
			}
			catch (IllegalStateException ex) {
				// the JVM is shutting down, and the hook has nothing left to stop
			}
		}
	}

	void run() {
		try {
			Thread.sleep(HOOKS_STARTED.toMillis());
			for (Thread thread : Thread.getAllStackTraces().keySet()) {
				if (CONTEXT_HOOKS.contains(thread.getName())) {
					thread.join();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.action.run();
	}

}
