package io.appdbs.sample.orders;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

import io.appdbs.sample.catalog.Catalog;
import io.appdbs.sample.inventory.Inventory;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/**
 * Places orders, which concerns all three databases.
 */
@Service
class OrderService {

	private final Catalog catalog;

	private final Inventory inventory;

	private final OrderRepository orders;

	OrderService(Catalog catalog, Inventory inventory, OrderRepository orders) {
		this.catalog = catalog;
		this.inventory = inventory;
		this.orders = orders;
	}

	/**
	 * Place an order.
	 * <p>
	 * The reservation is atomic, and so is the order, each in its own database. The two
	 * together are not: there is no transaction across databases. If writing the order
	 * fails, the reservation is undone by a second transaction. What stays possible is
	 * that the application dies between the two, or loses the connection during the
	 * commit of the order and cannot know how it ended: then stock and orders differ. A
	 * shop that must not lose a piece notes the reservation together with the order's
	 * reference, and has a job that releases reservations that no order has claimed.
	 * @return the order
	 */
	Order place(NewOrder order) {
		SortedMap<String, Integer> quantities = order.quantities();
		List<Order.Line> lines = price(quantities);
		this.inventory.reserve(quantities);
		return this.orders.get(write(order.reference(), lines, quantities));
	}

	private long write(String reference, List<Order.Line> lines, SortedMap<String, Integer> reserved) {
		try {
			return this.orders.add(reference, lines);
		}
		catch (DuplicateKeyException ex) {
			release(reserved, ex);
			throw new OrderExistsException(reference, ex);
		}
		catch (RuntimeException ex) {
			release(reserved, ex);
			throw ex;
		}
	}

	private List<Order.Line> price(SortedMap<String, Integer> quantities) {
		List<Order.Line> lines = new ArrayList<>();
		quantities.forEach((productId, quantity) -> lines
			.add(new Order.Line(productId, quantity, this.catalog.get(productId).priceInCents())));
		return lines;
	}

	private void release(SortedMap<String, Integer> quantities, RuntimeException failure) {
		try {
			this.inventory.release(quantities);
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

}
