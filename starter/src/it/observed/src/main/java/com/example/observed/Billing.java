package com.example.observed;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class Billing {

	private final JdbcClient billing;

	private final JdbcClient orders;

	Billing(@Qualifier("billing") JdbcClient billing, @Qualifier("orders") JdbcClient orders) {
		this.billing = billing;
		this.orders = orders;
	}

	void createTables() {
		this.billing.sql("create table item (name varchar(20))").update();
		this.orders.sql("create table item (name varchar(20))").update();
	}

	@Transactional("billing")
	public void insertIntoBothAndFail() {
		this.billing.sql("insert into item values ('billing')").update();
		this.orders.sql("insert into item values ('orders')").update();
		throw new IllegalStateException("fails after writing");
	}

	int countBilling() {
		return this.billing.sql("select count(*) from item").query(Integer.class).single();
	}

	int countOrders() {
		return this.orders.sql("select count(*) from item").query(Integer.class).single();
	}

}
