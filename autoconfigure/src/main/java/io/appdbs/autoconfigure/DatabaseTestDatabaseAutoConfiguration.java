package io.appdbs.autoconfigure;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of what {@code @AutoConfigureTestDatabase}, and so each slice that
 * has it, leaves of the databases.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class)
@Conditional(OnDatabasesCondition.class)
public final class DatabaseTestDatabaseAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static KeptDataSources appDbsKeptDataSources(Environment environment) {
		return new KeptDataSources(environment);
	}

}
