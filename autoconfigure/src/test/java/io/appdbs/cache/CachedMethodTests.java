package io.appdbs.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabaseCacheAutoConfiguration;
import io.appdbs.autoconfigure.DatabaseTransactionAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.SeparateThread;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for annotated methods whose results are in the cache of a database, and for other
 * caches of the application.
 */
class CachedMethodTests {

	private static final String SPEC = "maximumSize=100,expireAfterWrite=5m";

	private final ApplicationContextRunner withoutBoot = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class,
				DatabaseTransactionAutoConfiguration.class, DatabaseCacheAutoConfiguration.class))
		.withUserConfiguration(Caching.class)
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.primary=true",
				"app.dbs.audit.url=embedded:h2", "app.dbs-defaults.cache.spec=" + SPEC);

	private final ApplicationContextRunner withBoot = this.withoutBoot
		.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class));

	@Test
	void aMethodNamesTheCachesOfADatabase() {
		this.withBoot.run((context) -> {
			Products products = context.getBean(Products.class);
			assertThat(List.of(products.find("a"), products.find("a"), products.find("b"))).containsExactly("a1", "a1",
					"b2");
			assertThat(context.getBean("ordersCacheManager", CacheManager.class).getCacheNames())
				.containsExactly("product");
			products.evict("a");
			assertThat(products.find("a")).isEqualTo("a3");
			assertThat(products.findNothing()).isNull();
			assertThat(products.findNothing()).isNull();
			assertThat(products.getCalls()).isEqualTo(4);
		});
	}

	@Test
	void asynchronousAndReactiveMethodsAreCached() {
		this.withBoot.run((context) -> {
			Products products = context.getBean(Products.class);
			assertThat(products.findAsync("a").join()).isEqualTo("a1");
			assertThat(products.findAsync("a").join()).isEqualTo("a1");
			assertThat(products.findSharedAsync("b").join()).isEqualTo("b2");
			assertThat(products.findSharedAsync("b").join()).isEqualTo("b2");
			assertThat(products.findReactive("c").block()).isEqualTo("c3");
			assertThat(products.findReactive("c").block()).isEqualTo("c3");
			assertThat(products.findSharedReactive("d").block()).isEqualTo("d4");
			assertThat(products.findSharedReactive("d").block()).isEqualTo("d4");
		});
	}

	@Test
	void whatATransactionWritesOrReadsIsCachedAfterItsCommit() {
		this.withBoot.run((context) -> {
			Products products = context.getBean(Products.class);
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Changes.class).update("a", true));
			assertThat(products.find("a")).isEqualTo("a1");
			context.getBean(Changes.class).update("a", false);
			assertThat(products.find("a")).isEqualTo("updated");
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> {
				assertThat(products.find("b")).isEqualTo("b2");
				assertThat(products.findShared("c")).isEqualTo("c3");
				status.setRollbackOnly();
			});
			assertThat(products.find("b")).isEqualTo("b4");
			assertThat(products.findShared("c")).isEqualTo("c5");
			assertThat(products.findShared("c")).isEqualTo("c5");
		});
	}

	@Test
	void anEvictionBeforeTheInvocationFollowsTheTransaction() {
		this.withBoot.run((context) -> {
			Products products = context.getBean(Products.class);
			products.find("a");
			TransactionTemplate transaction = context.getBean("ordersTransactionTemplate", TransactionTemplate.class);
			transaction.executeWithoutResult((status) -> {
				products.evictAllBefore();
				assertThat(products.find("a")).isEqualTo("a2");
				status.setRollbackOnly();
			});
			assertThat(products.find("a")).isEqualTo("a1");
		});
	}

	@Test
	void bootsCachesAreTheDefault() {
		this.withBoot.withUserConfiguration(Injection.class)
			.withPropertyValues("spring.cache.cache-names=plain", "spring.cache.type=simple")
			.run((context) -> {
				Products products = context.getBean(Products.class);
				assertThat(products.findPlain("a")).isEqualTo("a1");
				assertThat(products.findPlain("a")).isEqualTo("a1");
				assertThat(context.getBeanNamesForType(CacheManager.class)).containsExactlyInAnyOrder("cacheManager",
						"ordersCacheManager", "auditCacheManager");
				assertThat(context.getBean("cacheManager")).isInstanceOf(ConcurrentMapCacheManager.class);
				assertThat(context.getBean(Injected.class)).satisfies((injected) -> {
					assertThat(injected.unqualified()).isSameAs(context.getBean("cacheManager"));
					assertThat(injected.orders()).isSameAs(context.getBean("ordersCacheManager"));
					assertThat(injected.auditCacheManager()).isSameAs(context.getBean("auditCacheManager"));
				});
				assertThat(context.getBean("ordersCacheManager", CacheManager.class).getCacheNames()).isEmpty();
			});
	}

	@Test
	void withOneDatabaseBootsCachesAreTheDefaultToo() {
		this.withBoot.withPropertyValues("app.dbs.audit.enabled=false", "spring.cache.type=simple").run((context) -> {
			assertThat(context.getBean(Products.class).findPlain("a")).isEqualTo("a1");
			assertThat(context.getBean("ordersCacheManager", CacheManager.class).getCacheNames()).isEmpty();
		});
	}

	@Test
	void theCachesOfTheApplicationAreTheDefault() {
		this.withoutBoot.withBean("own", CacheManager.class, ConcurrentMapCacheManager::new).run((context) -> {
			assertThat(context.getBean(Products.class).findPlain("a")).isEqualTo("a1");
			assertThat(context.getBean("own", CacheManager.class).getCacheNames()).containsExactly("plain");
			assertThat(context).doesNotHaveBean(UnnamedCacheManager.class);
		});
	}

	@Test
	void withoutADefaultTheCachesOfADatabaseAreNotUsedByMethodsThatNameNone() {
		this.withoutBoot.run((context) -> {
			assertThat(context.getBean(Products.class).find("a")).isEqualTo("a1");
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Products.class).findPlain("a"))
				.withMessage(
						"The cache 'plain' is requested without a CacheManager, and there is no default one. Known: ordersCacheManager, auditCacheManager. Name one, for example in @Cacheable(cacheNames = \"plain\", cacheManager = \"ordersCacheManager\"), or define a default one, for example with the dependency 'org.springframework.boot:spring-boot-starter-cache'.");
		});
	}

	@Test
	void withOneDatabaseItsCachesAreNotUsedByMethodsThatNameNone() {
		this.withoutBoot.withPropertyValues("app.dbs.audit.enabled=false")
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(Products.class).findPlain("a"))
				.withMessageContaining("Known: ordersCacheManager."));
	}

	@Test
	void withoutSpecificationThereIsNoBean() {
		this.withBoot.withPropertyValues("app.dbs.audit.cache.spec=")
			.run((context) -> assertThat(context.getBeansOfType(CacheManager.class)).containsOnlyKeys("cacheManager",
					"ordersCacheManager"));
	}

	@Test
	void aCacheManagerOfTheApplicationReplacesTheOneOfADatabase() {
		this.withBoot.withUserConfiguration(Own.class)
			.withPropertyValues("app.dbs.orders.cache.spec=")
			.run((context) -> {
				context.getBean(Products.class).find("a");
				assertThat(context.getBean("ordersCacheManager", CacheManager.class).getCacheNames())
					.containsExactly("product");
				assertThat(context.getBean("ordersCacheManager")).isInstanceOf(ConcurrentMapCacheManager.class);
			});
	}

	@Test
	void aSpecificationForACacheManagerOfTheApplicationIsRejected() {
		this.withBoot.withUserConfiguration(Own.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.satisfies((failure) -> assertThat(FailureText.of(failure)).isEqualTo(
						"""
								Description:

								Database 'orders': 'app.dbs.orders.cache.spec' is set, but the bean 'ordersCacheManager' has its caches.

								Action:

								Remove 'app.dbs.orders.cache.spec', or the bean. Set 'app.dbs.orders.cache.spec' to an empty value if it comes from the defaults.
								""")));
	}

	@Test
	void aTransactionManagerOfTheApplicationIsHeeded() {
		this.withBoot.withUserConfiguration(OwnTransactions.class).run((context) -> {
			Products products = context.getBean(Products.class);
			assertThatIllegalStateException().isThrownBy(() -> context.getBean(Changes.class).update("a", true));
			assertThat(products.find("a")).isEqualTo("a1");
		});
	}

	/**
	 * Enables annotations of caches.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

		@Bean
		Products products() {
			return new Products();
		}

		@Bean
		Changes changes(Products products) {
			return new Changes(products);
		}

	}

	/**
	 * Injects caches.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Injection {

		@Bean
		Injected injected(CacheManager unqualified, @Qualifier("orders") CacheManager orders,
				CacheManager auditCacheManager) {
			return new Injected(unqualified, orders, auditCacheManager);
		}

	}

	/**
	 * What has been injected.
	 *
	 * @param unqualified without a qualifier
	 * @param orders with the qualifier
	 * @param auditCacheManager by the name of the bean
	 */
	record Injected(CacheManager unqualified, CacheManager orders, CacheManager auditCacheManager) {

	}

	/**
	 * Replaces the caches of a database.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		@Qualifier("orders")
		CacheManager ordersCacheManager() {
			return new ConcurrentMapCacheManager();
		}

	}

	/**
	 * Replaces the transaction manager of a database.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnTransactions {

		@Bean
		@Qualifier("orders")
		PlatformTransactionManager own(@Qualifier("orders") DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	/**
	 * Methods with annotations of caches.
	 */
	public static class Products {

		private final AtomicInteger calls = new AtomicInteger();

		@Cacheable(cacheNames = "plain")
		public String findPlain(String id) {
			return load(id);
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager")
		public String find(String id) {
			return load(id);
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager", key = "'nothing'")
		public String findNothing() {
			this.calls.incrementAndGet();
			return null;
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager", sync = true)
		public String findShared(String id) {
			return load(id);
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager")
		public CompletableFuture<String> findAsync(String id) {
			return SeparateThread.supply(() -> load(id));
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager", sync = true)
		public CompletableFuture<String> findSharedAsync(String id) {
			return findAsync(id);
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager")
		public Mono<String> findReactive(String id) {
			return Mono.fromSupplier(() -> load(id));
		}

		@Cacheable(cacheNames = "product", cacheManager = "ordersCacheManager", sync = true)
		public Mono<String> findSharedReactive(String id) {
			return findReactive(id);
		}

		@CachePut(cacheNames = "product", cacheManager = "ordersCacheManager")
		public String put(String id) {
			return "updated";
		}

		@CacheEvict(cacheNames = "product", cacheManager = "ordersCacheManager")
		public void evict(String id) {
		}

		@CacheEvict(cacheNames = "product", cacheManager = "ordersCacheManager", allEntries = true,
				beforeInvocation = true)
		public void evictAllBefore() {
		}

		int getCalls() {
			return this.calls.get();
		}

		private String load(String id) {
			return id + this.calls.incrementAndGet();
		}

	}

	/**
	 * Transactions that change products.
	 */
	public static class Changes {

		private final Products products;

		Changes(Products products) {
			this.products = products;
		}

		@Transactional("orders")
		public void update(String id, boolean failing) {
			this.products.put(id);
			if (failing) {
				throw new IllegalStateException("not updated");
			}
		}

	}

}
