package io.appdbs.mongo;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.appdbs.lifecycle.thread.DaemonThreadFactory;

/**
 * The clients that others have replaced and that are still open, because operations may
 * use them. Each is closed once: some time after the replacement, or with the connector,
 * whichever comes first.
 */
final class FormerClients {

	private final Set<Runnable> retirements = ConcurrentHashMap.newKeySet();

	private final ThreadFactory threads;

	/**
	 * Creates new {@link FormerClients}.
	 * @param database the name of the database
	 */
	FormerClients(String database) {
		this.threads = new DaemonThreadFactory("appdbs-close-" + database + "-");
	}

	/**
	 * Adds clients.
	 * @param retirement closes them
	 * @return closes them unless they have been closed
	 */
	Runnable add(Runnable retirement) {
		this.retirements.add(retirement);
		return () -> retire(retirement);
	}

	/**
	 * Closes clients later on a separate thread, because the driver may block, and the
	 * common pool of the JVM may have one thread.
	 * @param retirement closes them
	 * @param delay the time until they are closed
	 */
	void closeLater(Runnable retirement, Duration delay) {
		CompletableFuture
			.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, (task) -> this.threads.newThread(task).start())
			.execute(retirement);
	}

	private void retire(Runnable retirement) {
		if (this.retirements.remove(retirement)) {
			retirement.run();
		}
	}

	/**
	 * Closes all clients that are still open.
	 */
	void close() {
		this.retirements.forEach(this::retire);
	}

}
