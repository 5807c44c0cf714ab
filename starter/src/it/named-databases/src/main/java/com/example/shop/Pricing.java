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
class Pricing extends RelationalNotes {

	Pricing(@Qualifier("pricing") DataSource dataSource, @Qualifier("pricing") JdbcTemplate jdbcTemplate,
			@Qualifier("pricing") NamedParameterJdbcTemplate namedParameterJdbcTemplate,
			@Qualifier("pricing") JdbcClient jdbcClient,
			@Qualifier("pricing") PlatformTransactionManager transactionManager,
			@Qualifier("pricing") TransactionTemplate transactionTemplate) {
		super(dataSource, jdbcTemplate, namedParameterJdbcTemplate, jdbcClient, transactionManager,
				transactionTemplate);
	}

	@Override
	@Transactional("pricing")
	public void inTransaction(Runnable work) {
		work.run();
	}

}
