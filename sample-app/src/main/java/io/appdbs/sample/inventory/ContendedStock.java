package io.appdbs.sample.inventory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Two transactions on the stock of one product that conflict.
 */
@Repository
class ContendedStock {

	private final JdbcClient jdbc;

	ContendedStock(@Qualifier("inventory") JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Take one piece out of the stock. If another transaction has updated the row since
	 * this one has read it, the server rejects the update (SQLState 40001), and the
	 * method is executed again in a new transaction.
	 * @param meanwhile called between reading and writing
	 * @return the remaining number of pieces
	 */
	@Transactional(transactionManager = "inventory", isolation = Isolation.SERIALIZABLE)
	int takeOne(String productId, Runnable meanwhile) {
		int quantity = this.jdbc.sql("SELECT quantity FROM stock WHERE product_id = ?")
			.param(productId)
			.query(Integer.class)
			.optional()
			.orElse(0);
		if (quantity == 0) {
			throw new InsufficientStockException(productId, 1, quantity);
		}
		meanwhile.run();
		this.jdbc.sql("UPDATE stock SET quantity = ? WHERE product_id = ?").params(quantity - 1, productId).update();
		return quantity - 1;
	}

	@Transactional(transactionManager = "inventory", propagation = Propagation.REQUIRES_NEW)
	void addOne(String productId) {
		this.jdbc.sql("UPDATE stock SET quantity = quantity + 1 WHERE product_id = ?").param(productId).update();
	}

}
