package io.appdbs.testcontainers;

import org.junit.jupiter.api.Test;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.context.ImportTestcontainers;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for containers in static fields of test classes.
 */
@RequiresImages(Image.POSTGRESQL)
class StaticFieldTests {

	@Test
	void whenClassesHaveTheSameContainersThenTheyShareAContext() {
		ApplicationContext one = new TestContextManager(One.class).getTestContext().getApplicationContext();
		ApplicationContext other = new TestContextManager(Other.class).getTestContext().getApplicationContext();
		assertThat(other).isSameAs(one);
		assertBound(one, "orders");
		assertBound(one, "audit");
	}

	@Test
	void whenAContextIsCreatedAgainThenItsContainersKeepRunning() {
		TestContext one = new TestContextManager(One.class).getTestContext();
		ApplicationContext first = one.getApplicationContext();
		String container = SharedContainers.ORDERS.getContainerId();
		one.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		ApplicationContext second = one.getApplicationContext();
		assertThat(second).isNotSameAs(first);
		assertThat(SharedContainers.ORDERS.getContainerId()).isEqualTo(container);
		assertBound(second, "orders");
	}

	@Test
	void whenJUnitHasStartedTheContainerThenItIsNotStartedAgain() {
		StartedByJUnit.CONTAINER.start();
		String container = StartedByJUnit.CONTAINER.getContainerId();
		assertBound(new TestContextManager(StartedByJUnit.class).getTestContext().getApplicationContext(), "orders");
		assertThat(StartedByJUnit.CONTAINER.getContainerId()).isEqualTo(container);
		StartedByJUnit.CONTAINER.stop();
	}

	@Test
	void whenAClassImportsItsOwnContainersThenEachIsOneDatabase() {
		TestContext imported = new TestContextManager(Imported.class).getTestContext();
		assertBound(imported.getApplicationContext(), "orders");
		imported.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(Imported.CONTAINER.isRunning()).isFalse();
	}

	@Test
	void whenBootUsesTheContainerAsWellThenBothConnectToIt() {
		ApplicationContext context = new TestContextManager(WithBoot.class).getTestContext().getApplicationContext();
		assertBound(context, "orders");
		assertThat(context.getBean("dataSource")).isNotSameAs(context.getBean("ordersDataSource"));
		assertThat(context.getBean(JdbcClient.class).sql("SELECT current_database()").query(String.class).single())
			.isEqualTo("orders");
	}

	private static void assertBound(ApplicationContext context, String name) {
		assertThat(context.getBean(name + "JdbcClient", JdbcClient.class)
			.sql("SELECT current_database()")
			.query(String.class)
			.single()).isEqualTo(name);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@SpringBootTest(classes = Application.class)
	static class One extends SharedContainers {

		@Autowired
		@Qualifier("audit")
		private JdbcClient audit;

	}

	@SpringBootTest(classes = Application.class)
	static class Other extends SharedContainers {

	}

	@Testcontainers
	@SpringBootTest(classes = Application.class)
	static class StartedByJUnit {

		@Container
		@DatabaseContainer("orders")
		static final JdbcDatabaseContainer<?> CONTAINER = new PostgreSQLContainer(Image.POSTGRESQL.get())
			.withDatabaseName("orders");

	}

	@ImportTestcontainers
	@SpringBootTest(classes = { Application.class, Imported.class })
	static class Imported {

		@DatabaseContainer("orders")
		static final PostgreSQLContainer CONTAINER = new PostgreSQLContainer(Image.POSTGRESQL.get())
			.withDatabaseName("orders");

	}

	@SpringBootTest(classes = Application.class)
	static class WithBoot {

		@ServiceConnection("postgres")
		@DatabaseContainer("orders")
		static final PostgreSQLContainer CONTAINER = new PostgreSQLContainer(Image.POSTGRESQL.get())
			.withDatabaseName("orders");

	}

}
