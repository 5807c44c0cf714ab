package io.appdbs.autoconfigure;

import io.appdbs.bean.MigrationBeanDefinitions;
import org.flywaydb.core.Flyway;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.flyway.actuate.endpoint.FlywayEndpoint;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of Boot's Flyway endpoint for applications in which every Flyway
 * requires a qualifier. Boot's condition ignores such beans, although its endpoint lists
 * them.
 */
@AutoConfiguration(afterName = "org.springframework.boot.flyway.autoconfigure.FlywayEndpointAutoConfiguration")
@ConditionalOnClass({ Flyway.class, FlywayEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(FlywayEndpoint.class)
@ConditionalOnBean(name = MigrationBeanDefinitions.MIGRATIONS)
public final class DatabaseFlywayEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	FlywayEndpoint flywayEndpoint(ApplicationContext context) {
		return new FlywayEndpoint(context);
	}

}
