package io.appdbs.testcontainers;

import io.appdbs.Databases;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.schema.TableInformation.Column;
import io.appdbs.schema.TypeFamily;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contract of relational servers. A subclass declares its container as the database
 * {@code orders}.
 */
@SpringBootTest(classes = AbstractServerTests.Application.class)
abstract class AbstractServerTests {

	private final String engine;

	@Autowired
	@Qualifier("orders")
	private JdbcClient orders;

	@Autowired
	@Qualifier("orders")
	private TransactionTemplate transactions;

	@Autowired
	private Databases databases;

	AbstractServerTests(String engine) {
		this.engine = engine;
	}

	@Test
	void aContainerCanBeUsedAsADatabase() {
		this.orders.sql("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(20))").update();
		this.transactions.executeWithoutResult((status) -> insert(1));
		this.transactions.executeWithoutResult((status) -> {
			insert(2);
			status.setRollbackOnly();
		});
		assertThat(this.orders.sql("SELECT id FROM item").query(Integer.class).list()).containsExactly(1);
		assertThat(this.databases.get("orders").getEngine()).isEqualTo(this.engine);
	}

	@Test
	void tablesAreLookedUp() {
		this.orders.sql("CREATE TABLE purchase (id INT PRIMARY KEY, customer_id BIGINT NOT NULL, note VARCHAR(20))")
			.update();
		this.orders.sql("CREATE INDEX purchase_customer ON purchase (customer_id, id)").update();
		Schema schema = this.databases.get("orders").getSchema();
		assertThat(schema.getTables()).contains("purchase");
		assertThat(schema.hasColumn("purchase", "note")).isTrue();
		assertThat(schema.hasIndex("purchase", "customer_id")).isTrue();
		assertThat(schema.hasIndex("purchase", "note")).isFalse();
		TableInformation purchase = schema.describe("purchase");
		assertThat(purchase.columns()).extracting(Column::family)
			.containsExactly(TypeFamily.NUMBER, TypeFamily.NUMBER, TypeFamily.TEXT);
		assertThat(purchase.primaryKey()).containsExactly("id");
	}

	private void insert(int id) {
		this.orders.sql("INSERT INTO item VALUES (?, 'pen')").param(id).update();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
