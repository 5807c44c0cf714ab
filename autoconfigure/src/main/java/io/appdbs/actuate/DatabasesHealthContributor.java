package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link CompositeHealthContributor} with all databases by name.
 */
public final class DatabasesHealthContributor implements CompositeHealthContributor {

	/**
	 * Status of an optional database that cannot be used, of a replica that does not
	 * replicate, of a database whose server cannot reach a node, and of one with findings
	 * about its backups. It does not change the health of the application, and Boot
	 * responds with 200.
	 */
	public static final Status DEGRADED = new Status("DEGRADED");

	/** Not the name of a database, as it has a capital letter. */
	private static final String RUNTIME = "runtimeDatabases";

	private final CompositeHealthContributor contributors;

	private final RuntimeHealthIndicator runtime;

	/**
	 * Creates a new {@link DatabasesHealthContributor}.
	 * @param lifecycle the databases
	 */
	public DatabasesHealthContributor(DatabaseLifecycle lifecycle) {
		Map<String, Database> byName = new LinkedHashMap<>();
		lifecycle.getConfigured().forEach((database) -> byName.put(database.getName(), database));
		this.contributors = CompositeHealthContributor.fromMap(byName, DatabaseHealthIndicator::new);
		this.runtime = new RuntimeHealthIndicator(lifecycle);
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return (name.equals(RUNTIME) && this.runtime.isPresent()) ? this.runtime
				: this.contributors.getContributor(name);
	}

	@Override
	public Stream<Entry> stream() {
		return this.runtime.isPresent()
				? Stream.concat(this.contributors.stream(), Stream.of(new Entry(RUNTIME, this.runtime)))
				: this.contributors.stream();
	}

}
