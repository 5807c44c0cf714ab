package io.appdbs.testcontainers;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for three containers, two of them of the same kind.
 */
@RequiresImages({ Image.POSTGRESQL, Image.MARIADB })
class ThreeContainersTests {

	/**
	 * Runs the application like {@code spring-boot:test-run}.
	 */
	@Test
	@SuppressWarnings("rawtypes")
	void whenTheApplicationIsRunWithContainersThenEachIsTheDatabaseOfItsNameAndStopsWithIt() {
		List<JdbcDatabaseContainer> containers;
		SpringApplication.Running running = SpringApplication.from(Main::main).with(Shop.Containers.class).run();
		try (ConfigurableApplicationContext context = running.getApplicationContext()) {
			assertBound(context.getBean(Shop.class));
			containers = List.copyOf(context.getBeansOfType(JdbcDatabaseContainer.class).values());
			assertThat(containers).hasSize(3).allMatch(JdbcDatabaseContainer::isRunning);
		}
		assertThat(containers).noneMatch(JdbcDatabaseContainer::isRunning);
	}

	static void assertBound(Shop shop) {
		assertThat(shop.versions()).containsExactly("audit postgresql", "orders postgresql", "stock mariadb");
		assertThat(shop.orders().sql("SELECT current_database()").query(String.class).single()).isEqualTo("orders");
		assertThat(shop.audit().sql("SELECT current_database()").query(String.class).single()).isEqualTo("audit");
		assertThat(shop.stock().sql("SELECT database()").query(String.class).single()).isEqualTo("stock");
		assertThat(shop.audit().sql("SHOW statement_timeout").query(String.class).single()).isEqualTo("30s");
	}

	static final class Main {

		private Main() {
		}

		static void main(String[] arguments) {
			SpringApplication.run(Shop.Application.class,
					Stream.of(Shop.PROPERTIES).map("--"::concat).toArray(String[]::new));
		}

	}

}
