package com.example.slices;

import com.example.slices.audit.AuditEntryRepository;
import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@JdbcTest(properties = "app.dbs-include=orders,audit")
class JdbcSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	private ObjectProvider<AuditEntryRepository> repositories;

	@Autowired
	private JdbcClient orders;

	@Autowired
	@Qualifier("audit")
	private JdbcClient audit;

	@Test
	void databasesAreThoseThatWereAskedFor() {
		assertThat(this.databases.getNames()).containsExactly("orders", "audit");
		assertThat(this.orders.sql("SELECT version()").query(String.class).single()).startsWith("PostgreSQL");
		assertThat(this.audit.sql("SELECT H2VERSION()").query(String.class).single()).startsWith("2.");
		Servers.assertThatContextsShareTheServer(this.databases);
	}

	@Test
	void persistenceUnitsAndRepositoriesAreNotLoaded() {
		assertThat(this.repositories.getIfAvailable()).isNull();
	}

	@Test
	void writesAndRollsBack() {
		this.orders.sql("INSERT INTO customer_order (customer) VALUES ('Berta')").update();
		assertThat(this.orders.sql("SELECT customer FROM customer_order").query(String.class).list())
			.containsExactly("Anna", "Berta");
	}

	@Test
	void theSameIsWrittenAgainAfterItWasRolledBack() {
		writesAndRollsBack();
	}


}
