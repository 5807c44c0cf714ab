package io.appdbs.bean;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RlsBeans}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RlsBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=postgresql://127.0.0.1:1/orders", "app.dbs.orders.required=false",
				"app.dbs.orders.rls.enabled=true", "app.dbs.archive.url=jdbc:h2:mem:archive")
		.withUserConfiguration(Providers.class);

	@Test
	void aProviderWithTheQualifierOfNoDatabaseIsReported(CapturedOutput output) {
		this.runner.run((context) -> assertThat(context.getBean("ordersDataSource")).isNotNull());
		assertThat(output.toString().lines().filter((line) -> line.contains("RlsContextProvider"))).singleElement()
			.asString()
			.endsWith(
					"Database 'orders': the RlsContextProvider bean 'misspelt' is not used, since its qualifier is the name of no configured database. Known: orders, archive. Correct the qualifier, or remove it if the bean is for all databases.");
	}

	@Configuration(proxyBeanMethods = false)
	static class Providers {

		@Bean
		@Qualifier("ordres")
		RlsContextProvider misspelt() {
			return () -> RlsContext.of("alice");
		}

		@Bean
		@Qualifier("archive")
		RlsContextProvider archive() {
			return () -> RlsContext.of("alice");
		}

		@Bean
		RlsContextProvider all() {
			return () -> RlsContext.of("alice");
		}

	}

}
