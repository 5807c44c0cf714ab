package io.appdbs.lifecycle.thread;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * {@link CustomizableThreadFactory} for threads that do not keep the JVM running.
 */
public final class DaemonThreadFactory extends CustomizableThreadFactory {

	/**
	 * Creates a new {@link DaemonThreadFactory}.
	 * @param prefix the beginning of the names of the threads
	 */
	public DaemonThreadFactory(String prefix) {
		super(prefix);
		setDaemon(true);
	}

}
