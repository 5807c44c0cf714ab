package io.appdbs.autoconfigure;

import io.appdbs.bean.MigrationBeanDefinitions;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.liquibase.actuate.endpoint.LiquibaseEndpoint;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of Boot's Liquibase endpoint for applications in which every
 * Liquibase requires a qualifier. Boot's condition ignores such beans, although its
 * endpoint lists them.
 */
@AutoConfiguration(afterName = "org.springframework.boot.liquibase.autoconfigure.LiquibaseEndpointAutoConfiguration")
@ConditionalOnClass({ SpringLiquibase.class, LiquibaseEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(LiquibaseEndpoint.class)
@ConditionalOnBean(name = MigrationBeanDefinitions.CHANGELOGS)
public final class DatabaseLiquibaseEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiquibaseEndpoint liquibaseEndpoint(ApplicationContext context) {
		return new LiquibaseEndpoint(context);
	}

}
