package io.appdbs.lifecycle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.PreparationReport;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A server that has answered.
 *
 * @param engine the engine of the server
 * @param version the product and version, for example {@code PostgreSQL 18.1}, or
 * {@code null} if a bean of the application connects to the server
 * @param preparations the steps between connecting and use, in order
 */
public record ConnectedServer(Engine engine, @Nullable String version, List<PreparationReport> preparations) {

	public ConnectedServer {
		preparations = List.copyOf(preparations);
	}

	/**
	 * Returns the version and the location of the server for the log.
	 */
	String describe(@Nullable DatabaseConnectionDetails details) {
		return (this.version != null && details != null) ? "%s at %s".formatted(this.version, details.displayUrl())
				: "a bean of the application";
	}

	/**
	 * Returns the server with newer reports in place of those of the same name, and after
	 * the others if there was none.
	 */
	ConnectedServer with(List<PreparationReport> newer) {
		Map<String, PreparationReport> byName = new LinkedHashMap<>();
		Stream.concat(this.preparations.stream(), newer.stream())
			.forEach((report) -> byName.put(report.name(), report));
		return new ConnectedServer(this.engine, this.version, List.copyOf(byName.values()));
	}

}
