package io.appdbs.bean.jpa;

import java.util.List;

import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.PlainApplication;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OpenInViewBeans}.
 */
class OpenInViewTests {

	private static final String WARNING = "spring.jpa.open-in-view is enabled by default";

	@AutoClose
	private final LoggedLines lines = new LoggedLines("org.springframework.boot.jpa");

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withUserConfiguration(PlainApplication.class, Bound.class)
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.packages=io.appdbs.shop.orders",
				"app.dbs.audit.url=embedded:h2", "app.dbs.audit.packages=io.appdbs.shop.audit");

	@ParameterizedTest
	@CsvSource({ "'', '', '', false, false", "'', true, '', true, false", "'', '', true, false, true",
			"true, '', '', true, true", "true, false, '', false, true", "true, false, false, false, false",
			"false, true, true, true, true" })
	void itIsOnForTheDatabasesThatAskForIt(String spring, String orders, String audit, boolean ordersBound,
			boolean auditBound) {
		for (String primary : List.of("app.dbs.orders.primary=true", "app.dbs.orders.primary=false")) {
			this.runner
				.withPropertyValues(primary, "spring.jpa.open-in-view=" + spring,
						"app.dbs.orders.jpa.open-in-view=" + orders, "app.dbs.audit.jpa.open-in-view=" + audit)
				.run((context) -> assertThat(bound(context)).isEqualTo("%s %s".formatted(ordersBound, auditBound)));
		}
		assertThat(this.lines.messages()).noneMatch((line) -> line.startsWith(WARNING));
	}

	@Test
	void theDefaultsOfAllDatabasesApply() {
		this.runner.withPropertyValues("app.dbs-defaults.jpa.open-in-view=true")
			.run((context) -> assertThat(bound(context)).isEqualTo("true true"));
	}

	@Test
	void bootsOwnUnitKeepsItsDefault() {
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:open-in-view", "spring.liquibase.enabled=false",
					"app.dbs.audit.jpa.open-in-view=true")
			.run((context) -> {
				assertThat(bound(context)).isEqualTo("false true");
				assertThat(context).hasBean("openEntityManagerInViewInterceptor");
				assertThat(this.lines.messages()).anyMatch((line) -> line.startsWith(WARNING));
			});
	}

	@Test
	void anInterceptorOfTheApplicationIsUsedForItsDatabase() {
		this.runner.withUserConfiguration(Own.class)
			.withPropertyValues("app.dbs.audit.jpa.open-in-view=true")
			.run((context) -> {
				assertThat(context.getBean("auditOpenEntityManagerInViewInterceptor")).isSameAs(context.getBean("own"));
				assertThat(bound(context)).isEqualTo("true false");
			});
	}

	@Test
	void withoutWebThereIsNoInterceptor() {
		new ApplicationContextRunner().withUserConfiguration(PlainApplication.class)
			.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs.audit.packages=io.appdbs.shop.audit",
					"app.dbs.audit.jpa.open-in-view=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(OpenEntityManagerInViewInterceptor.class));
	}

	@Test
	void anOutageIsAnsweredWith503() {
		new WebApplicationContextRunner().withUserConfiguration(PlainApplication.class, Counting.class)
			.withPropertyValues("app.dbs.audit.url=jdbc:h2:tcp://localhost:1/mem:none", "app.dbs.audit.required=false",
					"app.dbs.audit.packages=io.appdbs.shop.audit", "app.dbs.audit.jpa.open-in-view=true")
			.run((context) -> assertThat(MockMvcTester.from(context).get().uri("/count").exchange()).hasStatus(503)
				.satisfies((result) -> assertThat(result.getMvcResult().getResolvedException())
					.hasRootCauseInstanceOf(DatabaseDownException.class)));
	}

	private static String bound(WebApplicationContext context) throws Exception {
		return MockMvcTester.from(context).get().uri("/bound").exchange().getResponse().getContentAsString();
	}

	@RestController
	static class Bound {

		private final EntityManagerFactory orders;

		private final EntityManagerFactory audit;

		Bound(@Qualifier("orders") EntityManagerFactory orders, @Qualifier("audit") EntityManagerFactory audit) {
			this.orders = orders;
			this.audit = audit;
		}

		@GetMapping("/bound")
		String bound() {
			return "%s %s".formatted(TransactionSynchronizationManager.hasResource(this.orders),
					TransactionSynchronizationManager.hasResource(this.audit));
		}

	}

	@RestController
	static class Counting {

		private final AuditEntryRepository repository;

		Counting(AuditEntryRepository repository) {
			this.repository = repository;
		}

		@GetMapping("/count")
		long count() {
			return this.repository.count();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		@Qualifier("audit")
		OpenEntityManagerInViewInterceptor own(@Qualifier("orders") EntityManagerFactory factory) {
			OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();
			interceptor.setEntityManagerFactory(factory);
			return interceptor;
		}

	}

}
