package io.appdbs.transaction;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for conflicts of a real PostgreSQL server: at a statement, at the commit, and
 * after they have been swallowed.
 */
class PostgreSqlConflictTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String url;

	private static JdbcTemplate outside;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.retry.enabled=true");

	@BeforeAll
	static void startServer() {
		url = servers.getUrl("embedded:postgresql", "orders");
		outside = new JdbcTemplate(
				new DriverManagerDataSource("jdbc:" + url.replaceFirst("//[^@]*@", "//") + "?user=postgres"));
		outside.execute("CREATE ROLE app");
	}

	@BeforeEach
	void createTable() {
		outside.execute("DROP TABLE IF EXISTS counter");
		outside.execute("CREATE TABLE counter (id INT PRIMARY KEY, n INT, version INT NOT NULL DEFAULT 0)");
		outside.execute("INSERT INTO counter VALUES (1, 0), (2, 0)");
	}

	@Test
	void whenAStatementConflictsThenTheTransactionIsRetried() {
		run(PostgreSqlConflictTests::increment);
		assertThat(read(outside, 1)).isEqualTo(11);
	}

	@Test
	void whenTheCommitConflictsThenTheTransactionIsRetried() {
		run((template, attempts) -> {
			int n = read(template, 1);
			template.update("UPDATE counter SET n = ? WHERE id = 2", n + 1);
			// a cycle of dependencies that is complete when this has committed
			disturb(attempts, """
					BEGIN ISOLATION LEVEL SERIALIZABLE;
					UPDATE counter SET n = (SELECT n FROM counter WHERE id = 2) + 10 WHERE id = 1;
					COMMIT""");
		});
		assertThat(read(outside, 2)).isEqualTo(11);
	}

	@Test
	void whenAConflictIsSwallowedAndTheNextStatementFailsThenTheTransactionIsRetried() {
		run((template, attempts) -> {
			int n = read(template, 1);
			disturb(attempts, "UPDATE counter SET n = n + 10 WHERE id = 1");
			try {
				template.update("UPDATE counter SET n = ? WHERE id = 1", n + 1);
			}
			catch (DataAccessException ex) {
				read(template, 2);
			}
		});
		assertThat(read(outside, 1)).isEqualTo(11);
	}

	@Test
	void whenATransactionalMethodConflictsThenItIsRetried() {
		this.runner.withBean(Counter.class).run((context) -> {
			Counter counter = context.getBean(Counter.class);
			counter.increment();
			assertThat(counter.getAttempts()).hasValue(2);
			assertThat(read(outside, 1)).isEqualTo(11);
		});
	}

	@Test
	void whenTheConnectionIsLostThenOnlyIdempotentWorkIsRetried() {
		assertOnlyIdempotentWorkIsRetried(PostgreSqlConflictTests::losesConnection, 1);
	}

	@Test
	void whenTheConnectionIsLostAtTheCommitThenOnlyIdempotentWorkIsRetried() {
		outside.execute(
				"""
						CREATE OR REPLACE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
						$$ BEGIN IF NEW.n = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$""");
		outside.execute("CREATE CONSTRAINT TRIGGER lose AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED"
				+ " FOR EACH ROW EXECUTE FUNCTION lose()");
		assertOnlyIdempotentWorkIsRetried(
				(template, attempts) -> template.update("UPDATE counter SET n = ?", attempts.incrementAndGet()), 2);
	}

	private void assertOnlyIdempotentWorkIsRetried(BiFunction<JdbcTemplate, AtomicInteger, Integer> work, int result) {
		this.runner.run((context) -> {
			JdbcTemplate template = context.getBean(JdbcTemplate.class);
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			AtomicInteger attempts = new AtomicInteger();
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> transaction.execute((status) -> work.apply(template, attempts)));
			assertThat(attempts).hasValue(1);
			attempts.set(0);
			IdempotentTransactionCallback<Integer> idempotent = (status) -> work.apply(template, attempts);
			assertThat(transaction.execute(idempotent)).isEqualTo(result);
			assertThat(attempts).hasValue(2);
		});
	}

	@Test
	void eachAttemptRunsUnderTheContextOfTheCaller() {
		outside.execute("ALTER TABLE counter ADD owner TEXT DEFAULT 'alice'");
		outside.execute("ALTER TABLE counter ENABLE ROW LEVEL SECURITY");
		outside.execute("CREATE POLICY own ON counter USING (owner = current_setting('app.current_user_id', true))");
		outside.execute("GRANT ALL ON counter TO app");
		this.runner
			.withPropertyValues("app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.role=app",
					"app.dbs.orders.rls.verify=off")
			.run((context) -> RlsContextHolder.runAs(RlsContext.of("alice"), () -> {
				run(context, PostgreSqlConflictTests::increment);
				assertThat(read(outside, 1)).isEqualTo(11);
			}));
	}

	@Test
	void aJpaTransactionIsRetriedWithNewEntities() {
		this.runner.withUserConfiguration(JpaConfiguration.class).run((context) -> {
			EntityManager entities = context.getBean("entityManager", EntityManager.class);
			AtomicInteger attempts = new AtomicInteger();
			TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
			transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
			transaction.executeWithoutResult((status) -> {
				CounterEntity counter = entities.find(CounterEntity.class, 1);
				disturb(attempts, "UPDATE counter SET n = n + 10 WHERE id = 1");
				counter.n++;
			});
			assertThat(attempts).hasValue(2);
			assertThat(read(outside, 1)).isEqualTo(11);
		});
	}

	private void run(BiConsumer<JdbcTemplate, AtomicInteger> work) {
		this.runner.run((context) -> run(context, work));
	}

	private static void increment(JdbcTemplate template, AtomicInteger attempts) {
		int n = read(template, 1);
		disturb(attempts, "UPDATE counter SET n = n + 10 WHERE id = 1");
		template.update("UPDATE counter SET n = ? WHERE id = 1", n + 1);
	}

	private static void run(ApplicationContext context, BiConsumer<JdbcTemplate, AtomicInteger> work) {
		AtomicInteger attempts = new AtomicInteger();
		TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		JdbcTemplate template = context.getBean(JdbcTemplate.class);
		transaction.executeWithoutResult((status) -> work.accept(template, attempts));
		assertThat(attempts).hasValue(2);
	}

	/**
	 * Executes a concurrent write during the first attempt.
	 */
	private static void disturb(AtomicInteger attempts, String sql) {
		if (attempts.incrementAndGet() == 1) {
			outside.execute(sql);
		}
	}

	private static Integer losesConnection(JdbcTemplate template, AtomicInteger attempts) {
		if (attempts.incrementAndGet() == 1) {
			Integer process = template.queryForObject("SELECT pg_backend_pid()", Integer.class);
			outside.queryForList("SELECT pg_terminate_backend(?, 5000)", Boolean.class, process);
		}
		return template.queryForObject("SELECT 1", Integer.class);
	}

	private static int read(JdbcTemplate template, int id) {
		List<Integer> values = template.queryForList("SELECT n FROM counter WHERE id = ?", Integer.class, id);
		assertThat(values).hasSize(1);
		return values.get(0);
	}

	static class Counter {

		private final AtomicInteger attempts = new AtomicInteger();

		private final JdbcTemplate template;

		Counter(JdbcTemplate template) {
			this.template = template;
		}

		AtomicInteger getAttempts() {
			return this.attempts;
		}

		@Transactional(transactionManager = "orders", isolation = Isolation.SERIALIZABLE)
		void increment() {
			PostgreSqlConflictTests.increment(this.template, this.attempts);
		}

	}

	@Entity
	@Table(name = "counter")
	static class CounterEntity {

		@Id
		private int id;

		private int n;

		@Version
		private int version;

	}

	@Configuration
	static class JpaConfiguration {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes.of(CounterEntity.class.getName()));
			return factory;
		}

		@Bean
		EntityManager entityManager(EntityManagerFactory factory) {
			return SharedEntityManagerCreator.createSharedEntityManager(factory);
		}

	}

}
