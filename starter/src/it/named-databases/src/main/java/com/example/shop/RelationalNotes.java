package com.example.shop;

import java.sql.Connection;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import jakarta.annotation.PostConstruct;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notes in a relational database, through each of its beans.
 */
abstract class RelationalNotes implements Notes {

	private final DataSource dataSource;

	private final JdbcTemplate jdbcTemplate;

	private final NamedParameterJdbcTemplate namedParameterJdbcTemplate;

	private final JdbcClient jdbcClient;

	private final PlatformTransactionManager transactionManager;

	private final TransactionTemplate transactionTemplate;

	RelationalNotes(DataSource dataSource, JdbcTemplate jdbcTemplate,
			NamedParameterJdbcTemplate namedParameterJdbcTemplate, JdbcClient jdbcClient,
			PlatformTransactionManager transactionManager, TransactionTemplate transactionTemplate) {
		this.dataSource = dataSource;
		this.jdbcTemplate = jdbcTemplate;
		this.namedParameterJdbcTemplate = namedParameterJdbcTemplate;
		this.jdbcClient = jdbcClient;
		this.transactionManager = transactionManager;
		this.transactionTemplate = transactionTemplate;
	}

	@PostConstruct
	void createTable() {
		this.jdbcTemplate.execute("DROP TABLE IF EXISTS notes");
		this.jdbcTemplate.execute("CREATE TABLE notes (note VARCHAR(100) PRIMARY KEY)");
	}

	@Override
	public void add(String note) {
		this.jdbcClient.sql("INSERT INTO notes (note) VALUES (:note)").param("note", note).update();
	}

	void addWithTransactionTemplate(String note, boolean rollback) {
		this.transactionTemplate.executeWithoutResult((status) -> finish(status, note, rollback));
	}

	void addWithTransactionManager(String note, boolean rollback) {
		TransactionStatus status = this.transactionManager.getTransaction(new DefaultTransactionDefinition());
		finish(status, note, rollback);
		this.transactionManager.commit(status);
	}

	private void finish(TransactionStatus status, String note, boolean rollback) {
		this.namedParameterJdbcTemplate.update("INSERT INTO notes (note) VALUES (:note)", Map.of("note", note));
		if (rollback) {
			status.setRollbackOnly();
		}
	}

	@Override
	public List<String> findAll() {
		return this.jdbcTemplate.queryForList("SELECT note FROM notes", String.class);
	}

	String readServer() throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			return connection.getMetaData().getDatabaseProductName() + " " + connection.getCatalog();
		}
	}

}
