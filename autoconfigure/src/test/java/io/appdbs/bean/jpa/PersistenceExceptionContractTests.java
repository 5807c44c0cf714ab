package io.appdbs.bean.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.jdbc.PoolExhaustedException;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.testsupport.PlainApplication;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Contract for exceptions of a persistence unit, in addition to one of another database,
 * which Spring asks for their translation first.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PersistenceExceptionContractTests {

	private final EmbeddedServers servers = new EmbeddedServers(null);

	private final Function<EmbeddedServers, String> url;

	private final String sleep;

	private TcpProxy proxy;

	private ConfigurableApplicationContext context;

	private AuditEntryRepository repository;

	private Entries entries;

	PersistenceExceptionContractTests(String embedded, String sleep) {
		this((servers) -> servers.getUrl("embedded:" + embedded, "audit"), sleep);
	}

	PersistenceExceptionContractTests(Function<EmbeddedServers, String> url, String sleep) {
		this.url = url;
		this.sleep = sleep;
	}

	@BeforeAll
	void start() throws Exception {
		String url = this.url.apply(this.servers);
		String address = url.substring(url.indexOf('@') + 1, url.lastIndexOf('/'));
		this.proxy = new TcpProxy(address);
		this.context = new SpringApplicationBuilder(PlainApplication.class, Application.class)
			.properties(Map.of("app.dbs.orders.url", "embedded:h2", "app.dbs.orders.primary", "true",
					"app.dbs.orders.packages", "io.appdbs.shop.orders", "app.dbs.audit.packages",
					"io.appdbs.shop.audit", "app.dbs.audit.url", url.replace(address, this.proxy.address()),
					"app.dbs.audit.health.interval", "1s", "app.dbs.audit.pool.max-size", "4"))
			.properties(Map.of("app.dbs.audit.pool.acquire-timeout", "500ms", "app.dbs.audit.statement-timeout", "2s",
					"app.dbs.audit.lock-timeout", "300ms", "app.dbs.audit.jpa.ddl-auto", "create",
					"app.dbs.audit.retry.enabled", "true", "app.dbs.audit.retry.max-attempts", "5"))
			.web(WebApplicationType.NONE)
			.run();
		this.repository = this.context.getBean(AuditEntryRepository.class);
		this.entries = this.context.getBean(Entries.class);
		jdbc().execute("CREATE UNIQUE INDEX who ON audit_entry (who_did_it)");
	}

	@AfterAll
	void stop() {
		this.context.close();
		this.proxy.close();
		this.servers.close();
	}

	@BeforeEach
	void deleteAll() {
		this.repository.deleteAllInBatch();
	}

	@AfterEach
	void recover() {
		this.proxy.resume();
		TestDatabases.await(() -> state() == DatabaseState.UP && isPoolUsable());
	}

	/**
	 * Replaces connections that have been lost.
	 */
	private boolean isPoolUsable() {
		DataSource dataSource = this.context.getBean("auditDataSource", DataSource.class);
		try (Connection first = dataSource.getConnection();
				Connection second = dataSource.getConnection();
				Connection third = dataSource.getConnection();
				Connection fourth = dataSource.getConnection()) {
			return Stream.of(first, second, third, fourth).allMatch((connection) -> {
				try (Statement statement = connection.createStatement()) {
					return statement.execute("SELECT 1");
				}
				catch (SQLException ex) {
					return false;
				}
			});
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Test
	void whenTheDatabaseIsDownThenATransactionFailsWithTheOutage() {
		this.proxy.refuse();
		TestDatabases.await(() -> state() == DatabaseState.DOWN);
		assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(this.repository::findAll)
			.withMessage("Database 'audit': Could not open JPA EntityManager for transaction")
			.withCauseInstanceOf(DatabaseDownException.class);
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> this.repository.save(new AuditEntry("Ada")))
			.withCauseInstanceOf(DatabaseDownException.class);
		assertThatExceptionOfType(TransientDataAccessResourceException.class).isThrownBy(this.entries::count)
			.withMessageStartingWith("Database 'audit': Hibernate operation: Unable to acquire JDBC Connection")
			.withCauseInstanceOf(DatabaseDownException.class);
	}

	@Test
	void whenTheConnectionIsLostInATransactionThenTheExceptionNamesTheDatabase() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
				this.repository.saveAndFlush(new AuditEntry("Ada"));
				this.proxy.reset();
				this.repository.saveAndFlush(new AuditEntry("Bob"));
			}))
			.withMessageStartingWith("Database 'audit': Hibernate operation: could not execute statement");
		TestDatabases.await(this::isPoolUsable);
		assertThat(this.repository.count()).isZero();
	}

	@Test
	void whenTheConnectionIsLostBeforeTheCommitThenTheExceptionNamesTheDatabase() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
				this.repository.saveAndFlush(new AuditEntry("Ada"));
				this.proxy.reset();
			}))
			.withMessageStartingWith(
					"Database 'audit': Hibernate transaction: Unable to commit against JDBC Connection");
	}

	@Test
	void whenThePoolIsExhaustedThenATransactionFailsWithItsUsage() throws Exception {
		DataSource dataSource = this.context.getBean("auditDataSource", DataSource.class);
		try (Connection first = dataSource.getConnection();
				Connection second = dataSource.getConnection();
				Connection third = dataSource.getConnection();
				Connection fourth = dataSource.getConnection()) {
			assertThat(new Connection[] { first, second, third, fourth }).doesNotContainNull();
			assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(this.repository::findAll)
				.withMessage("Database 'audit': Could not open JPA EntityManager for transaction")
				.withCauseInstanceOf(PoolExhaustedException.class);
			assertThatExceptionOfType(TransientDataAccessResourceException.class).isThrownBy(this.entries::count)
				.withMessageStartingWith("Database 'audit': ");
		}
	}

	@Test
	void whenAStatementTakesTooLongThenItIsAQueryTimeout() {
		assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> this.entries.execute(this.sleep))
			.withMessageStartingWith("Database 'audit': Hibernate operation: ");
	}

	@Test
	void whenALockIsHeldThenItCannotBeAcquired() {
		AuditEntry entry = this.repository.save(new AuditEntry("Ada"));
		transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult((status) -> {
			jdbc().update("UPDATE audit_entry SET who_did_it = 'Bob'");
			assertThat(SeparateThread.supply(() -> {
				try {
					this.repository.deleteById(entry.getId());
					return null;
				}
				catch (RuntimeException ex) {
					return ex;
				}
			}).join()).isInstanceOf(CannotAcquireLockException.class)
				.hasMessageStartingWith("Database 'audit': Hibernate operation: ");
		});
	}

	@Test
	void whenAKeyExistsThenItIsADuplicate() {
		this.repository.save(new AuditEntry("Ada"));
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.repository.save(new AuditEntry("Ada")))
			.withMessageStartingWith("Database 'audit': Hibernate operation: could not execute statement");
		assertThatExceptionOfType(org.hibernate.exception.ConstraintViolationException.class)
			.isThrownBy(() -> transaction(TransactionDefinition.ISOLATION_DEFAULT).executeWithoutResult(
					(status) -> this.context.getBean("jpaSharedEM_auditEntityManagerFactory", EntityManager.class)
						.persist(new AuditEntry("Ada"))))
			.withMessageStartingWith("Database 'audit': could not execute statement");
	}

	TransactionTemplate transaction(int isolation) {
		TransactionTemplate template = new TransactionTemplate(
				this.context.getBean("auditTransactionManager", PlatformTransactionManager.class));
		template.setIsolationLevel(isolation);
		return template;
	}

	AuditEntryRepository repository() {
		return this.repository;
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	JdbcTemplate jdbc() {
		return this.context.getBean("auditJdbcTemplate", JdbcTemplate.class);
	}

	private DatabaseState state() {
		return this.context.getBean(Databases.class).get("audit").getState();
	}

	@Import(Entries.class)
	static class Application {

	}

	/**
	 * Queries without a transaction.
	 */
	@Repository
	static class Entries {

		@PersistenceContext(unitName = "audit")
		private EntityManager entityManager;

		private final EntityManager qualified;

		Entries(@Qualifier("audit") EntityManager qualified) {
			this.qualified = qualified;
		}

		long count() {
			return this.qualified.createQuery("select count(e) from AuditEntry e", Long.class).getSingleResult();
		}

		void execute(String sql) {
			this.entityManager.createNativeQuery(sql, Object.class).getResultList();
		}

	}

}
