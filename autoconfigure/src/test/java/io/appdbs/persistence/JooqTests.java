package io.appdbs.persistence;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.TestDatabases;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for jOOQ on named databases.
 */
class JooqTests {

	private static final String TABLE = "CREATE TABLE item (name VARCHAR(40) PRIMARY KEY)";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.audit.url=embedded:h2", "spring.main.banner-mode=off");

	@ParameterizedTest
	@CsvSource({ "embedded:postgresql,POSTGRES", "embedded:mariadb,MARIADB", "embedded:h2,H2" })
	void workTakesPartInTheTransactionsOfItsDatabase(String url, SQLDialect dialect) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + url)
			.withUserConfiguration(Items.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Items items = context.getBean(Items.class);
				assertThat(items.orders().dialect()).isEqualTo(dialect);
				items.createTables();
				items.save("both");
				assertThatIllegalStateException().isThrownBy(() -> items.saveAndFail("rolled back"));
				assertThatIllegalStateException().isThrownBy(() -> items.saveInTransactionOfJooqAndFail("rolled back"));
				assertThatIllegalStateException().isThrownBy(() -> items.saveOfAuditAndFail("audit"));
				assertThat(items.orders().fetch("SELECT name FROM item").getValues(0, String.class))
					.containsExactlyInAnyOrder("both", "both by JdbcClient", "audit in orders");
				assertThat(items.audit().fetchCount(DSL.table("item"))).isZero();
				HikariDataSource pool = context.getBean("ordersDataSource", DataSource.class)
					.unwrap(HikariDataSource.class);
				assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			});
	}

	@Test
	void transactionsAreRetried() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.retry.enabled=true",
					"app.dbs.orders.retry.on-sql-states=23505")
			.withUserConfiguration(Items.class)
			.run((context) -> {
				Items items = context.getBean(Items.class);
				items.createTables();
				items.saveFirstOf(List.of("taken").iterator());
				Iterator<String> names = List.of("taken", "taken", "free", "unused").iterator();
				items.saveFirstOf(names);
				assertThat(names.next()).isEqualTo("unused");
				assertThat(items.orders().fetch("SELECT name FROM item").getValues(0, String.class))
					.containsExactlyInAnyOrder("taken", "free");
			});
	}

	@Test
	void exceptionsAreThoseOfJdbcTemplate() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql").run((context) -> {
			DSLContext orders = context.getBean("ordersDslContext", DSLContext.class);
			orders.execute(TABLE);
			String insert = "INSERT INTO item VALUES ('twice')";
			orders.execute(insert);
			assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> orders.execute(insert))
				.withMessageStartingWith("Database 'orders': jOOQ; ");
		});
	}

	@Test
	void worksInTheTransactionsOfJpa() {
		new ApplicationContextRunner().withUserConfiguration(JpaApplication.class, Items.class)
			.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs.orders.url=embedded:h2",
					"app.dbs.orders.primary=true", "spring.jpa.hibernate.ddl-auto=none")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("ordersTransactionManager")).isInstanceOf(JpaTransactionManager.class);
				Items items = context.getBean(Items.class);
				items.createTables();
				items.save("both");
				assertThatIllegalStateException().isThrownBy(() -> items.saveAndFail("rolled back"));
				assertThat(items.orders().fetchCount(DSL.table("item"))).isEqualTo(2);
			});
	}

	@ParameterizedTest
	@CsvSource({ "postgresql,POSTGRES", "cockroachdb,POSTGRES", "mysql,MYSQL", "mariadb,MARIADB", "jdbc:h2:tcp,H2" })
	void whileTheDatabaseIsDownTheDialectIsKnownAndWorkFailsAtOnce(String scheme, SQLDialect dialect) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=%s://localhost:1/orders".formatted(scheme),
					"app.dbs.orders.username=app", "app.dbs.orders.required=false")
			.withUserConfiguration(Items.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				TestDatabases.await(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				Items items = context.getBean(Items.class);
				assertThat(items.orders().dialect()).isEqualTo(dialect);
				assertThatExceptionOfType(TransientDataAccessResourceException.class)
					.isThrownBy(() -> items.orders().selectOne().fetch())
					.withMessageStartingWith("Database 'orders': jOOQ; ")
					.withCauseInstanceOf(DatabaseDownException.class);
				assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(() -> items.save("x"))
					.withCauseInstanceOf(DatabaseDownException.class);
				assertThat(items.audit().selectOne().fetch()).hasSize(1);
			});
	}

	@Test
	void theContextOfThePrimaryDatabaseReplacesBoots() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.primary=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanFactory().getSingletonNames()).noneMatch((name) -> name.startsWith("orders")
						&& (name.contains("Jooq") || name.contains("Dsl") || name.contains("DataSource")));
				for (Map.Entry<Class<?>, String> bean : Map
					.of(DSLContext.class, "DslContext", Configuration.class, "JooqConfiguration",
							ConnectionProvider.class, "JooqConnectionProvider", TransactionProvider.class,
							"JooqTransactionProvider")
					.entrySet()) {
					assertThat(context.getBeanNamesForType(bean.getKey()))
						.containsExactlyInAnyOrder("orders" + bean.getValue(), "audit" + bean.getValue());
					assertThat(context.getBean(bean.getKey())).isSameAs(context.getBean("orders" + bean.getValue()));
				}
			});
	}

	@Test
	void theContextOfTheOnlyDatabaseReplacesBoots() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(DSLContext.class)).isSameAs(context.getBean("auditDslContext"));
		});
	}

	@Test
	void equalDatabasesHaveEqualContexts() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanNamesForType(DSLContext.class)).containsExactlyInAnyOrder("ordersDslContext",
					"auditDslContext");
			assertThat(context.getBean("ordersDslContext", DSLContext.class).fetchValue("SELECT DATABASE()"))
				.isNotEqualTo(context.getBean("auditDslContext", DSLContext.class).fetchValue("SELECT DATABASE()"));
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Application.class, OwnAuditContext.class })
	void theContextOfBootsOwnDatabaseStaysTheDefaultOne(Class<?> configuration) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "spring.datasource.url=jdbc:h2:mem:jooq-boot",
					"spring.jooq.sql-dialect=H2")
			.withUserConfiguration(configuration)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(DSLContext.class)).isSameAs(context.getBean("dslContext"));
				assertThat(context.getBean(DSLContext.class).fetchValue("SELECT DATABASE()")).isEqualTo("JOOQ-BOOT");
				assertThat(context.getBean("ordersDslContext", DSLContext.class).dialect())
					.isEqualTo(SQLDialect.POSTGRES);
			});
	}

	@Test
	void worksWithoutBootsConfiguration() {
		new ApplicationContextRunner().withUserConfiguration(LeanApplication.class)
			.withPropertyValues("app.dbs.orders.url=embedded:h2")
			.run((context) -> {
				DSLContext orders = context.getBean(DSLContext.class);
				orders.execute(TABLE);
				assertThatExceptionOfType(DuplicateKeyException.class)
					.isThrownBy(() -> orders.execute("INSERT INTO item VALUES ('a'), ('a')"));
			});
	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			TransactionAutoConfiguration.class, JooqAutoConfiguration.class })
	static class Application {

	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class JpaApplication {

	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DatabasesAutoConfiguration.class)
	static class LeanApplication {

	}

	@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
	static class OwnAuditContext {

		@org.springframework.context.annotation.Bean
		@Qualifier("audit")
		DSLContext own(@Qualifier("audit") DataSource dataSource) {
			return DSL.using(dataSource, SQLDialect.H2);
		}

	}

	static class Items {

		private final DSLContext orders;

		private final JdbcClient client;

		private final DSLContext audit;

		Items(@Qualifier("orders") DSLContext orders, JdbcClient ordersJdbcClient, DSLContext auditDslContext) {
			this.orders = orders;
			this.client = ordersJdbcClient;
			this.audit = auditDslContext;
		}

		DSLContext orders() {
			return this.orders;
		}

		DSLContext audit() {
			return this.audit;
		}

		void createTables() {
			this.orders.execute(TABLE);
			this.audit.execute(TABLE);
		}

		@Transactional("orders")
		void save(String name) {
			insert(this.orders, name);
			this.client.sql("INSERT INTO item VALUES (?)").param(name + " by JdbcClient").update();
		}

		@Transactional("orders")
		void saveFirstOf(Iterator<String> names) {
			insert(this.orders, names.next());
		}

		@Transactional("orders")
		void saveAndFail(String name) {
			save(name);
			throw new IllegalStateException("Rolled back");
		}

		void saveInTransactionOfJooqAndFail(String name) {
			this.orders.transaction((configuration) -> {
				insert(configuration.dsl(), name);
				this.client.sql("INSERT INTO item VALUES (?)").param(name + " by JdbcClient").update();
				throw new IllegalStateException("Rolled back");
			});
		}

		@Transactional("audit")
		void saveOfAuditAndFail(String name) {
			insert(this.audit, name);
			insert(this.orders, name + " in orders");
			throw new IllegalStateException("Rolled back");
		}

		private static void insert(DSLContext context, String name) {
			context.insertInto(DSL.table("item"), DSL.field("name")).values(name).execute();
		}

	}

}
