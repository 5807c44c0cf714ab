package io.appdbs.bean;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.UnknownDatabaseException;
import io.appdbs.bean.NamedDatabases.Cache;
import io.appdbs.bean.NamedDatabases.Catalog;
import io.appdbs.bean.NamedDatabases.Inventory;
import io.appdbs.bean.NamedDatabases.OrderArchive;
import io.appdbs.bean.NamedDatabases.Orders;
import io.appdbs.bean.NamedDatabases.Relational;
import io.appdbs.bean.NamedDatabases.Store;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the beans of named databases on real servers.
 */
class NamedDatabasesTests {

	private static final List<Class<? extends Store>> STORES = List.of(Orders.class, OrderArchive.class,
			Inventory.class, Cache.class);

	private static ConfigurableApplicationContext context;

	private static Instant started;

	@BeforeAll
	static void start() {
		started = Instant.now();
		context = NamedDatabases.start();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	static List<Class<? extends Store>> stores() {
		return STORES;
	}

	@BeforeEach
	void clear() {
		STORES.forEach((store) -> beans(store).jdbcTemplate().execute("DELETE FROM item"));
		catalog().beans().template().remove(new Query(), "item");
	}

	@ParameterizedTest
	@MethodSource("stores")
	void everyRelationalBeanWorksOnItsDatabase(Class<? extends Store> store) throws SQLException {
		Relational beans = beans(store);
		try (Connection connection = beans.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("INSERT INTO item (id) VALUES ('source')");
			try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM item")) {
				assertThat(rows.next()).isTrue();
				assertThat(rows.getInt(1)).isOne();
			}
		}
		beans.jdbcTemplate().update("INSERT INTO item (id) VALUES (?)", "template");
		beans.namedTemplate().update("INSERT INTO item (id) VALUES (:id)", Map.of("id", "named"));
		beans.insert("client");
		beans.transactionTemplate().executeWithoutResult((transaction) -> beans.insert("committed"));
		beans.transactionTemplate().executeWithoutResult((transaction) -> {
			beans.insert("rolled back");
			transaction.setRollbackOnly();
		});
		assertThat(beans.ids()).containsExactly("client", "committed", "named", "source", "template");
		assertThat(beans.transactionTemplate().getTransactionManager()).isSameAs(beans.transactionManager());
		assertEmptyBut(store);
	}

	@ParameterizedTest
	@MethodSource("stores")
	void transactionalCommitsAndRollsBackOnItsDatabase(Class<? extends Store> type) {
		context.getBean(type).inTransaction(() -> beans(type).insert("committed"));
		insertAndFail(type, "rolled back", Stream.of(type));
		assertThat(beans(type).ids()).containsExactly("committed");
		assertEmptyBut(type);
	}

	@ParameterizedTest
	@MethodSource("stores")
	void transactionalRollsBackNoOtherDatabase(Class<? extends Store> type) {
		insertAndFail(type, "item", STORES.stream());
		assertThat(beans(type).ids()).isEmpty();
		assertThat(others(type)).allSatisfy((other) -> assertThat(beans(other).ids()).containsExactly("item"));
	}

	@Test
	void everyMongoBeanWorksOnItsDatabase() {
		NamedDatabases.Mongo beans = catalog().beans();
		beans.client().getDatabase("catalog").getCollection("item").insertOne(new Document("_id", "client"));
		beans.databaseFactory().getMongoDatabase().getCollection("item").insertOne(new Document("_id", "factory"));
		beans.template().insert(new Document("_id", "template"), "item");
		assertThat(beans.template().findAll(Document.class, "item")).extracting((item) -> item.getString("_id"))
			.containsExactlyInAnyOrder("client", "factory", "template");
		assertThat(beans.databaseFactory().getMongoDatabase().getName()).isEqualTo("catalog");
		assertThat(beans.transactionTemplate().getTransactionManager()).isSameAs(beans.transactionManager());
		assertThat(beans.transactionManager().getDatabaseFactory()).isSameAs(beans.databaseFactory());
	}

	@Test
	void whenTheMongoServerHasNoTransactionsThenTransactionalSaysSo() {
		String message = "Database 'catalog' is a standalone MongoDB server, which does not support transactions. "
				+ "Run it as a replica set (one member is enough), or do not use a transaction here.";
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> catalog().insertInTransaction("item"))
			.withMessage(message);
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> catalog().beans().transactionTemplate().executeWithoutResult((transaction) -> {
			}))
			.withMessage(message);
		assertThat(catalog().beans().template().findAll(Document.class, "item")).isEmpty();
	}

	@Test
	void beansAreNamedAfterDatabaseAndType() {
		assertThat(context.getBeanDefinitionNames()).contains("ordersDataSource", "ordersJdbcTemplate",
				"ordersNamedParameterJdbcTemplate", "ordersJdbcClient", "ordersTransactionManager",
				"ordersTransactionTemplate", "orderArchiveDataSource", "orderArchiveJdbcTemplate",
				"orderArchiveNamedParameterJdbcTemplate", "orderArchiveJdbcClient", "orderArchiveTransactionManager",
				"orderArchiveTransactionTemplate", "catalogMongoClient", "catalogMongoDatabaseFactory",
				"catalogMongoTemplate", "catalogTransactionManager", "catalogTransactionTemplate");
		assertThat(context.getBean("orderArchiveJdbcClient")).isSameAs(beans(OrderArchive.class).jdbcClient());
		assertThat(context.getBean("catalogMongoTemplate")).isSameAs(catalog().beans().template());
		assertThat(context.getBean("ordersPlatformTransactionManager"))
			.isSameAs(beans(Orders.class).transactionManager());
		assertThat(context.getBean("catalogMongoTransactionManager")).isSameAs(catalog().beans().transactionManager());
	}

	@Test
	void twoNamesOnOneServerAreTwoDatabases() {
		String sql = "SELECT current_database()";
		assertThat(beans(Orders.class).jdbcTemplate().queryForObject(sql, String.class)).isEqualTo("orders");
		assertThat(beans(OrderArchive.class).jdbcTemplate().queryForObject(sql, String.class))
			.isEqualTo("order-archive");
		String port = "SELECT inet_server_port()";
		assertThat(beans(Orders.class).jdbcTemplate().queryForObject(port, Integer.class))
			.isEqualTo(beans(OrderArchive.class).jdbcTemplate().queryForObject(port, Integer.class));
	}

	@Test
	void aPoolIsNamedAfterItsDatabase() {
		assertThat(STORES).map((store) -> pool(store).getPoolName())
			.containsExactly("orders", "order-archive", "inventory", "cache");
	}

	@Test
	void databasesAreListedInTheOrderOfTheConfiguration() {
		Databases databases = context.getBean(Databases.class);
		assertThat(databases.getNames()).containsExactly("orders", "order-archive", "inventory", "cache", "catalog");
		assertThat(databases).extracting(Database::getName)
			.containsExactly("orders", "order-archive", "inventory", "cache", "catalog");
		assertThat(databases.stream()).extracting(Database::getEngine)
			.containsExactly("postgresql", "postgresql", "mariadb", "h2", "mongodb");
	}

	@Test
	void aDatabaseReportsItsState() {
		assertThat(context.getBean(Databases.class)).allSatisfy((database) -> {
			assertThat(database.getState()).isEqualTo(DatabaseState.UP);
			assertThat(database.getSince()).isBetween(started, Instant.now());
			assertThat(database.getLastFailure()).isNull();
		});
	}

	@Test
	void whenAnUnknownDatabaseIsLookedUpThenTheKnownOnesAreListed() {
		assertThatExceptionOfType(UnknownDatabaseException.class)
			.isThrownBy(() -> context.getBean(Databases.class).get("order"))
			.withMessage("No database named 'order'. Known: orders, order-archive, inventory, cache, catalog.")
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("order"));
	}

	@Test
	void onlyTheThreadsOfTheMonitorAndTheChecksOfBackupsRemain() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("appdbs") && !name.matches("appdbs-(monitor|probe|backup)-\\d+")));
	}

	private static void insertAndFail(Class<? extends Store> type, String id, Stream<Class<? extends Store>> stores) {
		assertThatIllegalStateException().isThrownBy(() -> context.getBean(type).inTransaction(() -> {
			stores.forEach((store) -> beans(store).insert(id));
			throw new IllegalStateException("Rolled back");
		}));
	}

	private static HikariDataSource pool(Class<? extends Store> store) throws SQLException {
		return beans(store).dataSource().unwrap(HikariDataSource.class);
	}

	private static Relational beans(Class<? extends Store> store) {
		return context.getBean(store).beans();
	}

	private static Catalog catalog() {
		return context.getBean(Catalog.class);
	}

	private static Stream<Class<? extends Store>> others(Class<? extends Store> store) {
		return STORES.stream().filter((other) -> other != store);
	}

	private static void assertEmptyBut(Class<? extends Store> store) {
		assertThat(others(store)).allSatisfy((other) -> assertThat(beans(other).ids()).isEmpty());
	}

}
