package io.appdbs.ssl;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.appdbs.engine.JitteredBackOff;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Takes reloaded bundles on a separate thread, because they are offered on the thread
 * that watches all files. Of several that are waiting, only the latest is taken. One that
 * the server does not accept, or whose server does not answer, is tried again later.
 */
final class SslRenewal implements AutoCloseable {

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

	private final AtomicReference<@Nullable SslBundle> pending = new AtomicReference<>();

	private final ScheduledExecutorService executor;

	private final Task task;

	private final Consumer<Exception> failures;

	/** Only used by the thread of the executor. */
	private BackOffExecution backOff = start();

	/**
	 * Creates a new {@link SslRenewal}.
	 * @param name the name of the database
	 * @param task takes a bundle
	 * @param failures is called if a bundle cannot be taken
	 */
	SslRenewal(String name, Task task, Consumer<Exception> failures) {
		this.task = task;
		this.failures = failures;
		this.executor = Executors.newSingleThreadScheduledExecutor((runnable) -> {
			Thread thread = new Thread(runnable, "appdbs-ssl-" + name);
			thread.setDaemon(true);
			return thread;
		});
	}

	private static BackOffExecution start() {
		return new JitteredBackOff(FIRST_DELAY, LONGEST_DELAY).start();
	}

	/**
	 * Takes a bundle soon, without waiting for it.
	 */
	void offer(SslBundle bundle) {
		this.pending.set(bundle);
		schedule(() -> {
			this.backOff = start();
			run();
		}, 0);
	}

	private void run() {
		SslBundle bundle = this.pending.get();
		if (bundle == null) {
			return;
		}
		try {
			this.task.take(bundle);
			this.pending.compareAndSet(bundle, null);
		}
		catch (InterruptedException ex) {
			// closed meanwhile
			Thread.currentThread().interrupt();
		}
		catch (UnusableBundleException ex) {
			this.pending.compareAndSet(bundle, null);
			this.failures.accept(ex);
		}
		catch (Exception ex) {
			this.failures.accept(ex);
			schedule(() -> retry(bundle), this.backOff.nextBackOff());
		}
	}

	private void retry(SslBundle bundle) {
		if (this.pending.get() == bundle) {
			run();
		}
	}

	private void schedule(Runnable runnable, long delay) {
		try {
			this.executor.schedule(runnable, delay, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// closed meanwhile
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * Takes a bundle.
	 */
	@FunctionalInterface
	interface Task {

		void take(SslBundle bundle) throws Exception;

	}

}
