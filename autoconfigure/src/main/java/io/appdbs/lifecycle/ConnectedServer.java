package io.appdbs.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.appdbs.PreparationReport;
import io.appdbs.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A server that has answered.
 *
 * @param engine the engine that the server turned out to be
 * @param version what it said it is, for example {@code PostgreSQL 18.1}, or {@code null}
 * if the application itself connects to it
 * @param preparations what was done before it can be used, in order
 */
public record ConnectedServer(Engine engine, @Nullable String version, List<PreparationReport> preparations) {

	public ConnectedServer {
		preparations = List.copyOf(preparations);
	}

	/**
	 * Return the server with newer reports in place of those of the same name.
	 */
	ConnectedServer with(List<PreparationReport> newer) {
		Map<String, PreparationReport> byName = newer.stream()
			.collect(Collectors.toMap(PreparationReport::name, Function.identity()));
		return new ConnectedServer(this.engine, this.version,
				this.preparations.stream().map((report) -> byName.getOrDefault(report.name(), report)).toList());
	}

}
