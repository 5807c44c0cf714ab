package io.appdbs.actuate.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.github.benmanes.caffeine.cache.Cache;
import io.appdbs.Database;
import io.appdbs.cache.DatabaseCacheManager;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;

import org.springframework.beans.factory.DisposableBean;

/**
 * {@link MeterBinder} for the caches of databases, which are created when they are used
 * first. Requires the library Caffeine.
 */
public final class CacheMeters implements MeterBinder, DisposableBean {

	private static final String PREFIX = "cache.";

	private final DatabaseLifecycle lifecycle;

	private final DatabaseMeterFilter filter;

	private final Set<MeterRegistry> registries = ConcurrentHashMap.newKeySet();

	/**
	 * Creates new {@link CacheMeters}.
	 * @param lifecycle the databases
	 * @param filter finds the meters of a database
	 */
	public CacheMeters(DatabaseLifecycle lifecycle, DatabaseMeterFilter filter) {
		this.lifecycle = lifecycle;
		this.filter = filter;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		for (Database database : this.lifecycle) {
			String name = database.getName();
			if (this.lifecycle.findCaches(name) instanceof DatabaseCacheManager caches) {
				caches.addListener((cacheName, cache) -> bind(registry, name, cacheName, cache));
			}
		}
	}

	/**
	 * Binds the meters of a cache with the tags of those that Spring Boot binds.
	 */
	private static void bind(MeterRegistry registry, String database, String name, Cache<Object, Object> cache) {
		Tags tags = Tags.of(DatabaseMeterFilter.TAG, database, "cache.manager", database, "name", name);
		new CaffeineCacheMetrics<>(cache, name, tags).bindTo(registry);
	}

	/**
	 * Removes the meters from registries, which may outlive the databases.
	 */
	@Override
	public void destroy() {
		List<String> databases = new ArrayList<>(this.lifecycle.getNames());
		this.registries.forEach((registry) -> this.filter.remove(registry, PREFIX, databases));
	}

}
