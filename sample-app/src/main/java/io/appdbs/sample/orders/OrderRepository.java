package io.appdbs.sample.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The orders. They are in the primary database, so the injection names no qualifier.
 */
@Repository
class OrderRepository {

	private static final int PAGE = 100;

	private final JdbcClient jdbc;

	OrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Write an order and its lines: all of it or nothing.
	 * @return the identifier of the order
	 */
	@Transactional("orders")
	long add(String reference, List<Order.Line> lines) {
		long total = lines.stream().mapToLong((line) -> line.quantity() * line.priceInCents()).sum();
		long id = this.jdbc
			.sql("INSERT INTO orders (reference, total_in_cents) VALUES (:reference, :total) RETURNING id")
			.param("reference", reference)
			.param("total", total)
			.query(Long.class)
			.single();
		for (Order.Line line : lines) {
			this.jdbc.sql("""
					INSERT INTO order_line (order_id, product_id, quantity, price_in_cents)
					VALUES (:order, :product, :quantity, :price)""")
				.param("order", id)
				.param("product", line.productId())
				.param("quantity", line.quantity())
				.param("price", line.priceInCents())
				.update();
		}
		return id;
	}

	/**
	 * Return the latest orders.
	 */
	@Transactional(transactionManager = "orders", readOnly = true)
	List<Order> findLatest() {
		return this.jdbc.sql("SELECT * FROM orders ORDER BY id DESC LIMIT :page")
			.param("page", PAGE)
			.query(this::map)
			.list();
	}

	/**
	 * Return an order.
	 * @throws OrderNotFoundException if there is no such order
	 */
	@Transactional(transactionManager = "orders", readOnly = true)
	Order get(long id) {
		return this.jdbc.sql("SELECT * FROM orders WHERE id = :id")
			.param("id", id)
			.query(this::map)
			.optional()
			.orElseThrow(() -> new OrderNotFoundException(id));
	}

	/**
	 * Return the server that serves read-only transactions: the replica while it is up,
	 * unless the user has written in the last 2 s.
	 */
	@Transactional(transactionManager = "orders", readOnly = true)
	String findReadingServer() {
		return this.jdbc.sql("""
				SELECT CASE WHEN pg_is_in_recovery() THEN 'replica' ELSE 'primary' END
					|| ' at port ' || inet_server_port()""").query(String.class).single();
	}

	private Order map(ResultSet row, int index) throws SQLException {
		long id = row.getLong("id");
		return new Order(id, row.getString("reference"), row.getLong("total_in_cents"),
				row.getObject("placed_at", OffsetDateTime.class).toInstant(), findLines(id));
	}

	private List<Order.Line> findLines(long id) {
		return this.jdbc
			.sql("SELECT product_id, quantity, price_in_cents FROM order_line WHERE order_id = :id ORDER BY product_id")
			.param("id", id)
			.query(Order.Line.class)
			.list();
	}

}
