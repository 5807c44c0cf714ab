package io.appdbs.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.appdbs.DatabaseStateChangedEvent;

/**
 * Holds events back until the application's beans have been created. Delivering one asks
 * the bean factory for listeners, which must not happen on a thread that the main thread
 * may be waiting for while it creates a bean.
 */
final class EventBuffer implements Consumer<DatabaseStateChangedEvent> {

	private final Consumer<DatabaseStateChangedEvent> delegate;

	private final List<DatabaseStateChangedEvent> held = new ArrayList<>();

	private boolean open;

	EventBuffer(Consumer<DatabaseStateChangedEvent> delegate) {
		this.delegate = delegate;
	}

	@Override
	public void accept(DatabaseStateChangedEvent event) {
		synchronized (this.held) {
			if (!this.open) {
				this.held.add(event);
				return;
			}
		}
		this.delegate.accept(event);
	}

	void open() {
		List<DatabaseStateChangedEvent> early;
		synchronized (this.held) {
			this.open = true;
			early = List.copyOf(this.held);
			this.held.clear();
		}
		early.forEach(this.delegate);
	}

}
