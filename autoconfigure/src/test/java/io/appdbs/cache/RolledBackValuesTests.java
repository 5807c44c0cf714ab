package io.appdbs.cache;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no value of a transaction that was rolled back is ever served, with many
 * threads and real servers. Each transaction writes a value of its own.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RolledBackValuesTests {

	private static final int THREADS = 16;

	private static final int ROUNDS = 300;

	private static final int ROWS = 4;

	private final Set<Integer> served = ConcurrentHashMap.newKeySet();

	private final Set<Integer> committed = ConcurrentHashMap.newKeySet();

	private final Set<Integer> rolledBack = ConcurrentHashMap.newKeySet();

	private final AtomicInteger values = new AtomicInteger();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class))
		.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs.audit.pool.max-size=16",
				"app.dbs.orders.cache.spec=maximumSize=100,expireAfterWrite=5m");

	@Test
	void onPostgreSql() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:postgresql", "app.dbs.orders.pool.max-size=20")
			.run(this::checkRelational);
	}

	@Test
	void withJpa() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.pool.max-size=20")
			.withPropertyValues("app.dbs.orders.packages=io.appdbs.shop.orders")
			.run((context) -> {
				assertThat(context.getBean("ordersTransactionManager")).isInstanceOf(JpaTransactionManager.class);
				checkRelational(context);
			});
	}

	@Test
	@RequiresDocumentDb
	void onMongoDb() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			this.runner.withPropertyValues("app.dbs.orders.url=" + server.getUrl("shop")).run((context) -> {
				MongoTemplate template = context.getBean("ordersMongoTemplate", MongoTemplate.class);
				for (int row = 0; row < ROWS; row++) {
					template.insert(new Document("_id", row).append("n", 0), "product");
				}
				check(context, new Rows() {

					@Override
					public int read(int row) {
						return template.findById(row, Document.class, "product").getInteger("n");
					}

					@Override
					public void write(int row, int value) {
						template.updateFirst(Query.query(Criteria.where("_id").is(row)), Update.update("n", value),
								"product");
					}

				}, 60);
			});
		}
	}

	private void checkRelational(ApplicationContext context) throws Exception {
		JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		template.execute("create table product (id int primary key, n int)");
		for (int row = 0; row < ROWS; row++) {
			template.update("insert into product values (?, 0)", row);
		}
		check(context, new Rows() {

			@Override
			public int read(int row) {
				return template.queryForObject("select n from product where id = ?", Integer.class, row);
			}

			@Override
			public void write(int row, int value) {
				template.update("update product set n = ? where id = ?", value, row);
			}

		}, ROUNDS);
	}

	private void check(ApplicationContext context, Rows rows, int rounds) throws Exception {
		Cache cache = context.getBean("ordersCacheManager", CacheManager.class).getCache("product");
		TransactionTemplate orders = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
		TransactionTemplate audit = context.getBean("auditTransactionTemplate", TransactionTemplate.class);
		ConcurrentTasks.run(THREADS, (index) -> {
			for (int round = 0; round < rounds; round++) {
				int row = ThreadLocalRandom.current().nextInt(ROWS);
				if (ThreadLocalRandom.current().nextInt(3) == 0) {
					write(cache, orders, audit, rows, row);
				}
				else {
					this.served.add(read(cache, rows, row));
				}
			}
			return null;
		});
		assertThat(this.committed).isNotEmpty();
		assertThat(this.rolledBack).isNotEmpty();
		assertThat(this.served).hasSizeGreaterThan(1).doesNotContainAnyElementsOf(this.rolledBack);
		for (int row = 0; row < ROWS; row++) {
			ValueWrapper value = cache.get(row);
			assertThat((value != null) ? value.get() : 0).isNotIn(this.rolledBack);
		}
	}

	private static int read(Cache cache, Rows rows, int row) {
		if (ThreadLocalRandom.current().nextBoolean()) {
			return cache.get(row, () -> rows.read(row));
		}
		ValueWrapper value = cache.get(row);
		if (value == null) {
			cache.put(row, rows.read(row));
		}
		return (value != null) ? (Integer) value.get() : rows.read(row);
	}

	/**
	 * Writes a value, and changes the cache in one of several ways, also inside of a
	 * transaction of another database.
	 */
	private void write(Cache cache, TransactionTemplate orders, TransactionTemplate audit, Rows rows, int row) {
		Random random = ThreadLocalRandom.current();
		int value = this.values.incrementAndGet();
		boolean rollback = random.nextBoolean();
		boolean nested = random.nextBoolean();
		int way = random.nextInt(5);
		try {
			orders.executeWithoutResult((status) -> {
				rows.write(row, value);
				if (nested) {
					audit.executeWithoutResult((inner) -> {
						change(cache, rows, row, value, way);
						if (random.nextBoolean()) {
							inner.setRollbackOnly();
						}
					});
				}
				else {
					change(cache, rows, row, value, way);
				}
				if (rollback) {
					status.setRollbackOnly();
				}
			});
			(rollback ? this.rolledBack : this.committed).add(value);
		}
		catch (DataAccessException ex) {
			// a conflict
			this.rolledBack.add(value);
		}
	}

	private static void change(Cache cache, Rows rows, int row, int value, int way) {
		switch (way) {
			case 0 -> cache.put(row, value);
			case 1 -> cache.evict(row);
			case 2 -> {
				cache.clear();
				cache.putIfAbsent(row, rows.read(row));
			}
			case 3 -> cache.get(row, () -> rows.read(row));
			default -> {
				cache.evictIfPresent(row);
				cache.get(row, () -> rows.read(row));
			}
		}
	}

	/**
	 * Rows of a database.
	 */
	private interface Rows {

		int read(int row);

		void write(int row, int value);

	}

}
