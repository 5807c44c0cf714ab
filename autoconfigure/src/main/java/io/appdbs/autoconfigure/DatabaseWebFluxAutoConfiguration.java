package io.appdbs.autoconfigure;

import io.appdbs.Databases;
import io.appdbs.web.DatabaseWebExceptionHandler;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * Auto-configuration of the response of Spring WebFlux to a request that could not get a
 * connection to a database. It runs before Boot's handler, which has the same order and
 * is registered later.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		beforeName = "org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnBean(Databases.class)
public final class DatabaseWebFluxAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DatabaseWebExceptionHandler databaseWebExceptionHandler(ServerCodecConfigurer codecs, Environment environment) {
		boolean problemDetails = environment.getProperty("spring.webflux.problemdetails.enabled", Boolean.class,
				Boolean.FALSE);
		return new DatabaseWebExceptionHandler(problemDetails ? codecs : null);
	}

}
