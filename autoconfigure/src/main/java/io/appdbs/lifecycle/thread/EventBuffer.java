package io.appdbs.lifecycle.thread;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.appdbs.Database;
import io.appdbs.DatabaseStateChangedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Publishes events in order, on a separate thread, so that a slow listener delays only
 * other events. Holds events back until the application's beans have been created:
 * publishing asks the bean factory for listeners, which must not happen on a thread that
 * the main thread may be waiting for while it creates a bean.
 */
public final class EventBuffer implements Consumer<ApplicationEvent> {

	private static final Log logger = LogFactory.getLog(EventBuffer.class);

	private final Consumer<ApplicationEvent> delegate;

	private final Queue<ApplicationEvent> held = new ArrayDeque<>();

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), new DaemonThreadFactory("appdbs-events-"));

	private boolean open;

	/**
	 * Creates a new {@link EventBuffer}.
	 * @param delegate publishes an event
	 */
	public EventBuffer(Consumer<ApplicationEvent> delegate) {
		this.delegate = delegate;
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void accept(ApplicationEvent event) {
		synchronized (this.held) {
			if (!this.open) {
				this.held.add(event);
			}
			else if (!this.executor.isShutdown()) {
				this.executor.execute(() -> publish(event));
			}
		}
	}

	/**
	 * Publishes the held events on the current thread, and later ones on the separate
	 * thread.
	 */
	public void open() {
		for (ApplicationEvent event = next(); event != null; event = next()) {
			publish(event);
		}
	}

	private @Nullable ApplicationEvent next() {
		synchronized (this.held) {
			ApplicationEvent next = this.held.poll();
			this.open = (next == null);
			return next;
		}
	}

	private void publish(ApplicationEvent event) {
		try {
			this.delegate.accept(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A listener failed for a %s of database '%s'".formatted(describe(event),
					((Database) event.getSource()).getName()), ex);
		}
	}

	private static String describe(ApplicationEvent event) {
		return (event instanceof DatabaseStateChangedEvent) ? "state change" : event.getClass().getSimpleName();
	}

	/**
	 * Publishes the remaining events and ignores later ones.
	 * @param timeout how long to wait for listeners
	 * @throws InterruptedException if the current thread is interrupted
	 */
	public void close(Duration timeout) throws InterruptedException {
		synchronized (this.held) {
			this.executor.shutdown();
		}
		if (!this.executor.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			logger.warn("A listener of an event of a database did not end within %d s and is abandoned"
				.formatted(timeout.toSeconds()));
			this.executor.shutdownNow();
		}
	}

}
