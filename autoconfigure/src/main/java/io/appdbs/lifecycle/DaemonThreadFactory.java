package io.appdbs.lifecycle;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * {@link CustomizableThreadFactory} for threads that do not keep the JVM running.
 */
final class DaemonThreadFactory extends CustomizableThreadFactory {

	DaemonThreadFactory(String prefix) {
		super(prefix);
		setDaemon(true);
	}

}
