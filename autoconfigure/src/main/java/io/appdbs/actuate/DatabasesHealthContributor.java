package io.appdbs.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.Databases;
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

	private final CompositeHealthContributor contributors;

	/**
	 * Creates a new {@link DatabasesHealthContributor}.
	 * @param databases the databases
	 */
	public DatabasesHealthContributor(Databases databases) {
		Map<String, Database> byName = new LinkedHashMap<>();
		databases.forEach((database) -> byName.put(database.getName(), database));
		this.contributors = CompositeHealthContributor.fromMap(byName, DatabaseHealthIndicator::new);
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return this.contributors.getContributor(name);
	}

	@Override
	public Stream<Entry> stream() {
		return this.contributors.stream();
	}

}
