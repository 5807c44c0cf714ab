package io.appdbs.actuate.meter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * {@link MeterFilter} that adds the tag {@code db} to the meters of connection pools,
 * MongoDB clients and, if a database has some, caches from HikariCP, Boot and Micrometer.
 * For databases that are not under {@code app.dbs} its value is {@code none}: some
 * registries require that all meters of a name have the same tags. A second bean for the
 * pool of a database has no meters.
 */
public final class DatabaseMeterFilter implements MeterFilter {

	static final String TAG = "db";

	private static final Tag NONE = Tag.of(TAG, "none");

	private final List<String> prefixes = new ArrayList<>(List.of("hikaricp.", "jdbc.connections.", "mongodb.driver."));

	private final Map<Tag, Tag> databases = new ConcurrentHashMap<>();

	private final Set<Tag> denied = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a new {@link DatabaseMeterFilter}.
	 */
	public DatabaseMeterFilter() {
		this(false);
	}

	/**
	 * Creates a new {@link DatabaseMeterFilter}.
	 * @param caches whether a database has caches
	 */
	public DatabaseMeterFilter(boolean caches) {
		if (caches) {
			this.prefixes.add("cache.");
		}
	}

	@Override
	public Meter.Id map(Meter.Id id) {
		if (id.getTag(TAG) != null || this.prefixes.stream().noneMatch(id.getName()::startsWith)) {
			return id;
		}
		for (Tag tag : id.getTagsAsIterable()) {
			Tag database = this.databases.get(tag);
			if (database != null) {
				return id.withTag(database);
			}
		}
		return id.withTag(NONE);
	}

	@Override
	public MeterFilterReply accept(Meter.Id id) {
		boolean applies = !this.denied.isEmpty() && this.prefixes.stream().anyMatch(id.getName()::startsWith);
		return (applies && id.getTags().stream().anyMatch(this::isDenied)) ? MeterFilterReply.DENY
				: MeterFilterReply.NEUTRAL;
	}

	private boolean isDenied(Tag tag) {
		return this.denied.contains(tag) && !this.databases.containsKey(tag);
	}

	/**
	 * Denies the meters that have the given tag, unless it is assigned to a database.
	 */
	void deny(Tag tag) {
		this.denied.add(tag);
	}

	/**
	 * Assigns a database to the meters that have the given tag.
	 */
	void assign(Tag tag, String database) {
		this.databases.put(tag, Tag.of(TAG, database));
	}

	/**
	 * Forgets the database of the meters that have the given tag.
	 */
	void unassign(Tag tag) {
		this.databases.remove(tag);
	}

	/**
	 * Removes the meters of databases. A composite registry has not applied the filter
	 * itself.
	 */
	void remove(MeterRegistry registry, String prefix, Collection<String> databases) {
		registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith(prefix))
			.filter((meter) -> databases.contains(map(meter.getId()).getTag(TAG)))
			.forEach(registry::remove);
	}

}
