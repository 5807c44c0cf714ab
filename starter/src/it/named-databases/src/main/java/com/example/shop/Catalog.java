package com.example.shop;

import java.util.ArrayList;
import java.util.List;

import com.mongodb.client.MongoClient;
import org.bson.Document;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notes in a MongoDB database, through each of its beans.
 */
@Component
class Catalog implements Notes {

	private final MongoClient client;

	private final MongoDatabaseFactory databaseFactory;

	private final MongoTemplate template;

	private final MongoTransactionManager transactionManager;

	private final TransactionTemplate transactionTemplate;

	Catalog(@Qualifier("catalog") MongoClient client, @Qualifier("catalog") MongoDatabaseFactory databaseFactory,
			@Qualifier("catalog") MongoTemplate template,
			@Qualifier("catalog") MongoTransactionManager transactionManager,
			@Qualifier("catalog") TransactionTemplate transactionTemplate) {
		this.client = client;
		this.databaseFactory = databaseFactory;
		this.template = template;
		this.transactionManager = transactionManager;
		this.transactionTemplate = transactionTemplate;
	}

	@Override
	@Transactional("catalog")
	public void inTransaction(Runnable work) {
		work.run();
	}

	void addWithTransactionTemplate(String note) {
		this.transactionTemplate.executeWithoutResult((status) -> add(note));
	}

	void addWithTransactionManager(String note) {
		TransactionStatus status = this.transactionManager.getTransaction(new DefaultTransactionDefinition());
		add(note);
		this.transactionManager.commit(status);
	}

	@Override
	public void add(String note) {
		this.template.insert(new Document("note", note), "notes");
	}

	@Override
	public List<String> findAll() {
		return this.databaseFactory.getMongoDatabase()
			.getCollection("notes")
			.find()
			.map((document) -> document.getString("note"))
			.into(new ArrayList<>());
	}

	List<String> findIndexes() {
		return this.databaseFactory.getMongoDatabase()
			.getCollection("notes")
			.listIndexes()
			.map((index) -> index.getString("name"))
			.into(new ArrayList<>());
	}

	boolean exists() {
		return this.client.listDatabaseNames().into(new ArrayList<>()).contains("catalog");
	}

}
