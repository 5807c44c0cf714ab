package io.appdbs.bean.aggregate;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.warehouse.Code;
import io.appdbs.warehouse.Schema;
import io.appdbs.warehouse.WarehouseApplication;
import io.appdbs.warehouse.quotes.Quote;
import io.appdbs.warehouse.quotes.Quote.Position;
import io.appdbs.warehouse.quotes.QuoteRepository;
import io.appdbs.warehouse.refunds.Refund;
import io.appdbs.warehouse.refunds.Refund.Line;
import io.appdbs.warehouse.refunds.RefundRepository;
import io.appdbs.warehouse.stock.Article;
import io.appdbs.warehouse.stock.Article.Part;
import io.appdbs.warehouse.stock.ArticleRepository;
import io.appdbs.warehouse.stock.Details;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for aggregates of Spring Data JDBC on three engines in one application.
 */
class AggregatesTests {

	/**
	 * Databases of {@link WarehouseApplication}, none of which is the default one.
	 */
	public static final String YAML = """
			app:
			  dbs:
			    stock:
			      url: embedded:postgresql
			      packages: io.appdbs.warehouse.stock
			    refunds:
			      url: embedded:mariadb
			      packages: io.appdbs.warehouse.refunds
			    quotes:
			      url: embedded:h2
			      packages: io.appdbs.warehouse.quotes
			""";

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(WarehouseApplication.class)
			.environment(EnvironmentBuilder.yaml(YAML).build())
			.web(WebApplicationType.NONE)
			.run();
		Schema.create(context);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void arraysJsonChildrenAndQueriesWorkOnPostgreSql() {
		ArticleRepository articles = context.getBean(ArticleRepository.class);
		Article saved = articles.save(new Article("1", "chair", List.of("wood", "old"), new Details("red", 3),
				new Part("leg", 4), new Part("seat", 1)));
		articles.save(new Article("2", "chest", List.of(), new Details("blue", 9)));
		Article found = articles.findById(saved.id()).orElseThrow();
		assertThat(found.tags()).containsExactly("wood", "old");
		assertThat(found.details()).isEqualTo(new Details("red", 3));
		assertThat(found.parts()).containsExactly(new Part("leg", 4), new Part("seat", 1));
		assertThat(found.created()).isNotNull();
		assertThat(articles.findByNameStartingWithOrderByName("ch")).extracting(Article::name)
			.containsExactly("chair", "chest");
		assertThat(articles.findByColour("blue")).extracting(Article::code).containsExactly(new Code("2"));
		Page<Article> page = articles.findByNameContaining("h", PageRequest.of(1, 1, Sort.by("name")));
		assertThat(page.getTotalElements()).isEqualTo(2);
		assertThat(page).extracting(Article::name).containsExactly("chest");
		assertThat(articles.existsByName("table")).isFalse();
		articles.deleteById(saved.id());
		assertThat(count("stock", "part")).isZero();
	}

	@Test
	void childrenConversionsAndQueriesWorkOnMariaDb() {
		RefundRepository refunds = context.getBean(RefundRepository.class);
		for (int amount = 1; amount <= 3; amount++) {
			refunds.save(new Refund(null, new Code("7"), amount, Set.of(new Line("a"), new Line("b")), null));
		}
		assertThat(client("refunds").sql("select distinct code from refund").query(String.class).list())
			.containsExactly("C-7");
		assertThat(refunds.increaseAmounts()).isEqualTo(3);
		assertThat(refunds.findByCode(new Code("7"))).hasSize(3).allSatisfy((refund) -> {
			assertThat(refund.lines()).containsExactlyInAnyOrder(new Line("a"), new Line("b"));
			assertThat(refund.created()).isNotNull();
		});
		Page<Refund> page = refunds.findByAmountGreaterThan(2, PageRequest.of(0, 1, Sort.by("amount")));
		assertThat(page.getTotalElements()).isEqualTo(2);
		assertThat(page).extracting(Refund::amount).containsExactly(3);
	}

	@Test
	void sequencesMapsAndDerivedQueriesWorkOnH2() {
		QuoteRepository quotes = context.getBean(QuoteRepository.class);
		for (int amount = 1; amount <= 3; amount++) {
			quotes.save(new Quote(null, new Code("q"), Map.of("chair", new Position(amount)), null));
		}
		assertThat(quotes.findTop2ByCodeOrderByIdDesc(new Code("q"))).extracting(Quote::id).containsExactly(102L, 101L);
		assertThat(quotes.findById(100L)).hasValueSatisfying((quote) -> {
			assertThat(quote.positions()).containsOnly(Map.entry("chair", new Position(1)));
			assertThat(quote.created()).isNotNull();
		});
	}

	@Test
	void templatesTakePartInTheTransactionOfTheirDatabase() {
		JdbcAggregateTemplate template = context.getBean("refundsJdbcAggregateTemplate", JdbcAggregateTemplate.class);
		long before = count("refunds", "refund");
		context.getBean("refundsTransactionTemplate", TransactionTemplate.class).executeWithoutResult((status) -> {
			template.insert(new Refund(null, new Code("8"), 1, Set.of(), null));
			assertThat(count("refunds", "refund")).isEqualTo(before + 1);
			status.setRollbackOnly();
		});
		assertThat(count("refunds", "refund")).isEqualTo(before);
	}

	private static long count(String database, String table) {
		return client(database).sql("select count(*) from " + table).query(Long.class).single();
	}

	private static JdbcClient client(String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class);
	}

}
