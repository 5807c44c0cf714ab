package io.appdbs.mongo;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.MongoException;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.SeparateThread;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.documentdb.Failure;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for transactions on a real server with MongoDB's protocol. The number of
 * transfers is that of the system property {@code appdbs.transfers}.
 */
@RequiresDocumentDb
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MongoTransactionTests {

	private static final int TRANSFERS = Integer.getInteger("appdbs.transfers", 1000);

	private static final int THREADS = 8;

	private static final int ACCOUNTS = 10;

	private static final int BALANCE = 1000;

	private final AtomicInteger attempts = new AtomicInteger();

	private DocumentDbServer server;

	@BeforeEach
	void startServer() {
		this.server = RealServers.startDocumentDb();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@Test
	void transactionsAreCommittedAndRolledBack() {
		runner("false").run((context) -> {
			MongoTemplate template = template(context);
			template.createCollection("item");
			Shop shop = context.getBean(Shop.class);
			shop.add(1, false);
			assertThatIllegalStateException().isThrownBy(() -> shop.add(2, true));
			TransactionTemplate transaction = transaction(context);
			transaction.executeWithoutResult((status) -> {
				insert(template, 3);
				assertThat(template.count(new Query(), "item")).isEqualTo(2);
				assertThat(this.server.countTransactions()).isOne();
			});
			transaction.executeWithoutResult((status) -> {
				insert(template, 4);
				status.setRollbackOnly();
			});
			assertThat(template.findAll(Document.class, "item")).extracting((item) -> item.get("_id"))
				.containsExactly(1, 3);
			assertThat(this.server.countTransactions()).isZero();
		});
	}

	@Test
	void aConflictingTransactionIsRetried() {
		runner("true").run((context) -> {
			MongoTemplate template = template(context);
			insert(template, 1);
			transaction(context).executeWithoutResult((status) -> {
				Document item = template.findById(1, Document.class, "item");
				if (this.attempts.incrementAndGet() == 1) {
					SeparateThread.run(() -> add(template, "item", 1, 10)).join();
				}
				template.updateFirst(byId(1), Update.update("n", item.getInteger("n") + 1), "item");
			});
			assertThat(this.attempts).hasValue(2);
			assertThat(template.findById(1, Document.class, "item")).containsEntry("n", 11);
		});
	}

	@Test
	void withoutRetryAConflictReachesTheCaller() {
		runner("false").run((context) -> {
			MongoTemplate template = template(context);
			insert(template, 1);
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> transaction(context).executeWithoutResult((status) -> {
					template.findById(1, Document.class, "item");
					SeparateThread.run(() -> add(template, "item", 1, 10)).join();
					add(template, "item", 1, 1);
				}))
				.withRootCauseInstanceOf(MongoException.class)
				.satisfies((ex) -> assertThat(ex).rootCause().hasMessageContaining("112"));
			assertThat(template.findById(1, Document.class, "item")).containsEntry("n", 10);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "10107", "11602", "91", "251", "112" })
	void whenAServerLabelsAFailureThenTheTransactionIsRetried(int code) {
		runner("true").run((context) -> {
			MongoTemplate template = template(context);
			template.createCollection("item");
			this.server.fail(Failure.error("insert", code));
			transaction(context).executeWithoutResult((status) -> {
				this.attempts.incrementAndGet();
				insert(template, 1);
			});
			assertThat(this.attempts).hasValue(2);
			assertThat(template.count(new Query(), "item")).isOne();
		});
	}

	@Test
	void whenTheConnectionOfATransactionBreaksThenItIsRetried() {
		runner("true").run((context) -> {
			MongoTemplate template = template(context);
			template.createCollection("item");
			this.server.fail(Failure.closeAfter("insert"));
			transaction(context).executeWithoutResult((status) -> {
				this.attempts.incrementAndGet();
				insert(template, 1);
			});
			assertThat(this.attempts).hasValue(2);
			assertThat(template.count(new Query(), "item")).isOne();
		});
	}

	/**
	 * The driver sends a commit twice before it reports that the outcome is unknown.
	 */
	@Test
	void whenTheOutcomeOfACommitIsUnknownThenOnlyTheCommitIsRepeated() {
		runner("true").run((context) -> {
			MongoTemplate template = template(context);
			template.createCollection("item");
			this.server.fail(Failure.closeAfter("commitTransaction").times(4));
			transaction(context).executeWithoutResult((status) -> {
				this.attempts.incrementAndGet();
				insert(template, 1);
			});
			assertThat(this.attempts).hasValue(1);
			assertThat(this.server.countCommands("commitTransaction")).isEqualTo(5);
			assertThat(template.count(new Query(), "item")).isOne();
		});
	}

	@Test
	void withoutRetryAnUnknownOutcomeReachesTheCaller() {
		runner("false").run((context) -> {
			MongoTemplate template = template(context);
			template.createCollection("item");
			this.server.fail(Failure.closeAfter("commitTransaction").times(2));
			assertThatExceptionOfType(TransactionSystemException.class)
				.isThrownBy(() -> transaction(context).executeWithoutResult((status) -> insert(template, 1)))
				.satisfies((ex) -> assertThat(((MongoException) ex.getRootCause()).getErrorLabels())
					.contains("UnknownTransactionCommitResult"));
			assertThat(template.count(new Query(), "item")).isOne();
		});
	}

	@Test
	void contendedTransfersSucceedAndNoneIsLostOrDuplicated() {
		runner("true").withPropertyValues("app.dbs.catalog.retry.max-attempts=1000", "app.dbs.catalog.retry.timeout=5m")
			.run((context) -> {
				Bank bank = new Bank(template(context), transaction(context));
				bank.open();
				long start = System.nanoTime();
				ConcurrentTasks.run(THREADS, (thread) -> {
					bank.work();
					return null;
				});
				bank.verify();
				System.out.printf("%d transfers from %d threads in %d ms, %d attempts%n", TRANSFERS, THREADS,
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), bank.attempts.get());
				assertThat(this.server.countTransactions()).isZero();
			});
	}

	private static MongoTemplate template(ApplicationContext context) {
		return context.getBean("catalogMongoTemplate", MongoTemplate.class);
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return context.getBean("catalogTransactionTemplate", TransactionTemplate.class);
	}

	private static void insert(MongoTemplate template, int id) {
		template.insert(new Document("_id", id).append("n", 0), "item");
	}

	private static void add(MongoTemplate template, String collection, int id, int amount) {
		template.updateFirst(byId(id), new Update().inc("n", amount), collection);
	}

	private static Query byId(int id) {
		return Query.query(Criteria.where("_id").is(id));
	}

	private ApplicationContextRunner runner(String retry) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + this.server.getUrl("shop"),
					"app.dbs.catalog.retry.enabled=" + retry, "app.dbs.catalog.pool.max-size=20")
			.withBean(Shop.class);
	}

	static class Shop {

		private final MongoTemplate template;

		Shop(@Qualifier("catalog") MongoTemplate template) {
			this.template = template;
		}

		@Transactional("catalog")
		void add(int id, boolean fail) {
			insert(this.template, id);
			if (fail) {
				throw new IllegalStateException("rolled back");
			}
		}

	}

	private static final class Bank {

		private final MongoTemplate template;

		private final TransactionTemplate transaction;

		private final AtomicInteger next = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private final Set<Integer> done = new ConcurrentSkipListSet<>();

		private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

		Bank(MongoTemplate template, TransactionTemplate transaction) {
			this.template = template;
			this.transaction = transaction;
		}

		void open() {
			this.template.createCollection("ledger");
			for (int i = 0; i < ACCOUNTS; i++) {
				this.template.insert(new Document("_id", i).append("n", BALANCE), "account");
			}
		}

		void work() {
			for (int id = this.next.getAndIncrement(); id < TRANSFERS; id = this.next.getAndIncrement()) {
				int transfer = id;
				try {
					this.transaction.executeWithoutResult((status) -> transfer(transfer));
					this.done.add(transfer);
				}
				catch (RuntimeException ex) {
					this.failures.add(ex);
				}
			}
		}

		private void transfer(int id) {
			this.attempts.incrementAndGet();
			int source = id % ACCOUNTS;
			int target = (source + 1 + id / ACCOUNTS % (ACCOUNTS - 1)) % ACCOUNTS;
			this.template.insert(new Document("_id", id).append("source", source).append("target", target), "ledger");
			write(source, -1);
			write(target, 1);
		}

		// reads before it writes, so that an update of another transaction could get lost
		private void write(int account, int amount) {
			int balance = this.template.findById(account, Document.class, "account").getInteger("n");
			this.template.updateFirst(byId(account), Update.update("n", balance + amount), "account");
		}

		void verify() {
			assertThat(this.failures).isEmpty();
			List<Document> ledger = this.template.findAll(Document.class, "ledger");
			assertThat(ledger).hasSize(TRANSFERS);
			assertThat(new TreeSet<>(ledger.stream().map((entry) -> entry.getInteger("_id")).toList()))
				.isEqualTo(this.done);
			int[] balances = new int[ACCOUNTS];
			ledger.forEach((entry) -> {
				balances[entry.getInteger("source")]--;
				balances[entry.getInteger("target")]++;
			});
			for (Document account : this.template.findAll(Document.class, "account")) {
				assertThat(account.getInteger("n")).isEqualTo(BALANCE + balances[account.getInteger("_id")]);
			}
		}

	}

}
