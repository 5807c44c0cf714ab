package com.example.slices;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;

import static org.assertj.core.api.Assertions.assertThat;

@DataJpaTest(properties = "app.dbs-include=orders")
class DataJpaSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	private ShipmentRepository shipments;

	@Autowired
	private TestEntityManager entityManager;

	@Test
	void databaseIsTheOneThatWasAskedFor() {
		assertThat(this.databases.getNames()).containsExactly("orders");
		Servers.assertThatContextsShareTheServer(this.databases);
	}

	@Test
	void writesAndRollsBack() {
		this.entityManager.persistAndFlush(new Shipment("Bonn"));
		this.entityManager.clear();
		assertThat(this.shipments.findAll()).extracting(Shipment::getTown).containsExactly("Bonn");
	}

	@Test
	void theSameIsWrittenAgainAfterItWasRolledBack() {
		writesAndRollsBack();
	}


}
