package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

/**
 * Cache of an application for results that come from a database.
 *
 * @param spec Specification of the caches, in the format of Caffeine, such as
 * 'maximumSize=10000,expireAfterWrite=5m'. The CacheManager bean exists only if it is
 * set.
 */
public record CacheSettings(@Nullable String spec) {

	public CacheSettings {
		spec = (spec != null && !spec.isBlank()) ? spec.trim() : null;
	}

}
