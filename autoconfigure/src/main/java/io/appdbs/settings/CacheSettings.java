package io.appdbs.settings;

import org.jspecify.annotations.Nullable;

/**
 * Cache of an application for results that come from a database.
 *
 * @param spec Specification of the caches, in the format of Caffeine, such as
 * 'maximumSize=10000,expireAfterWrite=5m'. No caches by default.
 */
public record CacheSettings(@Nullable String spec) {

	public CacheSettings {
		spec = (spec != null && !spec.isBlank()) ? spec.trim() : null;
	}

}
