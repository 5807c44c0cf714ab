package io.appdbs.sample.inventory;

import java.util.List;
import java.util.SortedMap;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The stock.
 */
@Service
public class Inventory {

	private final JdbcClient jdbc;

	Inventory(@Qualifier("inventory") JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	public List<StockLevel> findAll() {
		return this.jdbc.sql("SELECT product_id, quantity FROM stock ORDER BY product_id")
			.query(StockLevel.class)
			.list();
	}

	@Transactional("inventory")
	public StockLevel set(String productId, int quantity) {
		this.jdbc.sql("""
				INSERT INTO stock (product_id, quantity) VALUES (:product, :quantity)
				ON CONFLICT (product_id) DO UPDATE SET quantity = excluded.quantity""")
			.param("product", productId)
			.param("quantity", quantity)
			.update();
		return new StockLevel(productId, quantity);
	}

	/**
	 * Take pieces out of the stock: all of them or, if one product has too few, none. If
	 * it conflicts with another reservation, all of it is done again.
	 * @param quantities the number of pieces by product, sorted so that two orders lock
	 * their rows in the same order and never wait for each other in a circle
	 * @throws InsufficientStockException if a product has too few
	 */
	@Transactional(transactionManager = "inventory", isolation = Isolation.SERIALIZABLE)
	public void reserve(SortedMap<String, Integer> quantities) {
		quantities.forEach((productId, quantity) -> {
			int updated = this.jdbc.sql("""
					UPDATE stock SET quantity = quantity - :quantity
					WHERE product_id = :product AND quantity >= :quantity""")
				.param("product", productId)
				.param("quantity", quantity)
				.update();
			if (updated == 0) {
				throw new InsufficientStockException(productId, quantity, find(productId));
			}
		});
	}

	/**
	 * Put reserved pieces back.
	 * @param quantities what was {@linkplain #reserve reserved}
	 */
	@Transactional("inventory")
	public void release(SortedMap<String, Integer> quantities) {
		quantities.forEach((productId, quantity) -> this.jdbc
			.sql("UPDATE stock SET quantity = quantity + :quantity WHERE product_id = :product")
			.param("product", productId)
			.param("quantity", quantity)
			.update());
	}

	private int find(String productId) {
		return this.jdbc.sql("SELECT quantity FROM stock WHERE product_id = :product")
			.param("product", productId)
			.query(Integer.class)
			.optional()
			.orElse(0);
	}

}
