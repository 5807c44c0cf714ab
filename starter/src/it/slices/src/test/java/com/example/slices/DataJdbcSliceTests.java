package com.example.slices;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;

import static org.assertj.core.api.Assertions.assertThat;

@DataJdbcTest(properties = "app.dbs-include=orders")
class DataJdbcSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	private CustomerOrderRepository orders;

	@Test
	void databaseIsTheOneThatWasAskedFor() {
		assertThat(this.databases.getNames()).containsExactly("orders");
		Servers.assertThatContextsShareTheServer(this.databases);
	}

	@Test
	void writesAndRollsBack() {
		this.orders.save(new CustomerOrder(null, "Berta"));
		assertThat(this.orders.findAll()).extracting(CustomerOrder::customer).containsExactly("Anna", "Berta");
	}

	@Test
	void theSameIsWrittenAgainAfterItWasRolledBack() {
		writesAndRollsBack();
	}


}
