package io.appdbs.autoconfigure;

import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpointWebExtension;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoint {@code databases}.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(DatabasesEndpoint.class)
@ConditionalOnBean(DatabaseLifecycle.class)
@EnableConfigurationProperties(DatabasesEndpointProperties.class)
public final class DatabasesEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DatabasesEndpoint databasesEndpoint(DatabaseLifecycle lifecycle, ApplicationEventPublisher events,
			ObjectProvider<SanitizingFunction> sanitizingFunctions, DatabasesEndpointProperties properties) {
		return new DatabasesEndpoint(lifecycle, events, sanitizingFunctions.orderedStream().toList(),
				properties.showValues());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(DatabasesEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	DatabasesEndpointWebExtension databasesEndpointWebExtension(DatabasesEndpoint endpoint,
			DatabasesEndpointProperties properties) {
		return new DatabasesEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
	}

}
