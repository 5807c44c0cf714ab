package com.example.slices;

import com.example.slices.catalog.ProductRepository;
import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class WholeApplicationTests {

	@Autowired
	private Databases databases;

	@Autowired
	private ProductRepository products;

	@Autowired
	private CustomerOrderRepository orders;

	@Test
	void databasesAreAllOfThemAndFresh() {
		assertThat(this.databases.getNames()).containsExactly("orders", "audit", "ledger", "catalog");
		assertThat(this.products.findAll()).isEmpty();
		assertThat(this.orders.findAll()).extracting(CustomerOrder::customer).containsExactly("Anna");
		Servers.assertThatContextsShareTheServer(this.databases);
	}

}
