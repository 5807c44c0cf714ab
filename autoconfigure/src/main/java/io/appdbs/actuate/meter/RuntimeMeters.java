package io.appdbs.actuate.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.jdbc.budget.ConnectionUsage;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Sums over all databases that have been added at run time, as meters of thousands of
 * databases would be too many. Registered when the first one is added.
 */
final class RuntimeMeters {

	private static final List<DatabaseState> STATES = List.of(DatabaseState.STARTING, DatabaseState.UP,
			DatabaseState.DOWN);

	private final DatabaseLifecycle lifecycle;

	private final ConnectionBudget budget;

	/** The names of the databases that have meters. */
	private final Set<String> measured = ConcurrentHashMap.newKeySet();

	private final Map<MeterRegistry, List<Meter>> meters = new ConcurrentHashMap<>();

	RuntimeMeters(DatabaseLifecycle lifecycle, ConnectionBudget budget) {
		this.lifecycle = lifecycle;
		this.budget = budget;
	}

	/**
	 * Returns whether a database gets meters.
	 */
	synchronized boolean begin(Database database) {
		if (!this.measured.contains(database.getName())
				&& this.measured.size() >= this.lifecycle.getRuntimeSettings().maxMeters()) {
			return false;
		}
		this.measured.add(database.getName());
		return true;
	}

	synchronized void end(Database database) {
		this.measured.remove(database.getName());
	}

	/**
	 * Returns whether a database that was added at run time has meters.
	 */
	boolean has(Database database) {
		return this.measured.contains(database.getName());
	}

	void bindTo(MeterRegistry registry) {
		this.meters.computeIfAbsent(registry, this::create);
	}

	private List<Meter> create(MeterRegistry registry) {
		List<Meter> meters = new ArrayList<>();
		for (DatabaseState state : STATES) {
			meters.add(Gauge.builder("appdbs.runtime.databases", this.lifecycle, (it) -> count(it, state))
				.description("Databases that have been added at run time")
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.register(registry));
		}
		meters.add(gauge("appdbs.runtime.connections", ConnectionUsage::open)
			.description("Connections of the databases that have been added at run time")
			.register(registry));
		meters.add(gauge("appdbs.runtime.connections.max", ConnectionUsage::limit)
			.description("Maximum number of connections of the databases that have been added at run time")
			.register(registry));
		meters.add(gauge("appdbs.runtime.connections.waiting", ConnectionUsage::waiting)
			.description("Connections that wait because of the maximum")
			.register(registry));
		meters.add(counter("appdbs.runtime.connections.opened", ConnectionUsage::opened)
			.description("Connections that have been opened")
			.register(registry));
		meters.add(counter("appdbs.runtime.connections.returned", ConnectionUsage::returned)
			.description("Idle connections that have been closed because others waited")
			.register(registry));
		meters.add(counter("appdbs.runtime.connections.rejected", ConnectionUsage::rejected)
			.description("Connections that were not opened in time because of the maximum")
			.register(registry));
		return meters;
	}

	private static long count(DatabaseLifecycle lifecycle, DatabaseState state) {
		return lifecycle.getAdded().stream().filter((database) -> database.getState() == state).count();
	}

	private Gauge.Builder<ConnectionBudget> gauge(String name, ToDoubleFunction<ConnectionUsage> value) {
		return Gauge.builder(name, this.budget, (it) -> value.applyAsDouble(it.getUsage()));
	}

	private FunctionCounter.Builder<ConnectionBudget> counter(String name, ToDoubleFunction<ConnectionUsage> value) {
		return FunctionCounter.builder(name, this.budget, (it) -> value.applyAsDouble(it.getUsage()));
	}

	void remove() {
		this.meters.forEach((registry, meters) -> meters.forEach(registry::remove));
	}

}
