package com.example.libraries;

import io.appdbs.Databases;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.test.context.transaction.BeforeTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

@JooqTest(properties = "app.dbs-include=audit")
@Transactional("audit")
class JooqSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	@Qualifier("audit")
	private DSLContext audit;

	@BeforeTransaction
	void createTable() {
		this.audit.execute("CREATE TABLE IF NOT EXISTS item (name VARCHAR(40))");
	}

	@Test
	void theDatabaseIsTheOneThatWasAskedForAndTheTransactionIsIts() {
		assertThat(this.databases.getNames()).containsExactly("audit");
		assertThat(this.audit.dialect()).isEqualTo(SQLDialect.H2);
		this.audit.insertInto(DSL.table("item")).values("written").execute();
		assertThat(this.audit.fetchCount(DSL.table("item"))).isOne();
	}

	@AfterTransaction
	void isRolledBack() {
		assertThat(this.audit.fetchCount(DSL.table("item"))).isZero();
	}

}
