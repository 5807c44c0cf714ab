package io.appdbs.actuate.page;

import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;

/**
 * How urgent the state of a database is, the worst first.
 */
enum DatabaseCondition {

	DOWN("DOWN", "down", Shape.TRIANGLE),

	/** Not required by the application. */
	OPTIONAL_DOWN("DOWN", "down", Shape.TRIANGLE),

	STARTING("STARTING", "starting", Shape.RING),

	SUSPENDED("SUSPENDED", "suspended", Shape.BARS),

	/** Up, but serves no reads. */
	NOT_REPLICATING("NOT REPLICATING", "not replicating", Shape.DIAMOND),

	/** Up, but statements fail that need a node of the cluster that is gone. */
	NODES_UNREACHABLE("NODES UNREACHABLE", "without some of their nodes", Shape.DIAMOND),

	/** Up, but threads wait because all connections are in use. */
	EXHAUSTED("POOL EXHAUSTED", "with an exhausted pool", Shape.DIAMOND),

	UP("UP", "up", Shape.DISC),

	CLOSED("CLOSED", "closed", Shape.SQUARE);

	private final String label;

	private final String phrase;

	private final Shape shape;

	DatabaseCondition(String label, String phrase, Shape shape) {
		this.label = label;
		this.phrase = phrase;
		this.shape = shape;
	}

	static DatabaseCondition of(DatabaseDescriptor database) {
		if (database.state() == DatabaseState.DOWN) {
			return database.required() ? DOWN : OPTIONAL_DOWN;
		}
		if (database.state() == DatabaseState.STARTING) {
			return STARTING;
		}
		if (database.state() == DatabaseState.CLOSED) {
			return CLOSED;
		}
		return ofUp(database);
	}

	private static DatabaseCondition ofUp(DatabaseDescriptor database) {
		if (database.suspended()) {
			return SUSPENDED;
		}
		DatabaseReplica replica = database.replica();
		if (replica != null && replica.problem() != null) {
			return NOT_REPLICATING;
		}
		DatabaseCluster cluster = database.server().cluster();
		if (cluster != null && !cluster.findUnreachable().isEmpty()) {
			return NODES_UNREACHABLE;
		}
		PoolUsage pool = database.pool();
		return (pool != null && pool.isExhausted()) ? EXHAUSTED : UP;
	}

	boolean isDown() {
		return this == DOWN || this == OPTIONAL_DOWN;
	}

	/**
	 * Returns the end of a sentence such as "2 databases are …".
	 */
	String getPhrase() {
		return this.phrase;
	}

	/**
	 * Returns the name of the class in the style sheet.
	 */
	String getStyle() {
		return switch (this) {
			case DOWN, OPTIONAL_DOWN -> "bad";
			case UP -> "good";
			case CLOSED -> "off";
			default -> "warn";
		};
	}

	/**
	 * Writes the condition as shape, color and word.
	 */
	void write(HtmlWriter html) {
		html.open("span", "class", "state " + getStyle());
		this.shape.write(html);
		html.text(this.label).close("span");
	}

	/**
	 * A shape, for readers who do not see the color.
	 */
	private enum Shape {

		DISC("M5 .5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9"),

		TRIANGLE("M5 .3L10 9.5H0z"),

		DIAMOND("M5 0l5 5l-5 5l-5-5z"),

		SQUARE("M1 1h8v8h-8z"),

		BARS("M1 .5h3v9h-3zM6 .5h3v9h-3z"),

		RING("M5 .5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M5 2.7a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 1 1 0-4.6");

		private final String path;

		Shape(String path) {
			this.path = path;
		}

		void write(HtmlWriter html) {
			html.open("svg", "class", "shape", "viewBox", "0 0 10 10", "aria-hidden", "true")
				.open("path", "d", this.path, "fill-rule", "evenodd")
				.close("path")
				.close("svg");
		}

	}

}
