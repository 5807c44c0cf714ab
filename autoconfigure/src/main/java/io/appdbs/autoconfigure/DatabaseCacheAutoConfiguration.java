package io.appdbs.autoconfigure;

import io.appdbs.bean.cache.CacheTransactionPostProcessor;
import io.appdbs.cache.UnnamedCacheManager;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Auto-configuration for annotations of caches that name no {@link CacheManager}. Spring
 * would use that of a database if there is no other.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		afterName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBean({ CacheTransactionPostProcessor.class, CacheAspectSupport.class })
@ConditionalOnMissingBean(value = CacheManager.class, name = "cacheResolver")
public final class DatabaseCacheAutoConfiguration {

	@Bean
	@Primary
	UnnamedCacheManager appDbsUnnamedCacheManager(CacheTransactionPostProcessor caches) {
		return new UnnamedCacheManager(caches.getCacheManagers());
	}

}
