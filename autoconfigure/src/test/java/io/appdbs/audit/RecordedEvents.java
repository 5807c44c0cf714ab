package io.appdbs.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * {@link AuditSink} that keeps events in memory, and fails on request.
 */
public final class RecordedEvents implements AuditSink {

	private final ConcurrentLinkedQueue<AuditEvent> events = new ConcurrentLinkedQueue<>();

	private volatile Predicate<AuditEvent> failing = (event) -> false;

	@Override
	public void record(AuditEvent event) {
		if (this.failing.test(event)) {
			throw new IllegalStateException("No space left");
		}
		this.events.add(event);
	}

	public void failFor(Predicate<AuditEvent> failing) {
		this.failing = failing;
	}

	/**
	 * Returns the events since the last call.
	 */
	public List<AuditEvent> take() {
		List<AuditEvent> taken = new ArrayList<>();
		for (AuditEvent event = this.events.poll(); event != null; event = this.events.poll()) {
			taken.add(event);
		}
		return taken;
	}

	/**
	 * Returns the events since the last call as lines, without what is different in each
	 * run.
	 */
	public List<String> takeLines() {
		return take().stream().map(RecordedEvents::describe).toList();
	}

	private static String describe(AuditEvent event) {
		StringBuilder line = new StringBuilder(event.outcome().toString());
		line.append((event.failure() != null) ? " " + event.failure() : "");
		line.append(" by ").append(describe(event.user()));
		for (AuditStatement statement : event.statements()) {
			line.append(" | ").append((statement.executions() != 1) ? statement.executions() + " x " : "");
			line.append(statement.text()).append(" -> ").append((statement.rows() != null) ? statement.rows() : "?");
			line.append((statement.failure() != null) ? " " + statement.failure() : "");
			line.append(statement.undone() ? " undone" : "");
			line.append(statement.user().equals(event.user()) ? "" : " by " + describe(statement.user()));
		}
		return line.append((event.omittedStatements() > 0) ? " + " + event.omittedStatements() : "").toString();
	}

	private static String describe(AuditUser user) {
		return ((user.name() != null) ? user.name() : "-") + ((user.reason() != null) ? "(" + user.reason() + ")" : "");
	}

}
