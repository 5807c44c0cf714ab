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
class Billing extends RelationalNotes {

	Billing(@Qualifier("billing") DataSource dataSource, @Qualifier("billing") JdbcTemplate jdbcTemplate,
			@Qualifier("billing") NamedParameterJdbcTemplate namedParameterJdbcTemplate,
			@Qualifier("billing") JdbcClient jdbcClient,
			@Qualifier("billing") PlatformTransactionManager transactionManager,
			@Qualifier("billing") TransactionTemplate transactionTemplate) {
		super(dataSource, jdbcTemplate, namedParameterJdbcTemplate, jdbcClient, transactionManager,
				transactionTemplate);
	}

	@Override
	@Transactional("billing")
	public void inTransaction(Runnable work) {
		work.run();
	}

}
