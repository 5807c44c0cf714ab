package io.appdbs.mongo;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients that others have replaced and that are still open, because operations may
 * use them. Each is closed once: some time after the replacement, or with the connector,
 * whichever comes first.
 */
final class FormerClients {

	private final Set<Runnable> retirements = ConcurrentHashMap.newKeySet();

	/**
	 * Adds clients.
	 * @param retirement closes them
	 * @return closes them unless they have been closed
	 */
	Runnable add(Runnable retirement) {
		this.retirements.add(retirement);
		return () -> retire(retirement);
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
