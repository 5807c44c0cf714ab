package com.example.shop.orders;

import java.util.List;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class Orders {

	private final PurchaseOrderRepository repository;

	private final JdbcClient jdbcClient;

	Orders(PurchaseOrderRepository repository, @Qualifier("orders") JdbcClient jdbcClient) {
		this.repository = repository;
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Writes with JPA and reads with JDBC, in one transaction.
	 */
	@Transactional("orders")
	@CacheEvict(cacheNames = "count", cacheManager = "ordersCacheManager", allEntries = true)
	public long place(String customerName, String... products) {
		this.repository.save(new PurchaseOrder(customerName, List.of(products)));
		this.repository.findAll();
		return this.jdbcClient.sql("select count(*) from purchase_order").query(Long.class).single();
	}

	@Cacheable(cacheNames = "count", cacheManager = "ordersCacheManager")
	public long count() {
		return this.repository.count();
	}

	@Transactional("orders")
	public void fail(String customerName) {
		place(customerName);
		throw new IllegalStateException("The order is rolled back");
	}

}
