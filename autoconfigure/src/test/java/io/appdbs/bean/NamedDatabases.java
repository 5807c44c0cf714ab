package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import io.appdbs.testsupport.EnvironmentBuilder;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application with a database of every embedded engine, and two databases of one.
 */
public final class NamedDatabases {

	static final String CONFIGURATION = """
			app:
			  dbs:
			    orders:
			      url: embedded:postgresql
			    order-archive:
			      url: embedded:postgresql
			    inventory:
			      url: embedded:mariadb
			    cache:
			      url: embedded:h2
			    catalog:
			      url: embedded:mongodb
			""";

	private NamedDatabases() {
	}

	public static ConfigurableApplicationContext start() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application.setEnvironment(EnvironmentBuilder.yaml(CONFIGURATION).build());
		// JPA requires a primary database
		return application.run("--spring.data.jpa.repositories.enabled=false");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Orders.class, OrderArchive.class, Inventory.class, Cache.class, Catalog.class })
	static class Application {

	}

	/**
	 * The beans of a relational database.
	 *
	 * @param dataSource the data source
	 * @param jdbcTemplate the template
	 * @param namedTemplate the template with named parameters
	 * @param jdbcClient the client
	 * @param transactionManager the transaction manager
	 * @param transactionTemplate the transaction template
	 */
	record Relational(DataSource dataSource, JdbcTemplate jdbcTemplate, NamedParameterJdbcTemplate namedTemplate,
			JdbcClient jdbcClient, PlatformTransactionManager transactionManager,
			TransactionTemplate transactionTemplate) {

		Relational {
			jdbcTemplate.execute("CREATE TABLE item (id VARCHAR(40) PRIMARY KEY)");
		}

		void insert(String id) {
			this.jdbcClient.sql("INSERT INTO item (id) VALUES (:id)").param("id", id).update();
		}

		List<String> ids() {
			return new ArrayList<>(this.jdbcClient.sql("SELECT id FROM item ORDER BY id").query(String.class).list());
		}

	}

	/**
	 * A component that writes to its database.
	 */
	abstract static class Store {

		private final Relational beans;

		Store(Relational beans) {
			this.beans = beans;
		}

		Relational beans() {
			return this.beans;
		}

		abstract void inTransaction(Runnable action);

	}

	@Component
	static class Orders extends Store {

		Orders(@Qualifier("orders") DataSource dataSource, @Qualifier("orders") JdbcTemplate jdbcTemplate,
				@Qualifier("orders") NamedParameterJdbcTemplate namedTemplate,
				@Qualifier("orders") JdbcClient jdbcClient,
				@Qualifier("orders") PlatformTransactionManager transactionManager,
				@Qualifier("orders") TransactionTemplate transactionTemplate) {
			super(new Relational(dataSource, jdbcTemplate, namedTemplate, jdbcClient, transactionManager,
					transactionTemplate));
		}

		@Override
		@Transactional("orders")
		void inTransaction(Runnable action) {
			action.run();
		}

	}

	@Component
	static class OrderArchive extends Store {

		OrderArchive(@Qualifier("order-archive") DataSource dataSource,
				@Qualifier("order-archive") JdbcTemplate jdbcTemplate,
				@Qualifier("order-archive") NamedParameterJdbcTemplate namedTemplate,
				@Qualifier("order-archive") JdbcClient jdbcClient,
				@Qualifier("order-archive") PlatformTransactionManager transactionManager,
				@Qualifier("order-archive") TransactionTemplate transactionTemplate) {
			super(new Relational(dataSource, jdbcTemplate, namedTemplate, jdbcClient, transactionManager,
					transactionTemplate));
		}

		@Override
		@Transactional("order-archive")
		void inTransaction(Runnable action) {
			action.run();
		}

	}

	@Component
	static class Inventory extends Store {

		Inventory(@Qualifier("inventory") DataSource dataSource, @Qualifier("inventory") JdbcTemplate jdbcTemplate,
				@Qualifier("inventory") NamedParameterJdbcTemplate namedTemplate,
				@Qualifier("inventory") JdbcClient jdbcClient,
				@Qualifier("inventory") PlatformTransactionManager transactionManager,
				@Qualifier("inventory") TransactionTemplate transactionTemplate) {
			super(new Relational(dataSource, jdbcTemplate, namedTemplate, jdbcClient, transactionManager,
					transactionTemplate));
		}

		@Override
		@Transactional("inventory")
		void inTransaction(Runnable action) {
			action.run();
		}

	}

	@Component
	static class Cache extends Store {

		Cache(@Qualifier("cache") DataSource dataSource, @Qualifier("cache") JdbcTemplate jdbcTemplate,
				@Qualifier("cache") NamedParameterJdbcTemplate namedTemplate, @Qualifier("cache") JdbcClient jdbcClient,
				@Qualifier("cache") PlatformTransactionManager transactionManager,
				@Qualifier("cache") TransactionTemplate transactionTemplate) {
			super(new Relational(dataSource, jdbcTemplate, namedTemplate, jdbcClient, transactionManager,
					transactionTemplate));
		}

		@Override
		@Transactional("cache")
		void inTransaction(Runnable action) {
			action.run();
		}

	}

	/**
	 * The beans of a MongoDB database.
	 *
	 * @param client the client
	 * @param databaseFactory the factory
	 * @param template the template
	 * @param transactionManager the transaction manager
	 * @param transactionTemplate the transaction template
	 */
	record Mongo(MongoClient client, MongoDatabaseFactory databaseFactory, MongoTemplate template,
			MongoTransactionManager transactionManager, TransactionTemplate transactionTemplate) {

	}

	@Component
	static class Catalog {

		private final Mongo beans;

		Catalog(@Qualifier("catalog") MongoClient client, @Qualifier("catalog") MongoDatabaseFactory databaseFactory,
				@Qualifier("catalog") MongoTemplate template,
				@Qualifier("catalog") MongoTransactionManager transactionManager,
				@Qualifier("catalog") TransactionTemplate transactionTemplate) {
			this.beans = new Mongo(client, databaseFactory, template, transactionManager, transactionTemplate);
		}

		Mongo beans() {
			return this.beans;
		}

		@Transactional("catalog")
		void insertInTransaction(String id) {
			this.beans.template().insert(Map.of("_id", id), "item");
		}

	}

}
