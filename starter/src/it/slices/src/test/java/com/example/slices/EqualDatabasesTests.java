package com.example.slices;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.test.context.transaction.BeforeTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

@JdbcTest(properties = { "app.dbs.orders.primary=false", "app.dbs-include=orders,audit" })
@Transactional("audit")
class EqualDatabasesTests {

	@Autowired
	private Databases databases;

	@Autowired
	@Qualifier("audit")
	private JdbcClient audit;

	@BeforeTransaction
	void createTable() {
		this.audit.sql("CREATE TABLE IF NOT EXISTS entry (id INT)").update();
	}

	@Test
	void theTransactionOfTheTestIsThatOfTheDatabaseThatIsNamed() {
		this.audit.sql("INSERT INTO entry VALUES (1)").update();
		assertThat(count()).isOne();
		Servers.assertThatContextsShareTheServer(this.databases);
	}

	@AfterTransaction
	void isRolledBack() {
		assertThat(count()).isZero();
	}

	private int count() {
		return this.audit.sql("SELECT count(*) FROM entry").query(Integer.class).single();
	}

}
