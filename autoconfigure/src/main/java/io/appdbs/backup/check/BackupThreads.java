package io.appdbs.backup.check;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that check the backups of all databases of an application. They exist while
 * backups of a database are observed. A check takes about as long as its source, so few
 * threads do; each call that may never return has a thread of its own meanwhile.
 */
public final class BackupThreads {

	private static final int MAX_CHECKS = 2;

	private @Nullable Threads threads;

	private int users;

	/**
	 * Returns the threads, for someone who calls {@link #release()} once.
	 */
	synchronized Threads acquire() {
		Threads threads = this.threads;
		if (threads == null) {
			ScheduledThreadPoolExecutor checks = new ScheduledThreadPoolExecutor(MAX_CHECKS, create("appdbs-backup-"));
			checks.setRemoveOnCancelPolicy(true);
			threads = new Threads(checks, Executors.newCachedThreadPool(create("appdbs-backup-call-")));
			this.threads = threads;
		}
		this.users++;
		return threads;
	}

	synchronized void release() {
		this.users--;
		if (this.users == 0 && this.threads != null) {
			this.threads.checks().shutdownNow();
			this.threads.calls().shutdownNow();
			this.threads = null;
		}
	}

	private static CustomizableThreadFactory create(String prefix) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(prefix);
		factory.setDaemon(true);
		return factory;
	}

	/**
	 * The threads.
	 *
	 * @param checks runs checks that are due
	 * @param calls runs calls that may never return, without limit
	 */
	record Threads(ScheduledThreadPoolExecutor checks, ExecutorService calls) {

	}

}
