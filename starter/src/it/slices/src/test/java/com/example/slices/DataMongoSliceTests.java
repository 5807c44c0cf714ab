package com.example.slices;

import com.example.slices.catalog.Product;
import com.example.slices.catalog.ProductRepository;
import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.mongodb.test.autoconfigure.DataMongoTest;

import static org.assertj.core.api.Assertions.assertThat;

@DataMongoTest(properties = "app.dbs-include=catalog")
class DataMongoSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	private ProductRepository products;

	@Test
	void writesToTheDatabaseThatWasAskedFor() {
		assertThat(this.databases.getNames()).containsExactly("catalog");
		this.products.save(new Product("T-1", "Table"));
		assertThat(this.products.findAll()).containsExactly(new Product("T-1", "Table"));
	}

}
