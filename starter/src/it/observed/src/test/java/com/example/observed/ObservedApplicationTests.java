package com.example.observed;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.example.observed.ObservedApplication.Observed;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.maintenance.MaintenanceRequest;
import io.appdbs.maintenance.MaintenanceTask;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Named databases whose statements and commands the application has observed by
 * datasource-micrometer and by the MongoDB driver itself.
 */
@SpringBootTest
class ObservedApplicationTests {

	private static EmbeddedServers servers;

	@Autowired
	private ApplicationContext context;

	@Autowired
	private DatabaseLifecycle databases;

	@Autowired
	private Observed observed;

	@DynamicPropertySource
	static void ordersAreOnAServerOfTheTest(DynamicPropertyRegistry registry) {
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:postgresql", "orders");
		registry.add("app.dbs.orders.url", () -> url);
	}

	@AfterAll
	static void stopServer() {
		servers.close();
	}

	@BeforeEach
	void forget() {
		this.observed.clear();
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "billing" })
	void everyStatementIsObservedOnceAndNoProbe(String database) {
		JdbcClient client = this.context.getBean(database + "JdbcClient", JdbcClient.class);
		assertThat(client.sql("select 1").query(Integer.class).single()).isEqualTo(1);
		awaitProbes(database);
		assertThat(this.observed.count("jdbc.query")).as(this.observed.names().toString()).isOne();
		assertThat(this.observed.count("jdbc.connection")).isOne();
		assertThat(meters()).contains("hikaricp_connections_max{db=\"%s\"".formatted(database),
				"jdbc_connections_max{db=\"%s\"".formatted(database));
	}

	@Test
	void everyOperationOfMongoDbIsObservedOnceAndNoProbe() {
		this.context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "item");
		awaitProbes("catalog");
		assertThat(this.observed.names()).doesNotHaveDuplicates()
			.isNotEmpty()
			.allMatch((name) -> name.startsWith("mongodb"));
		assertThat(meters()).contains("mongodb_driver_commands_seconds_count{")
			.contains("command=\"insert\"")
			.doesNotContain("command=\"ping\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "billing" })
	void thePoolCanStillBeUnwrapped(String database) throws SQLException {
		DataSource dataSource = this.context.getBean(database + "DataSource", DataSource.class);
		assertThat(dataSource).isNotInstanceOf(HikariDataSource.class);
		assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
		assertThat(dataSource.unwrap(HikariDataSource.class).getPoolName()).isEqualTo(database);
	}

	@Test
	void rowsCanBeInsertedIntoPartitionsThatAreCreatedAhead() {
		JdbcClient client = this.context.getBean("ordersJdbcClient", JdbcClient.class);
		client.sql("insert into event select now() + (n || ' months')::interval from generate_series(0, 3) n").update();
		assertThat(client.sql("select count(distinct tableoid) from event").query(Integer.class).single()).isEqualTo(4);
		assertThat(meters()).containsPattern("appdbs_partitions_ahead_seconds\\{db=\"orders\"} [1-9]");
	}

	@Test
	void transactionsAreStillThoseOfTheDatabaseThatTheyName() {
		Billing billing = this.context.getBean(Billing.class);
		billing.createTables();
		assertThatIllegalStateException().isThrownBy(billing::insertIntoBothAndFail);
		assertThat(billing.countBilling()).isZero();
		assertThat(billing.countOrders()).isOne();
	}

	@Test
	void maintenanceIsMeasuredAndNotObserved() {
		JdbcClient client = this.context.getBean("ordersJdbcClient", JdbcClient.class);
		client.sql("create table if not exists parcel (id int)").update();
		this.observed.clear();
		MaintenanceTask task = this.databases.get("orders")
			.getMaintenance()
			.start(MaintenanceRequest.vacuum("parcel"))
			.toCompletableFuture()
			.join();
		assertThat(task.getState()).as("%s", task.getMessages()).isEqualTo(MaintenanceTask.State.DONE);
		assertThat(this.observed.names()).isEmpty();
		assertThat(meters())
			.contains("appdbs_maintenance_seconds_count{db=\"orders\",operation=\"vacuum\",outcome=\"done\"} 1");
	}

	@Test
	@DirtiesContext
	void whileADatabaseIsDownBorrowingStillFailsAtOnce() throws SQLException {
		DataSource dataSource = this.context.getBean("ordersDataSource", DataSource.class);
		try (Connection connection = dataSource.getConnection()) {
			assertThat(connection.isValid(1)).isTrue();
		}
		servers.close();
		Awaitility.await()
			.until(() -> this.context.getBean(Databases.class).get("orders").getState() == DatabaseState.DOWN);
		assertThatExceptionOfType(DatabaseDownException.class).isThrownBy(dataSource::getConnection)
			.withMessageStartingWith("Database 'orders' is down since ");
		assertThat(meters()).contains("appdbs_state{db=\"orders\",state=\"down\"} 1.0",
				"appdbs_state{db=\"billing\",state=\"up\"} 1.0");
	}

	private void awaitProbes(String database) {
		DatabaseStatistics statistics = this.databases.getStatistics(database);
		long probes = statistics.getProbes();
		Awaitility.await().until(() -> statistics.getProbes() > probes + 2);
	}

	private String meters() {
		return this.context.getBean(PrometheusMeterRegistry.class).scrape();
	}

}
