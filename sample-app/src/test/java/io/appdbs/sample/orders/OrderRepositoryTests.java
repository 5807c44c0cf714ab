package io.appdbs.sample.orders;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A slice of the shop, with one of its databases. Transactions are those of the
 * repository, which is what is tested.
 */
@JdbcTest(properties = "app.dbs-include=orders")
@Import(OrderRepository.class)
@Transactional(propagation = Propagation.NOT_SUPPORTED)
class OrderRepositoryTests {

	@Autowired
	private OrderRepository orders;

	@Autowired
	@Qualifier("orders")
	private JdbcClient jdbc;

	@Test
	void whenALineIsRefusedThenNeitherTheOrderNorAnyLineIsLeft() {
		String reference = UUID.randomUUID().toString();
		String product = UUID.randomUUID().toString();
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> this.orders.add(reference,
				List.of(new Order.Line(product, 1, 10), new Order.Line("moka-pot", 0, 10))));
		assertThat(count("SELECT count(*) FROM orders WHERE reference = ?", reference)).isZero();
		assertThat(count("SELECT count(*) FROM order_line WHERE product_id = ?", product)).isZero();
	}

	@Test
	void whenAllLinesAreGoodThenTheOrderIsThere() {
		String reference = UUID.randomUUID().toString();
		long id = this.orders.add(reference, List.of(new Order.Line("moka-pot", 2, 10)));
		Order order = this.orders.get(id);
		assertThat(order.reference()).isEqualTo(reference);
		assertThat(order.totalInCents()).isEqualTo(20);
		assertThat(order.lines()).containsExactly(new Order.Line("moka-pot", 2, 10));
		assertThat(this.orders.findLatest()).contains(order);
	}

	private int count(String sql, String argument) {
		return this.jdbc.sql(sql).param(argument).query(Integer.class).single();
	}

}
