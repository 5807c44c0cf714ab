package io.appdbs.transaction;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.xml.XmlBeanDefinitionReader;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link TransactionRetry}. The transactions run on H2; their exceptions are
 * those of other drivers.
 */
@ApplicationClassLoader
class TransactionRetryTests {

	private static int databases;

	private final List<String> calls = new ArrayList<>();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
			.withBean(Service.class, () -> new Service(this.calls))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:retry" + ++databases, "app.dbs.orders.primary=true",
					"app.dbs.orders.retry.enabled=true", "app.dbs.orders.retry.max-attempts=3",
					"app.dbs.orders.retry.initial-delay=1ms", "app.dbs.audit.url=jdbc:h2:mem:retry-audit" + databases);
	}

	static Stream<Arguments> boundaries() {
		Supplier<RuntimeException> lost = () -> new DataAccessResourceFailureException("", state("08006"));
		return Stream.of(boundary("a qualified boundary is retried", conflicts(1), Service::qualified, null, 2),
				boundary("a boundary with the name of a bean is retried", conflicts(1), Service::byBeanName, null, 2),
				boundary("the boundary of the primary database is retried", conflicts(1), Service::primary, null, 2),
				boundary("a boundary by a meta-annotation is retried", conflicts(1), Service::meta, null, 2),
				boundary("the boundary of the class is retried", conflicts(1), Service::ofTheClass, null, 2),
				boundary("other failures are not retried",
						throwing(() -> new DuplicateKeyException("", state("23505"))), Service::qualified,
						DuplicateKeyException.class, 1),
				boundary("a lost connection of idempotent work is retried", throwing(lost), Service::idempotent,
						DataAccessResourceFailureException.class, 3),
				boundary("failures after the commit are not retried", throwing(() -> conflict("")),
						(service, work) -> service.qualified(() -> afterCommit(work)), CannotAcquireLockException.class,
						1),
				boundary("a checked exception that commits is not retried", conflicts(0),
						(service, work) -> service.checked(() -> {
							throw state("40001");
						}), SQLException.class, 1),
				boundary("only the outer of two boundaries is retried", conflicts(1),
						(service, work) -> service.qualified(() -> service.byBeanName(work)), null, 4),
				boundary("a swallowed conflict of a participating method is retried", conflicts(1),
						(service, work) -> service.qualified(() -> catchThrowable(() -> service.byBeanName(work))),
						null, 4),
				boundary("a rollback whose reason is not a conflict is not retried",
						throwing(() -> new IllegalStateException("no conflict")),
						(service, work) -> service.qualified(() -> catchThrowable(() -> service.byBeanName(work))),
						UnexpectedRollbackException.class, 2),
				boundary("without resilient methods their annotation has no effect", conflicts(99), Service::retryable,
						CannotAcquireLockException.class, 3),
				boundary("without settings transactions of H2 are not retried", conflicts(1), Service::audit,
						CannotAcquireLockException.class, 1));
	}

	private static Arguments boundary(String name, Work work, Call call, @Nullable Class<? extends Throwable> failure,
			int calls) {
		return Arguments.argumentSet(name, work, call, failure, calls);
	}

	@ParameterizedTest
	@MethodSource("boundaries")
	void aBoundaryIsRetriedAsOftenAsItsFailureAllows(Work work, Call call, @Nullable Class<? extends Throwable> failure,
			int calls) {
		run((context, service) -> assertCalls(failure, calls, () -> call.on(service, work)));
	}

	@Test
	void theBoundaryOfAnInterfaceIsRetried() {
		this.runner.withPropertyValues("spring.aop.proxy-target-class=false")
			.withBean(Orders.class, () -> new DefaultOrders(this.calls))
			.run((context) -> {
				Orders orders = context.getBean(Orders.class);
				assertThat(orders).isNotInstanceOf(DefaultOrders.class);
				orders.order(conflicts(1));
				assertThat(this.calls).containsExactly("call", "call");
			});
	}

	@Test
	void writesOfAFailedAttemptAreRolledBack() {
		run((context, service) -> {
			JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			template.execute("CREATE TABLE item (id INT AUTO_INCREMENT)");
			Work conflicts = conflicts(2);
			service.qualified(() -> {
				template.update("INSERT INTO item DEFAULT VALUES");
				conflicts.run();
			});
			assertThat(this.calls).hasSize(3);
			assertThat(template.queryForObject("SELECT count(*) FROM item", Integer.class)).isEqualTo(1);
		});
	}

	@Test
	void whenTheAttemptsAreUsedUpThenTheEarlierFailuresAreSuppressed() {
		run((context, service) -> {
			Throwable failure = catchThrowable(() -> service.qualified(conflicts(9)));
			assertThat(this.calls).hasSize(3);
			assertThat(failure).isInstanceOf(CannotAcquireLockException.class).hasMessage("conflict 3");
			assertThat(failure.getSuppressed()).extracting(Throwable::getMessage)
				.containsExactly("conflict 1", "conflict 2");
		});
	}

	@Test
	void whenEachAttemptFailsWithTheSameExceptionThenNothingIsSuppressed() {
		run((context, service) -> {
			CannotAcquireLockException same = new CannotAcquireLockException("same", new SQLException("", "40001"));
			assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(() -> service.qualified(() -> {
				throw same;
			})).isSameAs(same).satisfies((ex) -> assertThat(ex.getSuppressed()).isEmpty());
			assertThat(this.calls).hasSize(3);
		});
	}

	@Test
	void whenAFailureIsCausedByTheEarlierOneThenTheEarlierOneIsNotSuppressed() {
		run((context, service) -> {
			List<RuntimeException> thrown = new ArrayList<>();
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> service.qualified(() -> {
				Throwable cause = thrown.isEmpty() ? new SQLException("", "40001") : thrown.get(thrown.size() - 1);
				thrown.add(new IllegalStateException(cause));
				throw thrown.get(thrown.size() - 1);
			})).satisfies((ex) -> assertThat(ex.getSuppressed()).isEmpty());
			assertThat(thrown).hasSize(3);
		});
	}

	static Stream<Arguments> failures() {
		DuplicateKeyException duplicate = new DuplicateKeyException("", state("23505"));
		return Stream.of(Arguments.argumentSet("further SQL states on request", "on-sql-states=23505", duplicate, 3),
				Arguments.argumentSet("a lost connection", "max-attempts=3",
						new DataAccessResourceFailureException("", state("08006")), 1),
				Arguments.argumentSet("disabled", "enabled=false", conflict(""), 1),
				Arguments.argumentSet("one attempt", "max-attempts=1", conflict(""), 1));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void theFailureAndTheSettingsDecideWhetherATransactionIsRetried(String property, RuntimeException failure,
			int attempts) {
		this.runner.withPropertyValues("app.dbs.orders.retry." + property).run((context) -> {
			TransactionTemplate template = template(context);
			assertCalls(failure.getClass(), attempts, () -> template.executeWithoutResult((status) -> {
				this.calls.add("call");
				throw failure;
			}));
		});
	}

	@Test
	void aTransactionThatCannotBeginIsNotRetried() {
		run((context, service) -> {
			context.getBean("ordersDataSource", DataSource.class).unwrap(HikariDataSource.class).close();
			assertCalls(RuntimeException.class, 0, () -> service.idempotent(conflicts(1)));
		});
	}

	@Test
	void aNewTransactionWithinAnotherIsRetriedAlone() {
		run((context, service) -> {
			service.qualified(() -> service.requiresNew(conflicts(1)));
			assertThat(this.calls).containsExactly("call", "new", "new");
		});
	}

	@Test
	void whenAnInnerTransactionHasUsedItsAttemptsThenTheOuterOneIsNotRetried() {
		run((context, service) -> {
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> service.qualified(() -> service.requiresNew(conflicts(9))));
			assertThat(this.calls).containsExactly("call", "new", "new", "new");
		});
	}

	@Test
	void withinATransactionWithoutABoundaryNothingIsRetried() {
		run((context, service) -> {
			PlatformTransactionManager manager = context.getBean("ordersTransactionManager",
					PlatformTransactionManager.class);
			TransactionStatus outer = manager.getTransaction(new DefaultTransactionDefinition());
			assertCalls(CannotAcquireLockException.class, 1, () -> service.qualified(conflicts(1)));
			manager.rollback(outer);
		});
	}

	@Test
	void withinATransactionOfAnotherDatabaseOnlyANewTransactionIsRetried() {
		run((context, service) -> {
			TransactionTemplate audit = context.getBean("auditTransactionTemplate", TransactionTemplate.class);
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> audit.executeWithoutResult((status) -> service.qualified(conflicts(1))));
			assertThat(this.calls).containsExactly("call");
			this.calls.clear();
			audit.executeWithoutResult((status) -> service.requiresNew(conflicts(1)));
			assertThat(this.calls).containsExactly("new", "new");
		});
	}

	@ParameterizedTest
	@EnumSource(value = Propagation.class, names = { "SUPPORTS", "NOT_SUPPORTED", "NEVER" })
	void workWithoutATransactionIsNotRetried(Propagation propagation) {
		run((context, service) -> {
			TransactionTemplate template = template(context);
			template.setPropagationBehavior(propagation.value());
			Work conflicts = conflicts(1);
			assertThatExceptionOfType(CannotAcquireLockException.class)
				.isThrownBy(() -> template.executeWithoutResult((status) -> conflicts.run()));
		});
	}

	@Test
	void aSavepointWithinATransactionIsNotRetried() {
		run((context, service) -> {
			TransactionTemplate template = template(context);
			Work conflicts = conflicts(1);
			service.qualified(() -> {
				template.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
				template.executeWithoutResult((status) -> {
					this.calls.add("nested");
					conflicts.run();
				});
			});
			assertThat(this.calls).containsExactly("call", "nested", "call", "nested");
		});
	}

	@ParameterizedTest
	@CsvSource({ "cockroachdb://localhost:1/shop, true", "postgresql://localhost:1/shop, false" })
	void whenNothingIsSetThenTheEngineDecides(String url, boolean enabled) {
		this.runner.withPropertyValues("app.dbs.shop.url=" + url, "app.dbs.shop.required=false")
			.run((context) -> assertThat(context.getBean(TransactionRetries.class).get("shop").isEnabled())
				.isEqualTo(enabled));
	}

	@Test
	void transactionsOfTheApplicationsManagerAreRetried() {
		this.runner.withUserConfiguration(OwnManager.class).run((context) -> {
			assertThat(context.containsBeanDefinition("ordersTransactionManager")).isFalse();
			Work conflicts = conflicts(1);
			context.getBean(Service.class).qualified(conflicts);
			assertThat(this.calls).hasSize(2);
			Work more = conflicts(1);
			template(context).executeWithoutResult((status) -> {
				this.calls.add("template");
				more.run();
			});
			assertThat(this.calls).hasSize(4);
		});
	}

	@Test
	void whenXmlNamesTheManagerThenItIsUsed() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean(PublicService.class, () -> new PublicService(this.calls))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:retry-xml", "app.dbs.orders.primary=true",
					"app.dbs.audit.url=jdbc:h2:mem:retry-xml-audit", "app.dbs.audit.retry.enabled=true",
					"app.dbs.audit.retry.initial-delay=1ms")
			.withInitializer((context) -> new XmlBeanDefinitionReader((BeanDefinitionRegistry) context)
				.loadBeanDefinitions(new ByteArrayResource(
						"""
								<beans xmlns="http://www.springframework.org/schema/beans"
									xmlns:tx="http://www.springframework.org/schema/tx"
									xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
									xsi:schemaLocation="http://www.springframework.org/schema/beans
										https://www.springframework.org/schema/beans/spring-beans.xsd
										http://www.springframework.org/schema/tx
										https://www.springframework.org/schema/tx/spring-tx.xsd">
									<tx:annotation-driven transaction-manager="auditTransactionManager" proxy-target-class="true"/>
								</beans>"""
							.getBytes(StandardCharsets.UTF_8))))
			.run((context) -> {
				DataSource audit = context.getBean("auditDataSource", DataSource.class);
				Work conflicts = conflicts(1);
				context.getBean(PublicService.class).primary(() -> {
					assertThat(TransactionSynchronizationManager.hasResource(audit)).isTrue();
					conflicts.run();
				});
				assertThat(this.calls).hasSize(2);
			});
	}

	@Test
	void transactionsOfAChildContextAreRetried() {
		this.runner.run((parent) -> new ApplicationContextRunner().withParent(parent)
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:unused")
			.withBean(Orders.class, () -> new DefaultOrders(this.calls))
			.run((context) -> {
				context.getBean(Orders.class).order(conflicts(1));
				assertThat(this.calls).containsExactly("call", "call");
			}));
	}

	@Test
	void whenTheTimeOutOfTheTransactionIsUsedUpThenNoFurtherAttemptBegins() {
		run((context, service) -> {
			assertCalls(TransactionTimedOutException.class, 1, () -> service.timed(() -> queryForever(context)));
			this.calls.clear();
			// the second attempt has what the first one left of 1 s
			assertThatExceptionOfType(TransactionTimedOutException.class).isThrownBy(() -> service.timed(() -> {
				if (this.calls.size() == 1) {
					throw conflict("first");
				}
				queryForever(context);
			})).satisfies((ex) -> assertThat(ex.getSuppressed()).extracting(Throwable::getMessage).contains("first"));
			assertThat(this.calls).hasSize(2);
		});
	}

	private static void queryForever(ApplicationContext context) {
		JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		while (true) {
			template.queryForObject("SELECT 1", Integer.class);
		}
	}

	@Test
	void whenTheThreadIsInterruptedThenTheLastFailureIsThrownAndTheFlagStays() {
		run((context, service) -> {
			assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(() -> service.qualified(() -> {
				Thread.currentThread().interrupt();
				throw conflict("interrupted");
			})).withMessage("interrupted");
			assertThat(Thread.interrupted()).isTrue();
			assertThat(this.calls).hasSize(1);
		});
	}

	@Test
	void onlyTheCommittedAttemptCallsSynchronizationsAndPublishesEvents() {
		this.runner.withUserConfiguration(Listener.class).run((context) -> {
			Work conflicts = conflicts(2);
			context.getBean(Service.class).qualified(() -> {
				int attempt = this.calls.size();
				context.publishEvent("attempt " + attempt);
				afterCommit(() -> this.calls.add("committed " + attempt));
				conflicts.run();
			});
			assertThat(this.calls).containsExactly("call", "call", "call", "committed 3");
			assertThat(context.getBean(Listener.class).events).containsExactly("attempt 3");
		});
	}

	@Test
	void whenAMethodHasItsOwnRetryThenTheAttemptsDoNotMultiply() {
		this.runner.withUserConfiguration(ResilienceConfiguration.class).run((context) -> {
			Service service = context.getBean(Service.class);
			assertCalls(CannotAcquireLockException.class, 2, () -> service.retryable(conflicts(99)));
			// a failure that its own retry excludes
			assertCalls(CannotAcquireLockException.class, 3, () -> service.retryableForOthers(conflicts(99)));
			assertCalls(IllegalStateException.class, 2,
					() -> service.retryableForOthers(throwing(() -> new IllegalStateException("other"))));
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void attemptsAreLoggedAndCounted(CapturedOutput output) {
		runLogged((context, service) -> {
			service.qualified(conflicts(1));
			catchThrowable(() -> service.qualified(conflicts(9)));
			TransactionRetry retry = context.getBean(TransactionRetries.class).get("orders");
			assertThat(retry.getAttempts(true)).isEqualTo(1);
			assertThat(retry.getAttempts(false)).isEqualTo(2);
		});
		assertThat(output).containsPattern(
				"Database 'orders': attempt 1 of 3 of a transaction failed, the next one follows in \\d+ ms: java.sql.SQLException: root")
			.contains(
					"Database 'orders': attempt 3 of 3 of a transaction failed, no other one follows: java.sql.SQLException: root");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenAConflictHasACauseThenTheConflictIsLogged(CapturedOutput output) {
		SQLException conflict = new SQLException("deadlock", "40001", new IOException("stream"));
		runLogged((context, service) -> catchThrowable(() -> service.qualified(throwing(
				() -> new CannotAcquireLockException("translated", new SQLException("aborted", "25P02", conflict))))));
		assertThat(output)
			.contains("attempt 3 of 3 of a transaction failed, no other one follows: java.sql.SQLException: deadlock")
			.doesNotContain("IOException", "aborted");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenAConflictOfAParticipatingMethodIsSwallowedThenTheConflictIsLogged(CapturedOutput output) {
		runLogged((context, service) -> {
			Work conflicts = conflicts(1);
			service.qualified(() -> catchThrowable(() -> service.byBeanName(conflicts)));
		});
		assertThat(output).containsPattern(
				"attempt 1 of 3 of a transaction failed, the next one follows in \\d+ ms: java.sql.SQLException: root")
			.doesNotContain("UnexpectedRollbackException");
	}

	private void assertCalls(@Nullable Class<? extends Throwable> failure, int calls, ThrowingCallable task) {
		this.calls.clear();
		if (failure != null) {
			assertThatExceptionOfType(failure).isThrownBy(task);
		}
		else {
			assertThatNoException().isThrownBy(task);
		}
		assertThat(this.calls).hasSize(calls);
	}

	private void runLogged(Scenario test) {
		Logger logger = (Logger) LoggerFactory.getLogger(TransactionRetry.class);
		logger.setLevel(Level.DEBUG);
		try {
			run(test);
		}
		finally {
			logger.setLevel(null);
		}
	}

	private void run(Scenario test) {
		this.runner.run((context) -> test.run(context, context.getBean(Service.class)));
	}

	private static TransactionTemplate template(ApplicationContext context) {
		return context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
	}

	/**
	 * Fails a number of times with a conflict, and succeeds then.
	 */
	private static Work conflicts(int times) {
		List<Integer> thrown = new ArrayList<>();
		return () -> {
			if (thrown.size() < times) {
				thrown.add(1);
				throw conflict("conflict " + thrown.size());
			}
		};
	}

	private static Work throwing(Supplier<RuntimeException> failure) {
		return () -> {
			throw failure.get();
		};
	}

	private static void afterCommit(Work work) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				work.run();
			}

		});
	}

	private static CannotAcquireLockException conflict(String message) {
		return new CannotAcquireLockException(message, state("40001"));
	}

	private static SQLException state(String state) {
		return new SQLException("root", state);
	}

	@FunctionalInterface
	interface Scenario {

		void run(ApplicationContext context, Service service) throws Exception;

	}

	@FunctionalInterface
	interface Work {

		void run();

	}

	@FunctionalInterface
	interface CheckedWork {

		void run() throws SQLException;

	}

	@FunctionalInterface
	interface Call {

		void on(Service service, Work work) throws Exception;

	}

	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Transactional("orders")
	@interface OrdersTransaction {

	}

	/**
	 * A public class, as the XML configuration ignores methods that are not public.
	 */
	public static class PublicService {

		private final List<String> calls;

		PublicService(List<String> calls) {
			this.calls = calls;
		}

		@Transactional
		public void primary(Work work) {
			this.calls.add("call");
			work.run();
		}

	}

	@OrdersTransaction
	static class Service {

		private final List<String> calls;

		Service(List<String> calls) {
			this.calls = calls;
		}

		@Transactional("orders")
		void qualified(Work work) {
			call("call", work);
		}

		@Transactional(transactionManager = "ordersTransactionManager")
		void byBeanName(Work work) {
			call("call", work);
		}

		@Transactional
		void primary(Work work) {
			call("call", work);
		}

		@OrdersTransaction
		void meta(Work work) {
			call("call", work);
		}

		void ofTheClass(Work work) {
			call("call", work);
		}

		@Transactional("audit")
		void audit(Work work) {
			call("call", work);
		}

		@Transactional(transactionManager = "orders", label = "idempotent")
		void idempotent(Work work) {
			call("call", work);
		}

		@Transactional(transactionManager = "orders", propagation = Propagation.REQUIRES_NEW)
		void requiresNew(Work work) {
			call("new", work);
		}

		@Transactional(transactionManager = "orders", timeout = 1)
		void timed(Work work) {
			call("call", work);
		}

		@Transactional("orders")
		void checked(CheckedWork work) throws SQLException {
			this.calls.add("call");
			work.run();
		}

		@Transactional("orders")
		@Retryable(maxRetries = 1, delay = 1)
		void retryable(Work work) {
			call("call", work);
		}

		@Transactional("orders")
		@Retryable(includes = IllegalStateException.class, maxRetries = 1, delay = 1)
		void retryableForOthers(Work work) {
			call("call", work);
		}

		private void call(String name, Work work) {
			this.calls.add(name);
			work.run();
		}

	}

	interface Orders {

		void order(Work work);

	}

	static class DefaultOrders implements Orders {

		private final List<String> calls;

		DefaultOrders(List<String> calls) {
			this.calls = calls;
		}

		@Override
		@Transactional("orders")
		public void order(Work work) {
			this.calls.add("call");
			work.run();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		@Qualifier("orders")
		PlatformTransactionManager own(@Qualifier("orders") DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

	static class Listener {

		private final List<String> events = new ArrayList<>();

		@TransactionalEventListener
		void on(String event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
	static class ResilienceConfiguration {

	}

}
