package io.appdbs.autoconfigure;

import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpointWebExtension;
import io.appdbs.actuate.page.DatabasesPageWebExtension;
import io.appdbs.encryption.EncryptionUsages;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
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

	private static final EndpointId ID = EndpointId.of("databases");

	@Bean
	@ConditionalOnMissingBean
	DatabasesEndpoint databasesEndpoint(DatabaseLifecycle lifecycle, ObjectProvider<EncryptionUsages> encryption,
			ApplicationEventPublisher events, ObjectProvider<SanitizingFunction> sanitizingFunctions,
			DatabasesEndpointProperties properties) {
		return new DatabasesEndpoint(lifecycle, encryption.getIfAvailable(() -> (database) -> null), events,
				sanitizingFunctions.orderedStream().toList(), properties.showValues());
	}

	@Bean
	@ConditionalOnMissingBean(DatabasesEndpointWebExtension.class)
	@ConditionalOnBean(DatabasesEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	@ConditionalOnBooleanProperty(name = "management.endpoint.databases.page.enabled", matchIfMissing = true)
	DatabasesPageWebExtension databasesPageWebExtension(DatabasesEndpoint endpoint,
			DatabasesEndpointProperties properties, ObjectProvider<PathMappedEndpoints> endpoints,
			ObjectProvider<EndpointAccessResolver> access) {
		// asked per request, as they are created from the endpoints
		return new DatabasesPageWebExtension(endpoint, properties.showValues(), properties.roles(),
				() -> String.valueOf(endpoints.getObject().getPath(ID)),
				() -> access.getObject().accessFor(ID, Access.READ_ONLY) == Access.UNRESTRICTED);
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
