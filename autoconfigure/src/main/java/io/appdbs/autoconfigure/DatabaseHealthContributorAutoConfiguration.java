package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.Databases;
import io.appdbs.actuate.DatabaseReadinessPostProcessor;
import io.appdbs.actuate.DatabasesHealthContributor;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the health of the databases: {@code dbs}, with an indicator per
 * database. Boot's {@code db} and {@code mongo} keep the other databases.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class, beforeName = {
		"org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration",
		"org.springframework.boot.mongodb.autoconfigure.health.MongoHealthContributorAutoConfiguration",
		"org.springframework.boot.mongodb.autoconfigure.health.MongoReactiveHealthContributorAutoConfiguration" })
@ConditionalOnClass(HealthContributor.class)
@ConditionalOnBean(Databases.class)
@Import(UnmanagedHealthContributorsRegistrar.class)
public final class DatabaseHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnEnabledHealthIndicator("dbs")
	@ConditionalOnMissingBean(name = { "dbsHealthIndicator", "dbsHealthContributor" })
	DatabasesHealthContributor dbsHealthContributor(DatabaseLifecycle lifecycle) {
		return new DatabasesHealthContributor(lifecycle);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ConditionalOnAvailableEndpoint.class, HealthEndpoint.class })
	@ConditionalOnAvailableEndpoint(HealthEndpoint.class)
	@ConditionalOnEnabledHealthIndicator("dbs")
	@EnableConfigurationProperties(HealthEndpointProperties.class)
	static class EndpointConfiguration {

		private static final List<String> ORDER = List.of("DOWN", "OUT_OF_SERVICE", "UP", "DEGRADED", "UNKNOWN");

		/**
		 * Boot's order does not contain {@code DEGRADED}, and would result in
		 * {@code UNKNOWN} if there is no other status.
		 */
		@Bean
		@ConditionalOnMissingBean
		StatusAggregator databaseStatusAggregator(HealthEndpointProperties properties) {
			List<String> order = properties.getStatus().getOrder();
			return StatusAggregator.of(order.isEmpty() ? ORDER : order);
		}

		/**
		 * Members of a group must exist, so an application that replaces the contributor
		 * has to configure the group too.
		 */
		@Bean
		@ConditionalOnBooleanProperty(name = "management.endpoint.health.probes.enabled", matchIfMissing = true)
		@ConditionalOnMissingBean(name = { "dbsHealthIndicator", "dbsHealthContributor" })
		static DatabaseReadinessPostProcessor databaseReadinessPostProcessor(
				ObjectProvider<DatabaseLifecycle> lifecycle) {
			return new DatabaseReadinessPostProcessor(lifecycle);
		}

	}

}
