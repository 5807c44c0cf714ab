package com.example.shop;

import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class Orders extends RelationalNotes {

	Orders(@Qualifier("orders") DataSource dataSource, @Qualifier("orders") JdbcTemplate jdbcTemplate,
			@Qualifier("orders") NamedParameterJdbcTemplate namedParameterJdbcTemplate,
			@Qualifier("orders") JdbcClient jdbcClient,
			@Qualifier("orders") PlatformTransactionManager transactionManager,
			@Qualifier("orders") TransactionTemplate transactionTemplate) {
		super(dataSource, jdbcTemplate, namedParameterJdbcTemplate, jdbcClient, transactionManager,
				transactionTemplate);
	}

	@Override
	@Transactional("orders")
	public void inTransaction(Runnable work) {
		work.run();
	}

}
