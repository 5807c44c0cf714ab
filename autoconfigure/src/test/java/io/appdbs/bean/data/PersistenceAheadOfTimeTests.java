package io.appdbs.bean.data;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.appdbs.annotated.AnnotatedApplication;
import io.appdbs.shop.ShopApplication;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.shop.catalog.Product;
import io.appdbs.shop.catalog.ProductRepository;
import io.appdbs.shop.orders.CustomerOrder;
import io.appdbs.shop.orders.CustomerOrderRepository;
import io.appdbs.testsupport.AheadOfTime;
import io.appdbs.testsupport.AheadOfTime.Generated;
import io.appdbs.testsupport.ApplicationClassLoader;
import io.appdbs.warehouse.Code;
import io.appdbs.warehouse.Schema;
import io.appdbs.warehouse.WarehouseApplication;
import io.appdbs.warehouse.quotes.Quote;
import io.appdbs.warehouse.quotes.QuoteRepository;
import io.appdbs.warehouse.refunds.Refund;
import io.appdbs.warehouse.refunds.RefundRepository;
import io.appdbs.warehouse.stock.Article;
import io.appdbs.warehouse.stock.ArticleRepository;
import io.appdbs.warehouse.stock.Details;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.context.ApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.repository.CrudRepository;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for persistence by packages in an application that was processed ahead of time.
 */
@ApplicationClassLoader
class PersistenceAheadOfTimeTests {

	/**
	 * One test, since each would load and compile all classes again.
	 */
	@Test
	@CompileWithForkedClassLoader
	void applicationsWorkAsWithoutProcessing() {
		assertThat(List.<Runnable>of(this::eachDatabaseHasItsEntitiesRepositoriesAndDialect,
				this::aUnitIsNotProcessedWithTheEntitiesOfTheDefaultOne,
				this::annotatedPackagesAreNotSearchedAtRunTime))
			.allSatisfy(Runnable::run);
	}

	private void eachDatabaseHasItsEntitiesRepositoriesAndDialect() {
		Generated generated = new AheadOfTime("""
				app:
				  dbs:
				    orders:
				      url: embedded:postgresql
				      primary: true
				      packages: io.appdbs.shop.orders
				    audit:
				      url: embedded:mariadb
				      packages: io.appdbs.shop.audit
				    stock:
				      url: embedded:postgresql
				      packages: io.appdbs.warehouse.stock
				    refunds:
				      url: embedded:mariadb
				      packages: io.appdbs.warehouse.refunds
				    quotes:
				      url: embedded:h2
				      packages: io.appdbs.warehouse.quotes
				    catalog:
				      url: embedded:mongodb
				      packages: io.appdbs.shop.catalog
				""", WarehouseApplication.class).process();
		assertThat(source(generated, "CustomerOrderRepositoryImpl__")).contains("CustomerOrder");
		assertThat(source(generated, "AuditEntryRepositoryImpl__")).contains("AuditEntry");
		assertThat(source(generated, "ProductRepositoryImpl__")).contains("findByName");
		assertThat(metadata(generated, "ArticleRepository.json")).contains("FROM \\\"article\\\"");
		assertThat(metadata(generated, "RefundRepository.json")).contains("FROM `refund`");
		assertThat(metadata(generated, "QuoteRepository.json")).contains("FROM \\\"QUOTE\\\"");
		RecordingClassLoader classLoader = new RecordingClassLoader(getClass().getClassLoader());
		generated.run(classLoader, (context) -> {
			Schema.create(context);
			assertJpa(context);
			assertAggregates(context);
			context.getBean(ProductRepository.class).save(new Product(null, "book"));
			assertThat(context.getBean(ProductRepository.class).findByName("book")).hasSize(1);
		});
		assertThat(classLoader.searched).noneMatch((resource) -> resource.startsWith("io/appdbs/shop"))
			.noneMatch((resource) -> resource.startsWith("io/appdbs/warehouse"));
	}

	private static String source(Generated generated, String name) {
		return generated.getContent(Kind.SOURCE, name);
	}

	private static String metadata(Generated generated, String name) {
		return generated.getContent(Kind.RESOURCE, name);
	}

	private static void assertJpa(ApplicationContext context) {
		CustomerOrderRepository orders = context.getBean(CustomerOrderRepository.class);
		AuditEntryRepository entries = context.getBean(AuditEntryRepository.class);
		rollBack(context, "orders", orders, new CustomerOrder("Ada"));
		rollBack(context, "audit", entries, new AuditEntry("Ada"));
		orders.save(new CustomerOrder("Ada"));
		entries.save(new AuditEntry("Ada"));
		assertThat(orders.findByCustomerName("Ada")).hasSize(1);
		assertThat(entries.findByWhoDidIt("Ada")).hasSize(1);
	}

	private static void assertAggregates(ApplicationContext context) {
		ArticleRepository articles = context.getBean(ArticleRepository.class);
		RefundRepository refunds = context.getBean(RefundRepository.class);
		QuoteRepository quotes = context.getBean(QuoteRepository.class);
		Article chair = new Article("1", "chair", List.of("old"), new Details("red", 3));
		rollBack(context, "stock", articles, chair);
		rollBack(context, "refunds", refunds, new Refund(null, new Code("r"), 3, Set.of(), null));
		rollBack(context, "quotes", quotes, new Quote(null, new Code("q"), Map.of(), null));
		articles.save(chair);
		refunds.save(new Refund(null, new Code("r"), 3, Set.of(new Refund.Line("a")), null));
		quotes.save(new Quote(null, new Code("q"), Map.of(), null));
		assertThat(articles.findByNameStartingWithOrderByName("ch")).extracting(Article::details)
			.containsExactly(new Details("red", 3));
		assertThat(articles.findByColour("red")).hasSize(1);
		PageRequest page = PageRequest.of(0, 1, Sort.by("amount"));
		assertThat(refunds.findByAmountGreaterThan(2, page).getContent()).extracting(Refund::lines)
			.containsExactly(Set.of(new Refund.Line("a")));
		assertThat(refunds.findByCode(new Code("r"))).hasSize(1);
		assertThat(quotes.findTop2ByCodeOrderByIdDesc(new Code("q"))).extracting(Quote::created)
			.hasSize(1)
			.doesNotContainNull();
	}

	private static <T> void rollBack(ApplicationContext context, String database, CrudRepository<T, ?> repository,
			T entity) {
		context.getBean(database + "TransactionTemplate", TransactionTemplate.class).executeWithoutResult((status) -> {
			repository.save(entity);
			assertThat(repository.count()).isOne();
			status.setRollbackOnly();
		});
		assertThat(repository.count()).isZero();
	}

	private void aUnitIsNotProcessedWithTheEntitiesOfTheDefaultOne() {
		new AheadOfTime("""
				app.dbs.orders.url: embedded:h2
				app.dbs.orders.primary: true
				app.dbs.audit.url: embedded:h2
				app.dbs.audit.packages: io.appdbs.shop.audit
				""", ShopApplication.class).process().run((context) -> {
			context.getBean(CustomerOrderRepository.class).save(new CustomerOrder("Ada"));
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("Ada"));
			assertThat(context.getBean(CustomerOrderRepository.class).findByCustomerName("Ada")).hasSize(1);
			assertThat(context.getBean(AuditEntryRepository.class).findByWhoDidIt("Ada")).hasSize(1);
		});
	}

	private void annotatedPackagesAreNotSearchedAtRunTime() {
		Generated generated = new AheadOfTime("""
				app.dbs.orders.url: embedded:h2
				app.dbs.orders.password: ${ORDERS_PASSWORD}
				app.dbs.audit.url: embedded:h2
				""", AnnotatedApplication.class).process();
		RecordingClassLoader classLoader = new RecordingClassLoader(getClass().getClassLoader());
		System.setProperty("ORDERS_PASSWORD", "secret");
		try {
			generated.run(classLoader, (context) -> {
				assertThat(context.getBean(io.appdbs.annotated.audit.EntryRepository.class).count()).isZero();
				assertThat(context.getBean(io.appdbs.annotated.orders.EntryRepository.class).count()).isZero();
			});
		}
		finally {
			System.clearProperty("ORDERS_PASSWORD");
		}
		assertThat(classLoader.searched).noneMatch((resource) -> resource.startsWith("io/appdbs/annotated"));
	}

	/**
	 * Records the packages that are searched for classes.
	 */
	private static final class RecordingClassLoader extends ClassLoader {

		private final List<String> searched = new CopyOnWriteArrayList<>();

		RecordingClassLoader(ClassLoader parent) {
			super(parent);
		}

		@Override
		public Enumeration<URL> getResources(String name) throws IOException {
			this.searched.add(name);
			return super.getResources(name);
		}

	}

}
