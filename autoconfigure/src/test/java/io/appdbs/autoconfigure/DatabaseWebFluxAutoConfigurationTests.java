package io.appdbs.autoconfigure;

import io.appdbs.web.DatabaseWebExceptionHandler;
import io.appdbs.web.UnavailableResponseContractTests;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for responses of Spring WebFlux, on Netty.
 */
class DatabaseWebFluxAutoConfigurationTests extends UnavailableResponseContractTests {

	DatabaseWebFluxAutoConfigurationTests() {
		super(WebApplicationType.REACTIVE, "spring.webflux", OwnHandler.class);
	}

	@Test
	void whenAFilterGetsNoConnectionThenTheResponseIs503() {
		try (ConfigurableApplicationContext context = run(QueryingFilter.class)) {
			assertUnavailable(get(context, "/other"));
		}
	}

	@Test
	void withoutDatabasesThereIsNoHandler() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseWebFluxAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DatabaseWebExceptionHandler.class));
	}

	/**
	 * Has the order of Spring Boot's handler.
	 */
	@Order(-1)
	static class OwnHandler implements WebExceptionHandler {

		@Override
		public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
			exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(418));
			return exchange.getResponse().setComplete();
		}

	}

	static class QueryingFilter implements WebFilter {

		private final JdbcTemplate template;

		QueryingFilter(@Qualifier("orders") JdbcTemplate template) {
			this.template = template;
		}

		@Override
		public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
			return Mono.fromRunnable(() -> this.template.execute("SELECT 1")).then(chain.filter(exchange));
		}

	}

}
