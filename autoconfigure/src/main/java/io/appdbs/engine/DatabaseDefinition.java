package io.appdbs.engine;

import java.util.function.Supplier;

/**
 * Everything that is known of a database before it is opened.
 *
 * @param name the name as written below {@code app.dbs}
 * @param settings the settings, defaults filled in
 * @param engine the engine that the URL or the settings name
 * @param target supplies where to connect to; for an embedded server this starts the
 * server, so call it once and on the database's own thread
 */
public record DatabaseDefinition(String name, DatabaseSettings settings, Engine engine,
		Supplier<ConnectionTarget> target) {

	/**
	 * Return the name and the engine.
	 */
	@Override
	public String toString() {
		return "DatabaseDefinition[name=" + this.name + ", engine=" + this.engine.getId() + "]";
	}

}
