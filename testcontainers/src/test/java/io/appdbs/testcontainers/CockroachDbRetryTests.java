package io.appdbs.testcontainers;

import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.cockroachdb.CockroachContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for conflicts (SQLState 40001) of a real CockroachDB, for which retry is enabled
 * by default.
 */
@SpringBootTest(classes = AbstractServerTests.Application.class)
@RequiresImages(Image.COCKROACHDB)
class CockroachDbRetryTests {

	@DatabaseContainer("orders")
	static final CockroachContainer CONTAINER = new CockroachContainer(Image.COCKROACHDB.get());

	@Autowired
	@Qualifier("orders")
	private JdbcClient orders;

	@Autowired
	@Qualifier("orders")
	private TransactionTemplate transactions;

	@BeforeEach
	void createTable() {
		this.orders.sql("DROP TABLE IF EXISTS counter").update();
		this.orders.sql("CREATE TABLE counter (id INT PRIMARY KEY, n INT)").update();
		this.orders.sql("INSERT INTO counter VALUES (1, 0)").update();
	}

	@Test
	void whenAnotherTransactionHasChangedTheRowThenTheTransactionIsRetried() {
		AtomicInteger attempts = new AtomicInteger();
		this.transactions.executeWithoutResult((status) -> {
			int n = read();
			if (attempts.incrementAndGet() == 1) {
				outside().sql("UPDATE counter SET n = n + 10 WHERE id = 1").update();
			}
			this.orders.sql("UPDATE counter SET n = ? WHERE id = 1").param(n + 1).update();
		});
		assertThat(attempts).hasValue(2);
		assertThat(read()).isEqualTo(11);
	}

	private int read() {
		return this.orders.sql("SELECT n FROM counter WHERE id = 1").query(Integer.class).single();
	}

	private static JdbcClient outside() {
		DataSource dataSource = new DriverManagerDataSource(CONTAINER.getJdbcUrl(), CONTAINER.getUsername(),
				CONTAINER.getPassword());
		return JdbcClient.create(dataSource);
	}

}
