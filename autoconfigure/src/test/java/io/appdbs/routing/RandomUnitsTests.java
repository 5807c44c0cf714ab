package io.appdbs.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.appdbs.Databases;
import io.appdbs.tenant.jpa.Invoice;
import io.appdbs.tenant.jpa.InvoiceRepository;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random units of work over many databases, on several threads: none may read or write
 * another database than the selected one. Each database has a table with its name, and
 * each row that is written has the name that the writer expects.
 */
class RandomUnitsTests {

	private static final int UNITS = Integer.getInteger("appdbs.routed-units", 3000);

	private static final int TENANTS = Integer.getInteger("appdbs.routed-tenants", 20);

	private static final int THREADS = 16;

	private final AtomicIntegerArray expected = new AtomicIntegerArray(TENANTS);

	private final Map<Kind, LongAdder> done = new LinkedHashMap<>();

	private final LongAdder wrong = new LongAdder();

	@ParameterizedTest
	@ValueSource(strings = { "", "io.appdbs.tenant.jpa" })
	void noUnitOfWorkUsesAnotherDatabaseThanTheSelectedOne(String packages) {
		runner(packages).run((context) -> {
			assertThat(context).hasNotFailed();
			Databases databases = context.getBean(Databases.class);
			IntStream.range(0, TENANTS).forEach((tenant) -> createTables(databases, tenant));
			Units units = context.getBean(Units.class);
			List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
			if (packages.isEmpty()) {
				kinds.remove(Kind.REPOSITORY);
			}
			kinds.forEach((kind) -> this.done.put(kind, new LongAdder()));
			run(units, kinds);
			assertThat(this.wrong.sum()).as("units in the wrong database").isZero();
			assertThat(this.done.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(UNITS);
			assertThat(this.done.values()).allSatisfy((count) -> assertThat(count.sum()).isPositive());
			IntStream.range(0, TENANTS).forEach((tenant) -> verifyRows(databases, tenant));
		});
	}

	private static ApplicationContextRunner runner(String packages) {
		List<String> properties = new ArrayList<>(List.of("app.dbs-defaults.pool.max-size=40",
				"app.dbs-defaults.pool.min-size=0", "app.dbs-routes.tenants.engine=h2",
				"app.dbs-routes.tenants.databases=tenant-*", "app.dbs-routes.tenants.packages=" + packages));
		if (packages.isEmpty()) {
			properties.add("spring.data.jpa.repositories.enabled=false");
		}
		for (int i = 0; i < TENANTS; i++) {
			properties.add("app.dbs.%s.url=jdbc:h2:mem:random-%d".formatted(name(i), i));
		}
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(properties.toArray(String[]::new));
	}

	private static String name(int tenant) {
		return "tenant-" + tenant;
	}

	private static void createTables(Databases databases, int tenant) {
		JdbcClient client = databases.get(name(tenant)).getBean(JdbcClient.class);
		client.sql("CREATE TABLE marker (name VARCHAR(20))").update();
		client.sql("INSERT INTO marker VALUES (?)").param(name(tenant)).update();
		client.sql("CREATE TABLE entry (writer VARCHAR(20))").update();
		client.sql("CREATE TABLE invoice (id BIGINT PRIMARY KEY, marker VARCHAR(20))").update();
		client.sql("CREATE SEQUENCE invoice_seq INCREMENT BY 50").update();
	}

	private void verifyRows(Databases databases, int tenant) {
		JdbcClient client = databases.get(name(tenant)).getBean(JdbcClient.class);
		List<String> writers = new ArrayList<>(client.sql("SELECT writer FROM entry").query(String.class).list());
		writers.addAll(client.sql("SELECT marker FROM invoice").query(String.class).list());
		assertThat(writers).hasSize(this.expected.get(tenant)).allMatch(name(tenant)::equals);
	}

	private void run(Units units, List<Kind> kinds) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		ExecutorService unaware = Executors.newFixedThreadPool(2);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				RandomGenerator random = new java.util.Random(thread);
				int count = UNITS / THREADS + ((thread < UNITS % THREADS) ? 1 : 0);
				futures.add(threads.submit((Callable<Void>) () -> {
					for (int i = 0; i < count; i++) {
						Kind kind = kinds.get(random.nextInt(kinds.size()));
						unit(units, kind, random, unaware);
						this.done.get(kind).increment();
						assertThat(ScopedSelection.getDatabase()).isNull();
					}
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get();
			}
		}
		finally {
			threads.shutdownNow();
			unaware.shutdownNow();
			assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private void unit(Units units, Kind kind, RandomGenerator random, ExecutorService unaware) throws Exception {
		int tenant = random.nextInt(TENANTS);
		int other = (tenant + 1 + random.nextInt(TENANTS - 1)) % TENANTS;
		String name = name(tenant);
		ScopedSelection.call(name, () -> {
			switch (kind) {
				case READ -> check(name, units.marker());
				case WRITE -> {
					check(name, units.write(name, () -> null));
					this.expected.incrementAndGet(tenant);
				}
				case FAIL -> fails(IllegalStateException.class, () -> units.write(name, () -> {
					throw new IllegalStateException();
				}));
				case INDEPENDENT -> {
					check(name, units.write(name, () -> {
						independent(units, other);
						check(name, units.marker());
						return null;
					}));
					this.expected.incrementAndGet(tenant);
				}
				case FAIL_AFTER_INDEPENDENT -> fails(IllegalStateException.class, () -> units.write(name, () -> {
					independent(units, other);
					throw new IllegalStateException();
				}));
				case NESTED -> {
					check(name(other), ScopedSelection.call(name(other), units::marker));
					check(name, units.marker());
				}
				case MIXED -> fails(DatabaseSelectionException.class, () -> units.write(name,
						() -> ScopedSelection.call(name(other), () -> units.participate(name(other)))));
				case ASYNC -> {
					check(name, units.async(name).join());
					this.expected.incrementAndGet(tenant);
				}
				case ASYNC_FAIL -> fails(IllegalStateException.class, () -> units.asyncFail(name).join());
				case UNAWARE -> fails(DatabaseSelectionException.class, () -> unaware.submit(units::marker).get());
				case REPOSITORY -> {
					check(name, units.save(name));
					this.expected.incrementAndGet(tenant);
				}
			}
			return null;
		});
	}

	private void independent(Units units, int other) throws Exception {
		check(name(other), ScopedSelection.call(name(other), () -> units.independent(name(other))));
		this.expected.incrementAndGet(other);
	}

	private void check(String expected, @Nullable String actual) {
		if (!expected.equals(actual)) {
			this.wrong.increment();
		}
	}

	private void fails(Class<? extends Exception> type, Callable<?> unit) throws Exception {
		try {
			unit.call();
		}
		catch (Exception ex) {
			Throwable failure = (ex instanceof ExecutionException || ex instanceof CompletionException) ? ex.getCause()
					: ex;
			if (type.isInstance(failure)) {
				return;
			}
			throw ex;
		}
		this.wrong.increment();
	}

	enum Kind {

		READ, WRITE, FAIL, INDEPENDENT, FAIL_AFTER_INDEPENDENT, NESTED, MIXED, ASYNC, ASYNC_FAIL, UNAWARE, REPOSITORY

	}

	public static class Units {

		private final JdbcClient client;

		private final ObjectProvider<InvoiceRepository> invoices;

		Units(JdbcClient client, ObjectProvider<InvoiceRepository> invoices) {
			this.client = client;
			this.invoices = invoices;
		}

		String marker() {
			return this.client.sql("SELECT name FROM marker").query(String.class).single();
		}

		@Transactional(transactionManager = "tenants", rollbackFor = Exception.class)
		public String write(String name, Callable<?> within) throws Exception {
			insert(name);
			within.call();
			return marker();
		}

		@Transactional(transactionManager = "tenants", propagation = Propagation.REQUIRES_NEW)
		public String independent(String name) {
			insert(name);
			return marker();
		}

		@Transactional("tenants")
		public String participate(String name) {
			insert(name);
			return marker();
		}

		@Async
		@Transactional("tenants")
		public CompletableFuture<String> async(String name) {
			insert(name);
			return CompletableFuture.completedFuture(marker());
		}

		@Async
		@Transactional("tenants")
		public CompletableFuture<String> asyncFail(String name) {
			insert(name);
			throw new IllegalStateException();
		}

		@Transactional("tenants")
		public String save(String name) {
			Invoice saved = this.invoices.getObject().save(new Invoice(name));
			return this.invoices.getObject().findById(saved.getId()).orElseThrow().getMarker();
		}

		private void insert(String name) {
			this.client.sql("INSERT INTO entry VALUES (?)").param(name).update();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync(proxyTargetClass = true)
	static class Application {

		@Bean
		Units units(@Qualifier("tenants") JdbcClient client, ObjectProvider<InvoiceRepository> invoices) {
			return new Units(client, invoices);
		}

		@Bean
		ThreadPoolTaskExecutor applicationTaskExecutor() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(8);
			executor.setTaskDecorator(new ContextPropagatingTaskDecorator());
			return executor;
		}

	}

}
