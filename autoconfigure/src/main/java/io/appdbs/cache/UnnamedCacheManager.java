package io.appdbs.cache;

import java.util.Collection;
import java.util.List;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * {@link CacheManager} for annotations that do not name one, if there is no default one.
 * Without it, Spring would use the caches of a database for them.
 */
public final class UnnamedCacheManager implements CacheManager {

	private final List<String> known;

	/**
	 * Creates a new {@link UnnamedCacheManager}.
	 * @param known the names of the beans that annotations can name
	 */
	public UnnamedCacheManager(List<String> known) {
		this.known = List.copyOf(known);
	}

	/**
	 * Rejects any name.
	 * @param name the name of the cache
	 * @return nothing
	 * @throws IllegalStateException always
	 */
	@Override
	public Cache getCache(String name) {
		throw new IllegalStateException(
				"The cache '%s' is requested without a CacheManager, and there is no default one. Known: %s. Name one, for example in @Cacheable(cacheNames = \"%s\", cacheManager = \"%s\"), or define a default one, for example with the dependency 'org.springframework.boot:spring-boot-starter-cache'."
					.formatted(name, String.join(", ", this.known), name, this.known.get(0)));
	}

	@Override
	public Collection<String> getCacheNames() {
		return List.of();
	}

}
