package io.appdbs.actuate.page;

import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseReplica;
import io.appdbs.PoolUsage;
import io.appdbs.actuate.DatabaseDiagnosis;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.OutageDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What the pages know of a database: what the JSON contains, and what is known besides.
 *
 * @param descriptor the descriptor, sanitized for the user
 * @param diagnosis the rest, sanitized for the user
 */
record DatabaseView(DatabaseDescriptor descriptor, DatabaseDiagnosis diagnosis) {

	String name() {
		return this.descriptor.name();
	}

	DatabaseCondition condition() {
		return DatabaseCondition.of(this.descriptor);
	}

	@Nullable String primary() {
		DatabaseReplica replica = this.descriptor.replica();
		return (replica != null) ? replica.of() : null;
	}

	/**
	 * Returns what an operator knows the database by: replica, optional, restricted.
	 */
	List<String> traits() {
		if (primary() != null) {
			return List.of("replica of " + primary());
		}
		return this.descriptor.required() ? List.of() : List.of("optional");
	}

	boolean hasProblem() {
		return this.condition() != DatabaseCondition.UP;
	}

	/**
	 * Writes the state and, if it is suspended besides, that.
	 */
	void writeCondition(HtmlWriter html) {
		condition().write(html);
		if (this.descriptor.suspended() && condition() != DatabaseCondition.SUSPENDED) {
			html.text(" ");
			DatabaseCondition.SUSPENDED.write(html);
		}
	}

	/**
	 * Writes what is wrong, what to do, and what happens next.
	 */
	void writeProblem(HtmlWriter html, PageFormat format) {
		String reason = findReason();
		if (reason != null) {
			html.element("p", StringUtils.capitalize(reason), "class", "reason");
		}
		String action = findAction();
		if (action != null) {
			html.open("p", "class", "action").element("b", "To do: ").text(action).close("p");
		}
		OutageDescriptor outage = this.descriptor.outage();
		if (condition().isDown() && outage != null) {
			html.open("p", "class", "next").element("b", "Next: ");
			if (outage.nextAttempt() != null) {
				html.text("AppDBs tries again ");
				format.writeUntil(html, outage.nextAttempt());
			}
			else {
				html.text("there is no further attempt. Restart the application when the cause is fixed.");
			}
			html.close("p");
		}
	}

	private @Nullable String findReason() {
		OutageDescriptor outage = this.descriptor.outage();
		return switch (condition()) {
			case UP -> null;
			case SUSPENDED -> "An operator has suspended it: callers get no connections until it is resumed.";
			case NODES_UNREACHABLE -> describeUnreachable();
			case NOT_REPLICATING -> (this.descriptor.replica() != null) ? this.descriptor.replica().problem() : null;
			case EXHAUSTED -> (this.descriptor.pool() != null) ? describe(this.descriptor.pool()) : null;
			default -> (outage != null) ? outage.reason() : null;
		};
	}

	private @Nullable String describeUnreachable() {
		DatabaseCluster cluster = this.descriptor.server().cluster();
		return (cluster != null) ? "The server cannot reach %s. Statements that need such a node fail, others work."
			.formatted(cluster.findUnreachable().stream().map(Node::address).collect(Collectors.joining(", "))) : null;
	}

	private static String describe(PoolUsage pool) {
		String inUse = (pool.limit() != null)
				? "%d connections are in use, as many as 'pool.adaptive' allows now".formatted(pool.active())
				: "All %d connections are in use".formatted(pool.maximum());
		return "%s, and %s.".formatted(inUse, describeWaiting(pool.waiting()));
	}

	static String describeWaiting(int threads) {
		return (threads == 1) ? "1 thread waits" : threads + " threads wait";
	}

	private @Nullable String findAction() {
		return switch (condition()) {
			case SUSPENDED -> "Resume it when the maintenance is over.";
			case NODES_UNREACHABLE ->
				"Start the nodes, or repair the network between them and the server. They are checked every 5 seconds.";
			case EXHAUSTED ->
				"Look for long transactions and for connections that are not returned; raise 'pool.max-size' if the server has connections left.";
			default -> this.diagnosis.action();
		};
	}

}
