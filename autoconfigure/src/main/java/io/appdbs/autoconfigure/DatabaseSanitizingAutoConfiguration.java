package io.appdbs.autoconfigure;

import io.appdbs.actuate.DatabaseSanitizingFunction;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that hides the secrets of databases in endpoints. Databases that are
 * excluded have secrets as well.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class DatabaseSanitizingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DatabaseSanitizingFunction databaseSanitizingFunction() {
		return new DatabaseSanitizingFunction();
	}

}
