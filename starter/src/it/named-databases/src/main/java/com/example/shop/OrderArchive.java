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
class OrderArchive extends RelationalNotes {

	OrderArchive(@Qualifier("order-archive") DataSource dataSource,
			@Qualifier("order-archive") JdbcTemplate jdbcTemplate,
			@Qualifier("order-archive") NamedParameterJdbcTemplate namedParameterJdbcTemplate,
			@Qualifier("order-archive") JdbcClient jdbcClient,
			@Qualifier("order-archive") PlatformTransactionManager transactionManager,
			@Qualifier("order-archive") TransactionTemplate transactionTemplate) {
		super(dataSource, jdbcTemplate, namedParameterJdbcTemplate, jdbcClient, transactionManager,
				transactionTemplate);
	}

	@Override
	@Transactional("order-archive")
	public void inTransaction(Runnable work) {
		work.run();
	}

}
