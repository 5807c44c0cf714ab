package io.appdbs.autoconfigure;

import io.appdbs.Databases;
import io.appdbs.web.DatabaseHandlerExceptionResolver;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Auto-configuration of the response of Spring MVC to a request that could not get a
 * connection to a database.
 */
@AutoConfiguration(after = DatabasesAutoConfiguration.class,
		afterName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(value = Databases.class, name = DispatcherServlet.HANDLER_EXCEPTION_RESOLVER_BEAN_NAME)
public final class DatabaseWebMvcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DatabaseHandlerExceptionResolver databaseHandlerExceptionResolver(
			@Qualifier(DispatcherServlet.HANDLER_EXCEPTION_RESOLVER_BEAN_NAME) HandlerExceptionResolver resolver) {
		return new DatabaseHandlerExceptionResolver(resolver);
	}

}
