package io.appdbs.testcontainers;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a container that is a bean.
 */
@DirtiesContext
@SpringBootTest
@RequiresImages(Image.POSTGRESQL)
class ContainerBeanTests {

	@Autowired
	@Qualifier("orders")
	private JdbcClient orders;

	@Autowired
	private PostgreSQLContainer container;

	@Autowired
	private Databases databases;

	@Test
	void whenNothingIsConfiguredThenTheContainerIsTheDatabase() {
		assertThat(this.databases.getNames()).containsExactly("orders");
		assertThat(this.orders.sql("SELECT current_user || inet_server_port()").query(String.class).single())
			.isEqualTo("shop5432");
		assertThat(this.databases.get("orders").getSnapshot().server().hosts())
			.containsExactly(this.container.getHost() + ":" + this.container.getMappedPort(5432));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@DatabaseContainer("orders")
		PostgreSQLContainer ordersContainer() {
			return new PostgreSQLContainer(Image.POSTGRESQL.get()).withUsername("shop");
		}

	}

}
