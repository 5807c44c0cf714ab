package io.appdbs.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;

import io.appdbs.web.DatabaseHandlerExceptionResolver;
import io.appdbs.web.UnavailableResponseContractTests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for responses of Spring MVC, on Tomcat.
 */
class DatabaseWebMvcAutoConfigurationTests extends UnavailableResponseContractTests {

	DatabaseWebMvcAutoConfigurationTests() {
		super(WebApplicationType.SERVLET, "spring.mvc", OwnResolver.class);
	}

	@Test
	void whenTheApplicationHasAFormatForErrorsThenTheResponseUsesIt() {
		try (ConfigurableApplicationContext context = run(OwnFormat.class)) {
			HttpResponse<String> response = get(context, "/template");
			assertUnavailable(response);
			assertThat(response.body()).isEqualTo("status 503");
		}
	}

	@Test
	void withoutDatabasesThereIsNoResolver() {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
							DatabasesAutoConfiguration.class, DatabaseWebMvcAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(DatabaseHandlerExceptionResolver.class));
	}

	/**
	 * Has the lowest precedence, as it is not ordered.
	 */
	static class OwnResolver implements HandlerExceptionResolver {

		@Override
		public ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response, Object handler,
				Exception ex) {
			try {
				response.sendError(418);
				return new ModelAndView();
			}
			catch (IOException failure) {
				throw new UncheckedIOException(failure);
			}
		}

	}

	@RestControllerAdvice
	static class OwnFormat extends ResponseEntityExceptionHandler {

		@Override
		protected ResponseEntity<Object> handleExceptionInternal(Exception ex, Object body, HttpHeaders headers,
				HttpStatusCode status, WebRequest request) {
			return ResponseEntity.status(status).headers(headers).body("status " + status.value());
		}

	}

}
