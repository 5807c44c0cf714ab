package io.appdbs.autoconfigure;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.mongodb.client.MongoClient;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.Databases;
import io.appdbs.actuate.meter.CacheMeters;
import io.appdbs.actuate.meter.DataSourceMeters;
import io.appdbs.actuate.meter.DatabaseMeterFilter;
import io.appdbs.actuate.meter.DatabaseMeters;
import io.appdbs.actuate.meter.MongoMeters;
import io.appdbs.audit.unit.AuditTrails;
import io.appdbs.bean.NamedDataSources;
import io.appdbs.bean.cache.CacheTransactionPostProcessor;
import io.appdbs.jdbc.DatabasePoolMetadataProvider;
import io.appdbs.jdbc.budget.ConnectionBudget;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.query.QueryLogs;
import io.appdbs.transaction.TransactionRetries;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.mongodb.DefaultMongoCommandTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.DefaultMongoConnectionPoolTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoCommandTagsProvider;
import io.micrometer.core.instrument.binder.mongodb.MongoConnectionPoolTagsProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Auto-configuration of the meters of all databases, each with the tag {@code db}.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ Databases.class, MeterRegistry.class })
public final class DatabaseMetricsAutoConfiguration {

	@Bean
	DatabaseMeterFilter databaseMeterFilter(ObjectProvider<CacheTransactionPostProcessor> caches) {
		return new DatabaseMeterFilter(caches.getIfAvailable() != null);
	}

	@Bean
	DatabaseMeters databaseMeters(DatabaseLifecycle lifecycle, QueryLogs queryLogs, AuditTrails auditTrails,
			ObjectProvider<TransactionRetries> retries, ConnectionBudget budget) {
		return new DatabaseMeters(lifecycle, queryLogs, auditTrails, retries.getIfAvailable(), budget);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HikariDataSource.class, JdbcTemplate.class })
	static class RelationalConfiguration {

		@Bean
		DataSourceMeters dataSourceMeters(DatabaseLifecycle lifecycle, DatabaseMeterFilter filter,
				ConfigurableListableBeanFactory beanFactory, ObjectProvider<NamedDataSources> dataSources) {
			NamedDataSources relational = dataSources.getIfAvailable();
			return new DataSourceMeters(lifecycle, filter, beanFactory,
					(dataSource) -> relational != null && relational.findDatabase(dataSource) != null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HikariDataSource.class, JdbcTemplate.class, DataSourcePoolMetadataProvider.class })
	static class PoolMetadataConfiguration {

		@Bean
		DatabasePoolMetadataProvider databasePoolMetadataProvider() {
			return new DatabasePoolMetadataProvider();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Caffeine.class)
	static class CacheConfiguration {

		@Bean
		CacheMeters databaseCacheMeters(DatabaseLifecycle lifecycle, DatabaseMeterFilter filter) {
			return new CacheMeters(lifecycle, filter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MongoClient.class)
	static class MongoConfiguration {

		/**
		 * The properties that disable Boot's meters also disable these, even if Boot's do
		 * not exist.
		 */
		@Bean
		MongoMeters mongoMeters(MeterRegistry registry, DatabaseMeterFilter filter, Environment environment,
				ObjectProvider<MongoCommandTagsProvider> commandTags,
				ObjectProvider<MongoConnectionPoolTagsProvider> poolTags) {
			return new MongoMeters(registry, filter,
					isEnabled(environment, "command") ? commandTags.getIfAvailable(DefaultMongoCommandTagsProvider::new)
							: null,
					isEnabled(environment, "connectionpool")
							? poolTags.getIfAvailable(DefaultMongoConnectionPoolTagsProvider::new) : null);
		}

		private static boolean isEnabled(Environment environment, String meters) {
			return environment.getProperty("management.metrics.mongodb.%s.enabled".formatted(meters), Boolean.class,
					true);
		}

	}

}
