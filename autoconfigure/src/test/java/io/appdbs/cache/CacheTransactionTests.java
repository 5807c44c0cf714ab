package io.appdbs.cache;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.SeparateThread;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for changes of caches that wait for the commit of their database.
 */
class CacheTransactionTests {

	private static final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private static PlatformTransactionManager orders;

	private static PlatformTransactionManager audit;

	private static Cache cache;

	private static Cache auditCache;

	@BeforeAll
	static void start() {
		TestPropertyValues
			.of("app.dbs.orders.url=embedded:h2", "app.dbs.audit.url=embedded:h2",
					"app.dbs-defaults.cache.spec=maximumSize=100,expireAfterWrite=5m")
			.applyTo(context);
		context.register(DatabasesAutoConfiguration.class, DatabaseTransactionAutoConfiguration.class);
		context.refresh();
		orders = context.getBean("ordersTransactionManager", PlatformTransactionManager.class);
		audit = context.getBean("auditTransactionManager", PlatformTransactionManager.class);
		cache = context.getBean("ordersCacheManager", CacheManager.class).getCache("product");
		auditCache = context.getBean("auditCacheManager", CacheManager.class).getCache("product");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void fill() {
		cache.clear();
		cache.put("present", "old");
		cache.put("other", "old");
		auditCache.clear();
		auditCache.put("present", "old");
	}

	static Arguments[] changes() {
		return new Arguments[] { change("put", (it) -> it.put("present", "new"), "new", "old"),
				change("put of null", (it) -> it.put("present", null), null, "old"),
				change("evict", (it) -> it.evict("present"), "none", "old"),
				change("evictIfPresent", (it) -> assertThat(it.evictIfPresent("present")).isTrue(), "none", "old"),
				change("evictIfPresent twice", (it) -> {
					it.evictIfPresent("present");
					assertThat(it.evictIfPresent("present")).isFalse();
				}, "none", "old"), change("clear", Cache::clear, "none", "none"),
				change("invalidate", (it) -> assertThat(it.invalidate()).isTrue(), "none", "none"),
				change("putIfAbsent of a present key",
						(it) -> assertThat(Objects.requireNonNull(it.putIfAbsent("present", "new")).get())
							.isEqualTo("old"),
						"old", "old"),
				change("putIfAbsent after evict", (it) -> {
					it.evict("present");
					assertThat(it.putIfAbsent("present", "new")).isNull();
				}, "new", "old"), change("put after clear", (it) -> {
					it.clear();
					it.put("present", "new");
				}, "new", "none"), change("evict after put", (it) -> {
					it.put("present", "new");
					it.evict("present");
				}, "none", "old") };
	}

	private static Arguments change(String name, Consumer<Cache> change, @Nullable String present, String other) {
		return Arguments.argumentSet(name, change, present, other);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeIsMadeAtOnceWithoutATransaction(Consumer<Cache> change, @Nullable String present, String other) {
		change.accept(cache);
		assertThat(value("present")).isEqualTo(present);
		assertThat(value("other")).isEqualTo(other);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeWaitsForTheCommit(Consumer<Cache> change, @Nullable String present, String other) {
		inside(orders, (status) -> {
			change.accept(cache);
			assertThat(valueOfOthers("present")).isEqualTo("old");
			assertThat(valueOfOthers("other")).isEqualTo("old");
		});
		assertThat(value("present")).isEqualTo(present);
		assertThat(value("other")).isEqualTo(other);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeIsNotMadeAfterARollback(Consumer<Cache> change, @Nullable String present, String other) {
		inside(orders, (status) -> {
			change.accept(cache);
			status.setRollbackOnly();
		});
		assertThat(value("present")).isEqualTo("old");
		assertThat(value("other")).isEqualTo("old");
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeInATransactionOfAnotherDatabaseIsMadeAtOnce(Consumer<Cache> change, @Nullable String present,
			String other) {
		inside(audit, (status) -> {
			change.accept(cache);
			assertThat(valueOfOthers("present")).isEqualTo(present);
			status.setRollbackOnly();
		});
		assertThat(value("present")).isEqualTo(present);
		assertThat(value("other")).isEqualTo(other);
	}

	@ParameterizedTest
	@MethodSource("changes")
	void aChangeWithinAnInnerTransactionOfAnotherDatabaseWaitsForTheOuterOne(Consumer<Cache> change,
			@Nullable String present, String other) {
		inside(orders, (outer) -> {
			inside(audit, (inner) -> {
				change.accept(cache);
				inner.setRollbackOnly();
			});
			assertThat(valueOfOthers("present")).isEqualTo("old");
		});
		assertThat(value("present")).isEqualTo(present);
		assertThat(value("other")).isEqualTo(other);
	}

	@Test
	void theCachesOfNestedTransactionsOfTwoDatabasesFollowTheirOwn() {
		inside(orders, (outer) -> {
			inside(audit, (inner) -> {
				cache.put("a", "orders");
				auditCache.put("a", "audit");
			});
			assertThat(auditCache.get("a", String.class)).isEqualTo("audit");
			inside(audit, (inner) -> {
				auditCache.evict("a");
				cache.put("b", "orders");
				inner.setRollbackOnly();
			});
			assertThat(auditCache.get("a", String.class)).isEqualTo("audit");
			assertThat(valueOfOthers("a")).isEqualTo("none");
		});
		assertThat(value("a")).isEqualTo("orders");
		assertThat(value("b")).isEqualTo("orders");
	}

	@Test
	void aNewTransactionHasItsOwnChanges() {
		inside(orders, (outer) -> {
			cache.put("outer", "value");
			inside(orders, TransactionDefinition.PROPAGATION_REQUIRES_NEW, (inner) -> cache.put("inner", "value"));
			assertThat(value("inner")).isEqualTo("value");
			assertThat(valueOfOthers("outer")).isEqualTo("none");
			inside(orders, TransactionDefinition.PROPAGATION_REQUIRES_NEW, (inner) -> {
				cache.evict("inner");
				inner.setRollbackOnly();
			});
			assertThat(value("inner")).isEqualTo("value");
			outer.setRollbackOnly();
		});
		assertThat(value("outer")).isEqualTo("none");
		assertThat(value("inner")).isEqualTo("value");
	}

	@Test
	void aParticipatingTransactionSharesTheChanges() {
		inside(orders, (outer) -> {
			inside(orders, (inner) -> cache.put("present", "new"));
			assertThat(valueOfOthers("present")).isEqualTo("old");
			outer.setRollbackOnly();
		});
		assertThat(value("present")).isEqualTo("old");
	}

	@Test
	void aChangeWhileTheTransactionIsSuspendedIsMadeAtOnce() {
		inside(orders, (outer) -> {
			inside(orders, TransactionDefinition.PROPAGATION_NOT_SUPPORTED, (none) -> cache.evict("present"));
			assertThat(value("present")).isEqualTo("none");
			cache.put("other", "new");
			assertThat(valueOfOthers("other")).isEqualTo("old");
			outer.setRollbackOnly();
		});
		assertThat(value("other")).isEqualTo("old");
	}

	@Test
	void aSavepointThatIsRolledBackDropsItsChanges() {
		inside(orders, (outer) -> {
			cache.put("a", "outer");
			inside(orders, TransactionDefinition.PROPAGATION_NESTED, (nested) -> {
				cache.put("a", "nested");
				cache.put("b", "nested");
				nested.setRollbackOnly();
			});
			inside(orders, TransactionDefinition.PROPAGATION_NESTED, (nested) -> cache.put("c", "nested"));
			Object savepoint = outer.createSavepoint();
			cache.put("d", "after the savepoint");
			outer.rollbackToSavepoint(savepoint);
		});
		assertThat(value("a")).isEqualTo("outer");
		assertThat(value("b")).isEqualTo("none");
		assertThat(value("c")).isEqualTo("nested");
		assertThat(value("d")).isEqualTo("none");
	}

	@Test
	void aSavepointThatIsRolledBackWithinATransactionOfAnotherDatabaseDropsItsChanges() {
		inside(orders, (outer) -> {
			cache.put("a", "outer");
			inside(audit, (other) -> {
				inside(orders, TransactionDefinition.PROPAGATION_NESTED, (nested) -> {
					cache.put("a", "nested");
					cache.put("b", "nested");
					nested.setRollbackOnly();
				});
				inside(orders, TransactionDefinition.PROPAGATION_NESTED, (nested) -> cache.put("c", "nested"));
			});
		});
		assertThat(value("a")).isEqualTo("outer");
		assertThat(value("b")).isEqualTo("none");
		assertThat(value("c")).isEqualTo("nested");
	}

	@Test
	void insideTheTransactionAChangedEntryIsMissing() {
		inside(orders, (status) -> {
			assertThat(value("present")).isEqualTo("old");
			cache.evict("present");
			assertThat(value("present")).isEqualTo("none");
			assertThat(cache.get("present", String.class)).isNull();
			assertThat(cache.get("present", () -> "loaded")).isEqualTo("loaded");
			assertThat(cache.retrieve("present")).isNull();
			assertThat(cache.retrieve("present", () -> CompletableFuture.completedFuture("loaded")).join())
				.isEqualTo("loaded");
			assertThat(value("other")).isEqualTo("old");
			cache.clear();
			assertThat(value("other")).isEqualTo("none");
			assertThat(valueOfOthers("present")).isEqualTo("old");
			status.setRollbackOnly();
		});
		assertThat(value("present")).isEqualTo("old");
	}

	@Test
	void aValueThatIsLoadedInsideATransactionIsNotStored() {
		inside(orders, (status) -> {
			assertThat(cache.get("a", () -> "loaded")).isEqualTo("loaded");
			assertThat(cache.retrieve("b", () -> CompletableFuture.completedFuture("loaded")).join())
				.isEqualTo("loaded");
			assertThat(valueOfOthers("a")).isEqualTo("none");
			assertThat(valueOfOthers("b")).isEqualTo("none");
		});
		assertThat(value("a")).isEqualTo("none");
		assertThat(value("b")).isEqualTo("none");
	}

	@Test
	void aValueThatIsPresentIsReadInsideATransaction() {
		inside(orders, (status) -> {
			assertThat(cache.get("present", () -> "loaded")).isEqualTo("old");
			assertThat(cache.retrieve("present", () -> CompletableFuture.completedFuture("loaded")).join())
				.isEqualTo("old");
			assertThat(Objects.requireNonNull(cache.retrieve("present")).join())
				.isInstanceOfSatisfying(ValueWrapper.class, (wrapper) -> assertThat(wrapper.get()).isEqualTo("old"));
		});
	}

	@Test
	void aFailureOfALoaderIsReportedInsideATransaction() {
		inside(orders, (status) -> assertThatExceptionOfType(Cache.ValueRetrievalException.class)
			.isThrownBy(() -> cache.get("a", () -> {
				throw new IllegalStateException("no value");
			}))
			.withCauseInstanceOf(IllegalStateException.class));
	}

	@Test
	void otherSynchronizationsSeeTheChangesAfterTheCommitAndMakeTheirOwn() {
		AtomicReference<Object> seen = new AtomicReference<>();
		inside(orders, (status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					seen.set(value("present"));
					cache.put("after", "commit");
				}

			});
			cache.put("present", "new");
		});
		assertThat(seen).hasValue("new");
		assertThat(value("after")).isEqualTo("commit");
	}

	@Test
	void aFailureBeforeTheCommitDropsTheChanges() {
		assertThatIllegalStateException().isThrownBy(() -> inside(orders, (status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					throw new IllegalStateException("no commit");
				}

			});
			cache.put("present", "new");
		})).withMessage("no commit");
		assertThat(value("present")).isEqualTo("old");
	}

	@Test
	void ifTheOutcomeIsUnknownThenChangedEntriesAreRemoved() {
		FailingTransactionManager manager = new FailingTransactionManager();
		DatabaseCacheManager caches = new DatabaseCacheManager("expireAfterWrite=5m");
		manager.addListener(caches.createListener(manager));
		Cache failing = caches.getCache("product");
		failing.put("a", "old");
		failing.put("b", "old");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> inside(manager, (status) -> failing.put("a", "new")))
			.withMessage("connection lost");
		assertThat(failing.get("a")).isNull();
		assertThat(failing.get("b", String.class)).isEqualTo("old");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> inside(manager, (status) -> failing.clear()));
		assertThat(failing.get("b")).isNull();
		failing.put("a", "at once");
		assertThat(failing.get("a", String.class)).isEqualTo("at once");
	}

	@ParameterizedTest
	@MethodSource("outcomes")
	void aManagerWithoutSynchronizationIsHeededToo(boolean committed, String expected) {
		FailingTransactionManager manager = new FailingTransactionManager();
		manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
		manager.failing = false;
		DatabaseCacheManager caches = new DatabaseCacheManager("expireAfterWrite=5m");
		manager.addListener(caches.createListener(manager));
		Cache plain = caches.getCache("product");
		plain.put("a", "old");
		inside(manager, (status) -> {
			plain.put("a", "new");
			assertThat(plain.get("a")).isNull();
			if (!committed) {
				status.setRollbackOnly();
			}
		});
		assertThat(plain.get("a", String.class)).isEqualTo(expected);
	}

	static Arguments[] outcomes() {
		return new Arguments[] { Arguments.of(true, "new"), Arguments.of(false, "old") };
	}

	@Test
	void aKeyThatIsNullIsRejectedBeforeTheCommit() {
		inside(orders, (status) -> assertThatIllegalArgumentException().isThrownBy(() -> cache.put(null, "value"))
			.withMessage("'key' must not be null"));
	}

	@Test
	void theCachesAreClearedAtOnceOnRequest() {
		DatabaseCaches caches = context.getBean("ordersCacheManager", DatabaseCaches.class);
		inside(orders, (status) -> {
			caches.clear();
			assertThat(valueOfOthers("present")).isEqualTo("none");
		});
		assertThat(caches.getUsage()).extracting(CacheUsage::name, CacheUsage::size)
			.containsExactly(tuple("product", 0L));
	}

	@Test
	void nothingIsLeftOnTheThread() {
		inside(orders, (status) -> inside(audit, (inner) -> cache.put("a", "new")));
		JdbcTemplate template = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> inside(orders, (status) -> template.execute("no statement")));
		cache.put("a", "at once");
		assertThat(valueOfOthers("a")).isEqualTo("at once");
	}

	private static void inside(PlatformTransactionManager manager, Consumer<TransactionStatus> work) {
		inside(manager, TransactionDefinition.PROPAGATION_REQUIRED, work);
	}

	private static void inside(PlatformTransactionManager manager, int propagation, Consumer<TransactionStatus> work) {
		TransactionTemplate template = new TransactionTemplate(manager);
		template.setPropagationBehavior(propagation);
		template.executeWithoutResult(work);
	}

	private static @Nullable Object value(Object key) {
		ValueWrapper wrapper = cache.get(key);
		return (wrapper != null) ? wrapper.get() : "none";
	}

	private static @Nullable Object valueOfOthers(Object key) {
		return SeparateThread.supply(() -> value(key)).join();
	}

	/**
	 * Neither commits nor rolls back.
	 */
	private static final class FailingTransactionManager extends AbstractPlatformTransactionManager {

		private boolean failing = true;

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			doRollback(status);
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			if (this.failing) {
				throw new IllegalStateException("connection lost");
			}
		}

	}

}
