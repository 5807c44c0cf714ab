package io.appdbs.sample.orders;

import java.util.List;
import java.util.UUID;

import io.appdbs.testcontainers.DatabaseContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the same slice on a server in a container with the image of the system
 * property.
 */
@JdbcTest(properties = { "app.dbs-include=orders", "app.dbs.orders.replicas=" })
@Import(OrderRepository.class)
@EnabledIfSystemProperty(named = OrdersInContainerTests.IMAGE, matches = ".+",
		disabledReason = "-Dappdbs.image.postgresql names no image, such as postgres:18-alpine")
class OrdersInContainerTests {

	static final String IMAGE = "appdbs.image.postgresql";

	@DatabaseContainer("orders")
	static final PostgreSQLContainer ORDERS = new PostgreSQLContainer(
			DockerImageName.parse(System.getProperty(IMAGE)).asCompatibleSubstituteFor("postgres"));

	@Autowired
	private OrderRepository orders;

	@Autowired
	@Qualifier("orders")
	private JdbcClient jdbc;

	@Test
	void anOrderIsInTheDatabaseOfTheContainer() throws Exception {
		String reference = UUID.randomUUID().toString();
		long id = this.orders.add(reference, List.of(new Order.Line("moka-pot", 2, 10)));
		assertThat(this.orders.get(id).reference()).isEqualTo(reference);
		assertThat(this.jdbc.sql("SELECT current_database() || '/' || current_user").query(String.class).single())
			.isEqualTo(ORDERS.getDatabaseName() + "/" + ORDERS.getUsername());
	}

}
