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
 * The health of all databases, each under its name.
 */
public final class DatabasesHealthContributor implements CompositeHealthContributor {

	/**
	 * The status of a database that cannot be used and is not required. Boot leaves the
	 * health of the application as it is, and answers with 200.
	 */
	public static final Status DEGRADED = new Status("DEGRADED");

	private final CompositeHealthContributor contributors;

	/**
	 * Create a new {@link DatabasesHealthContributor}.
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
