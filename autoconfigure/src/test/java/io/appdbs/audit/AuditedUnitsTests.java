package io.appdbs.audit;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every one of many units of work from many threads has its event, with the
 * right user and outcome. As many as {@code -Dappdbs.audit.units=100000} says.
 */
@Timeout(value = 1200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AuditedUnitsTests {

	private static final int UNITS = Integer.getInteger("appdbs.audit.units", 2000);

	private static final int THREADS = 16;

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private final RecordedEvents events = new RecordedEvents();

	@ParameterizedTest
	@ValueSource(strings = { "h2", "postgresql" })
	void everyUnitHasItsEvent(String engine) {
		relational(engine, "log").run((context) -> {
			JdbcUnits units = new JdbcUnits(context);
			units.create();
			this.events.take();
			Map<String, Integer> expected = run(engine, units::execute);
			assertEvents(this.events.take(), expected);
		});
	}

	@Test
	@RequiresDocumentDb
	void everyUnitOfMongoDbHasItsEvent() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			runner("log").withPropertyValues("app.dbs.orders.url=" + server.getUrlOf("orders")).run((context) -> {
				MongoUnits units = new MongoUnits(context);
				context.getBean("ordersMongoTemplate", MongoTemplate.class).createCollection("item");
				this.events.take();
				Map<String, Integer> expected = run("mongodb", units::execute);
				assertEvents(this.events.take(), expected);
			});
		}
	}

	/**
	 * The sink fails for every fifth event, of any outcome.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "h2", "postgresql" })
	void noWriteIsCommittedWithoutARecordIfFailuresAreFatal(String engine) {
		relational(engine, "fail").run((context) -> {
			JdbcUnits units = new JdbcUnits(context);
			units.create();
			this.events.take();
			AtomicInteger calls = new AtomicInteger();
			this.events.failFor((event) -> calls.incrementAndGet() % 5 == 0);
			run(engine + " with failing sink", units::execute);
			this.events.failFor((event) -> false);
			Set<String> committed = new HashSet<>(context.getBean("ordersJdbcTemplate", JdbcTemplate.class)
				.queryForList("select owner from item where id >= 0", String.class));
			Set<String> announced = new HashSet<>();
			Set<String> recordedAsCommitted = new HashSet<>();
			Map<String, Integer> records = new HashMap<>();
			for (AuditEvent event : this.events.take()) {
				records.merge(event.id() + " " + (event.outcome() == AuditOutcome.PENDING), 1, Integer::sum);
				String owner = event.user().name();
				if (event.outcome() == AuditOutcome.PENDING) {
					announced.add(owner);
				}
				if (event.outcome() == AuditOutcome.COMMITTED) {
					recordedAsCommitted.add(owner);
				}
			}
			assertThat(records).as("an event about the announcement and one about the outcome")
				.values()
				.containsOnly(1);
			assertThat(committed).isNotEmpty().hasSizeLessThan(UNITS);
			recordedAsCommitted.removeAll(committed);
			assertThat(recordedAsCommitted).as("recorded, but not committed").isEmpty();
			committed.removeAll(announced);
			assertThat(committed).as("committed, but not recorded").isEmpty();
		});
	}

	/**
	 * Executes the units, each by its own user.
	 * @return how often each user and outcome is expected
	 */
	private static Map<String, Integer> run(String name, IntFunction<String> unit) throws Exception {
		AtomicInteger next = new AtomicInteger();
		Map<String, Integer> expected = new ConcurrentHashMap<>();
		long start = System.nanoTime();
		ConcurrentTasks.run(THREADS, (thread) -> {
			for (int id = next.getAndIncrement(); id < UNITS; id = next.getAndIncrement()) {
				int number = id;
				String user = "user" + id;
				String outcome = RlsContextHolder.supplyAs(RlsContext.of(user), () -> unit.apply(number));
				expected.merge(user + " " + outcome, 1, Integer::sum);
			}
			return null;
		});
		System.out.printf("%s: %d units from %d threads in %d ms%n", name, UNITS, THREADS,
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
		return new HashMap<>(expected);
	}

	/**
	 * Asserts that each unit has one event, whose number is the only one and not missing.
	 */
	private static void assertEvents(List<AuditEvent> events, Map<String, Integer> expected) {
		assertThat(count(events)).isEqualTo(expected);
		assertThat(events).hasSize(UNITS);
		Set<String> starts = new HashSet<>();
		TreeSet<Long> numbers = new TreeSet<>();
		for (AuditEvent event : events) {
			int dash = event.id().lastIndexOf('-');
			starts.add(event.id().substring(0, dash));
			numbers.add(Long.valueOf(event.id().substring(dash + 1)));
		}
		assertThat(starts).hasSize(1);
		assertThat(numbers).as("distinct numbers").hasSize(UNITS);
		assertThat(numbers.last() - numbers.first() + 1).as("numbers without a gap").isEqualTo(UNITS);
	}

	private static Map<String, Integer> count(List<AuditEvent> events) {
		Map<String, Integer> counted = new HashMap<>();
		for (AuditEvent event : events) {
			assertThat(event.statements())
				.allSatisfy((statement) -> assertThat(statement.user()).isEqualTo(event.user()));
			counted.merge(event.user().name() + " " + event.outcome(), 1, Integer::sum);
		}
		return counted;
	}

	private ApplicationContextRunner relational(String engine, String onFailure) {
		return runner(onFailure).withPropertyValues("app.dbs.orders.url="
				+ (engine.equals("h2") ? "jdbc:h2:mem:audited-units" : servers.getUrl("embedded:" + engine, "units")));
	}

	private ApplicationContextRunner runner(String onFailure) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withBean("recordedEvents", AuditSink.class, () -> this.events)
			.withPropertyValues("app.dbs.orders.audit.statements=writes", "app.dbs.orders.pool.max-size=8",
					"app.dbs.orders.audit.on-failure=" + onFailure);
	}

	/**
	 * Units of a relational database.
	 */
	private static final class JdbcUnits {

		private final JdbcTemplate template;

		private final TransactionTemplate transaction;

		JdbcUnits(ApplicationContext context) {
			this.template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
			this.transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
		}

		void create() {
			this.template.execute("drop table if exists item");
			this.template.execute("create table item (id int primary key, owner varchar(20))");
			this.template.update("insert into item values (-1, 'nobody')");
			this.template.update("delete from item");
			this.template.update("insert into item values (-1, 'user0')");
		}

		/**
		 * Executes a unit of one of several kinds.
		 * @return the outcome
		 */
		String execute(int id) {
			try {
				return switch (id % 6) {
					case 0 -> single(id);
					case 1 -> duplicate();
					case 2 -> batch(id);
					case 3 -> inTransaction(id, false);
					case 4 -> inTransaction(id, true);
					default -> failed(id);
				};
			}
			catch (RuntimeException ex) {
				return hasCause(ex) ? "failed" : "error " + ex;
			}
		}

		private String single(int id) {
			this.template.update("insert into item values (?, ?)", 3 * id, "user" + id);
			return "committed";
		}

		private String duplicate() {
			this.template.update("insert into item values (-1, 'nobody')");
			return "committed";
		}

		private String batch(int id) {
			this.template.batchUpdate("insert into item values (?, ?)",
					List.of(new Object[] { 3 * id, "user" + id }, new Object[] { 3 * id + 1, "user" + id }));
			return "committed";
		}

		private String inTransaction(int id, boolean rollback) {
			this.transaction.executeWithoutResult((status) -> {
				this.template.queryForList("select owner from item where id = ?", String.class, 3 * id);
				this.template.update("insert into item values (?, ?)", 3 * id, "user" + id);
				this.template.update("update item set owner = ? where id = ?", "user" + id, 3 * id);
				if (rollback) {
					status.setRollbackOnly();
				}
			});
			return rollback ? "rolled-back" : "committed";
		}

		private String failed(int id) {
			try {
				this.transaction.executeWithoutResult((status) -> {
					this.template.update("insert into item values (?, ?)", 3 * id, "user" + id);
					this.template.update("insert into item values (-1, 'nobody')");
				});
				return "committed";
			}
			catch (RuntimeException ex) {
				return hasCause(ex) ? "rolled-back" : "error " + ex;
			}
		}

		private static boolean hasCause(Throwable failure) {
			return failure instanceof SQLException || (failure.getCause() != null && hasCause(failure.getCause()));
		}

	}

	/**
	 * Units of a MongoDB database.
	 */
	private static final class MongoUnits {

		private final MongoTemplate template;

		private final TransactionTemplate transaction;

		MongoUnits(ApplicationContext context) {
			this.template = context.getBean("ordersMongoTemplate", MongoTemplate.class);
			this.transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
		}

		String execute(int id) {
			switch (id % 4) {
				case 0 -> {
					insert(2 * id);
					return "committed";
				}
				case 1 -> {
					return duplicate(id);
				}
				default -> {
					this.transaction.executeWithoutResult((status) -> {
						insert(2 * id);
						insert(2 * id + 1);
						if (id % 4 == 3) {
							status.setRollbackOnly();
						}
					});
					return (id % 4 == 3) ? "rolled-back" : "committed";
				}
			}
		}

		private String duplicate(int id) {
			try {
				this.template.getCollection("item")
					.updateOne(new Document("_id", id), new Document("$wrong", new Document("a", 1)));
				return "committed";
			}
			catch (RuntimeException ex) {
				return "failed";
			}
		}

		private void insert(int id) {
			this.template.insert(new Document("_id", id), "item");
		}

	}

}
