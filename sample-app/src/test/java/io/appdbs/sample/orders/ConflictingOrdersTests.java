package io.appdbs.sample.orders;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for two orders for the same product at the same time, while another transaction
 * updates it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ConflictingOrdersTests {

	private static final String PRODUCT = "espresso-cup";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** The common pool may have only one thread. */
	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	@Autowired
	private OrderService orders;

	@Autowired
	@Qualifier("inventory")
	private JdbcClient jdbc;

	@Autowired
	@Qualifier("inventory")
	private TransactionTemplate transaction;

	@Autowired
	private MeterRegistry meters;

	@AfterEach
	void stopThreads() {
		this.threads.shutdownNow();
	}

	@Test
	void whenTwoOrdersConflictThenBothArePlaced() throws Exception {
		int before = stock();
		double retries = retries();
		List<CompletableFuture<Order>> placed = this.transaction.execute((status) -> {
			this.jdbc.sql("UPDATE stock SET quantity = quantity + 10 WHERE product_id = ?").param(PRODUCT).update();
			List<CompletableFuture<Order>> waiting = List.of(place(3), place(4));
			Awaitility.await().atMost(TIMEOUT).until(() -> waiting() == 2);
			return waiting;
		});
		for (CompletableFuture<Order> order : placed) {
			assertThat(order.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).lines()).hasSize(1);
		}
		assertThat(stock()).isEqualTo(before + 10 - 3 - 4);
		assertThat(retries()).isEqualTo(retries + 2);
	}

	private CompletableFuture<Order> place(int quantity) {
		NewOrder order = new NewOrder(UUID.randomUUID().toString(), List.of(new NewOrder.Item(PRODUCT, quantity)));
		return CompletableFuture.supplyAsync(() -> this.orders.place(order), this.threads);
	}

	private int stock() {
		return this.jdbc.sql("SELECT quantity FROM stock WHERE product_id = ?")
			.param(PRODUCT)
			.query(Integer.class)
			.single();
	}

	/**
	 * Returns the number of connections that wait for another transaction.
	 */
	private int waiting() {
		return this.jdbc.sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
			.query(Integer.class)
			.single();
	}

	private double retries() {
		return this.meters.get("appdbs.transaction.retries")
			.tags("db", "inventory", "outcome", "committed")
			.functionCounter()
			.count();
	}

}
