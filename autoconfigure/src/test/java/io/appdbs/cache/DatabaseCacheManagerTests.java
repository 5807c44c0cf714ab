package io.appdbs.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.SeparateThread;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for caches outside of transactions: loads that are shared, and changes while a
 * value is being loaded.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseCacheManagerTests {

	private final DatabaseCacheManager manager = new DatabaseCacheManager("maximumSize=100,expireAfterWrite=5m");

	private final Cache cache = this.manager.getCache("product");

	private final CountDownLatch loading = new CountDownLatch(1);

	private final CountDownLatch loaded = new CountDownLatch(1);

	@Test
	void aNameAlwaysReturnsTheSameCache() {
		assertThat(this.manager.getCache("product")).isSameAs(this.cache);
		assertThat(this.manager.getCache("other")).isNotSameAs(this.cache);
		assertThat(this.manager.getCacheNames()).containsExactlyInAnyOrder("product", "other");
	}

	@ParameterizedTest
	@ValueSource(strings = { "expireAfterWrite=5m", "recordStats,expireAfterWrite=5m",
			"expireAfterWrite=5m, recordStats", "expireAfterWrite=5m,", " expireAfterWrite = 5m , softValues" })
	void statisticsAreRecorded(String spec) {
		DatabaseCacheManager caches = new DatabaseCacheManager(spec);
		caches.getCache("a").put("key", "value");
		caches.getCache("a").get("key");
		caches.getCache("b").get("key");
		assertThat(caches.getUsage()).containsExactly(new CacheUsage("a", 1, 1, 0, 0), new CacheUsage("b", 0, 0, 1, 0));
	}

	@Test
	void callersOfTheSameKeyShareOneLoad() throws Exception {
		AtomicInteger loads = new AtomicInteger();
		List<Integer> values = ConcurrentTasks.run(16, (index) -> this.cache.get("a", loads::incrementAndGet));
		assertThat(values).hasSize(16).containsOnly(1);
		assertThat(loads).hasValue(1);
	}

	@Test
	void aLoadIsCountedOnce() {
		this.cache.get("a", () -> "value");
		this.cache.get("a", () -> "value");
		this.cache.retrieve("b", () -> CompletableFuture.completedFuture("value"));
		assertThat(this.manager.getUsage()).containsExactly(new CacheUsage("product", 2, 1, 2, 0));
	}

	@Test
	void aValueIsNotStoredIfItsKeyIsEvictedWhileItIsLoaded() throws Exception {
		assertThatNothingIsStored(() -> this.cache.evict("a"));
	}

	@Test
	void aValueIsNotStoredIfTheCacheIsClearedWhileItIsLoaded() throws Exception {
		assertThatNothingIsStored(this.cache::clear);
	}

	private void assertThatNothingIsStored(Runnable change) throws Exception {
		CompletableFuture<Object> load = loadSlowly("a", "old");
		change.run();
		assertThat(this.cache.get("a", () -> "new")).isEqualTo("new");
		this.loaded.countDown();
		assertThat(load.get()).isEqualTo("old");
		assertThat(this.cache.get("a", String.class)).isEqualTo("new");
	}

	@Test
	void aValueThatIsPutWhileAnotherIsLoadedStays() throws Exception {
		CompletableFuture<Object> load = loadSlowly("a", "loaded");
		this.cache.put("a", "put");
		this.loaded.countDown();
		load.get();
		assertThat(this.cache.get("a", String.class)).isEqualTo("put");
	}

	@Test
	void aLoadCanChangeItsOwnKey() {
		assertThat(this.cache.get("a", () -> {
			this.cache.evict("a");
			return "value";
		})).isEqualTo("value");
		assertThat(this.cache.get("a")).isNull();
	}

	@Test
	void aLoadCanLoadItsOwnKey() {
		assertThat(this.cache.get("a", () -> "outer " + this.cache.get("a", () -> "inner"))).isEqualTo("outer inner");
		assertThat(this.cache.get("a", String.class)).isEqualTo("outer inner");
		assertThat(this.cache.get("b",
				() -> this.cache.retrieve("b", () -> CompletableFuture.completedFuture("inner")).join()))
			.isEqualTo("inner");
	}

	@Test
	void aFailureIsOfItsOwnCallerAlone() throws Exception {
		CompletableFuture<Object> failing = SeparateThread.supply(() -> this.cache.get("a", () -> {
			this.loading.countDown();
			this.loaded.await();
			throw new IllegalStateException("no value");
		}));
		this.loading.await();
		CompletableFuture<Object> waiting = SeparateThread.supply(() -> this.cache.get("a", () -> "value"));
		this.loaded.countDown();
		assertThat(waiting.get()).isEqualTo("value");
		assertThatExceptionOfType(Exception.class).isThrownBy(failing::get)
			.havingCause()
			.isInstanceOf(ValueRetrievalException.class)
			.havingCause()
			.withMessage("no value");
	}

	@Test
	void aCallerDoesNotWaitForALoadThatHangs() throws Exception {
		CacheLoads loads = new CacheLoads((key) -> null, (key, value) -> {
		}, Duration.ofMillis(1));
		CompletableFuture<Object> hanging = SeparateThread.supply(() -> {
			try {
				return loads.load("a", () -> {
					this.loading.countDown();
					this.loaded.await();
					return "late";
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		this.loading.await();
		assertThat(loads.load("a", () -> "value")).isEqualTo("value");
		assertThat(loads.loadAsync("a", () -> CompletableFuture.completedFuture("async")).get()).isEqualTo("async");
		this.loaded.countDown();
		assertThat(hanging.get()).isEqualTo("late");
	}

	@Test
	void anInterruptedCallerLoadsItself() throws Exception {
		CompletableFuture<Object> load = loadSlowly("a", "other");
		Thread.currentThread().interrupt();
		assertThat(this.cache.get("a", () -> "own " + Thread.currentThread().isInterrupted())).isEqualTo("own true");
		assertThat(Thread.interrupted()).isTrue();
		this.loaded.countDown();
		load.get();
	}

	@Test
	void asynchronousCallersShareOneLoad() {
		AtomicInteger loads = new AtomicInteger();
		CompletableFuture<String> value = new CompletableFuture<>();
		List<CompletableFuture<String>> results = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			results.add(this.cache.retrieve("a", () -> {
				loads.incrementAndGet();
				return value;
			}));
		}
		assertThat(results).noneMatch(CompletableFuture::isDone);
		value.complete("value");
		assertThat(results).extracting(CompletableFuture::join).containsExactly("value", "value", "value");
		assertThat(loads).hasValue(1);
		assertThat(this.cache.get("a", String.class)).isEqualTo("value");
	}

	@Test
	void anAsynchronousValueIsNotStoredIfItsKeyIsEvictedWhileItIsLoaded() {
		CompletableFuture<String> value = new CompletableFuture<>();
		CompletableFuture<String> result = this.cache.retrieve("a", () -> value);
		this.cache.evict("a");
		value.complete("old");
		assertThat(result.join()).isEqualTo("old");
		assertThat(this.cache.get("a")).isNull();
	}

	@Test
	void anAsynchronousFailureIsNotStored() {
		CompletableFuture<String> failing = new CompletableFuture<>();
		CompletableFuture<String> result = this.cache.retrieve("a", () -> failing);
		CompletableFuture<String> other = this.cache.retrieve("a", () -> CompletableFuture.completedFuture("value"));
		failing.completeExceptionally(new IllegalStateException("no value"));
		assertThat(result).isCompletedExceptionally();
		assertThat(other.join()).isEqualTo("value");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.cache.retrieve("b", () -> {
			throw new IllegalStateException("no future");
		})).withMessage("no future");
		assertThat(this.cache.get("b", () -> "value")).isEqualTo("value");
	}

	@Test
	void aCallerDoesNotWaitForAnAsynchronousLoad() {
		CompletableFuture<String> value = new CompletableFuture<>();
		CompletableFuture<String> result = this.cache.retrieve("a", () -> value);
		assertThat(this.cache.get("a", () -> "own")).isEqualTo("own");
		value.complete("value");
		assertThat(result.join()).isEqualTo("value");
		assertThat(this.cache.get("a", String.class)).isEqualTo("value");
	}

	@Test
	void valuesThatAreNullAreStored() {
		assertThat(this.cache.<Object>get("a", () -> null)).isNull();
		assertThat(this.cache.get("a")).isNotNull().satisfies((value) -> assertThat(value.get()).isNull());
		assertThat(this.cache.retrieve("b", () -> CompletableFuture.completedFuture(null)).join()).isNull();
		assertThat(this.cache.get("b")).isNotNull();
		assertThat(this.cache.putIfAbsent("a", "value")).isNotNull()
			.satisfies((value) -> assertThat(value.get()).isNull());
	}

	@Test
	void entriesExpire() {
		Cache brief = new DatabaseCacheManager("expireAfterWrite=PT0.001S").getCache("brief");
		brief.put("a", "value");
		Awaitility.await().until(() -> brief.get("a") == null);
	}

	private CompletableFuture<Object> loadSlowly(Object key, Object value) throws InterruptedException {
		CompletableFuture<Object> load = SeparateThread.supply(() -> this.cache.get(key, () -> {
			this.loading.countDown();
			this.loaded.await();
			return value;
		}));
		this.loading.await();
		return load;
	}

}
