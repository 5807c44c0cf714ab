package io.appdbs.bean.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.warehouse.Code;
import io.appdbs.warehouse.quotes.Quote;
import io.appdbs.warehouse.quotes.QuoteRepository;
import io.appdbs.warehouse.refunds.Refund;
import io.appdbs.warehouse.refunds.RefundRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.jdbc.core.JdbcAggregateTemplate;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.convert.QueryMappingConfiguration;
import org.springframework.data.jdbc.core.dialect.JdbcDialect;
import org.springframework.data.jdbc.core.dialect.JdbcH2Dialect;
import org.springframework.data.jdbc.core.dialect.JdbcPostgresDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.DefaultQueryMappingConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcAuditing;
import org.springframework.data.relational.core.mapping.DefaultNamingStrategy;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.data.relational.core.mapping.event.BeforeConvertCallback;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the beans of Spring Data JDBC that an application defines for one database or
 * for all of them.
 */
class AggregateBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.quotes.url=embedded:h2", "app.dbs.quotes.packages=io.appdbs.warehouse.quotes",
				"app.dbs.refunds.url=embedded:h2", "app.dbs.refunds.packages=io.appdbs.warehouse.refunds");

	private final ApplicationContextRunner converting = this.runner.withUserConfiguration(Conversions.class);

	@Test
	void aNamingStrategyWithTheQualifierIsForThatDatabaseOnly() {
		this.converting.withUserConfiguration(RefundsNaming.class).run((context) -> {
			assertThat(context).hasNotFailed();
			client(context, "refunds").sql(
					"create table T_REFUND (id bigint auto_increment primary key, code varchar(9), amount int, created timestamp)")
				.update();
			client(context, "refunds").sql("create table T_LINE (t_refund bigint, text varchar(9))").update();
			createQuotes(context);
			assertThat(context.getBean(RefundRepository.class).save(refund(1)).id()).isOne();
			assertThat(context.getBean(QuoteRepository.class).save(quote()).id()).isEqualTo(100);
		});
	}

	@Test
	void beansUnderTheQualifierReplaceThoseOfTheDatabase() {
		this.converting.withUserConfiguration(RefundsParts.class).run((context) -> {
			assertThat(context).hasNotFailed();
			JdbcAggregateTemplate template = template(context, "refunds");
			assertThat(template.getDataAccessStrategy().getDialect()).isSameAs(context.getBean("ownDialect"));
			assertThat(template.getConverter().getMappingContext()).isSameAs(context.getBean("ownMappingContext"));
			assertThat(template(context, "quotes").getDataAccessStrategy().getDialect())
				.isSameAs(JdbcH2Dialect.INSTANCE);
		});
	}

	@Test
	void rowMappersWithTheQualifierAreForThatDatabaseOnly() {
		this.converting.withUserConfiguration(QuotesRowMappers.class).run((context) -> {
			createRefunds(context);
			RefundRepository refunds = context.getBean(RefundRepository.class);
			refunds.save(refund(1));
			assertThat(refunds.findWithAmount(1)).extracting(Refund::code).containsExactly(new Code("r"));
		});
		this.converting.withUserConfiguration(QuotesRowMappers.class, RefundsRowMappers.class).run((context) -> {
			createRefunds(context);
			RefundRepository refunds = context.getBean(RefundRepository.class);
			refunds.save(refund(1));
			assertThat(refunds.findWithAmount(1)).extracting(Refund::code).containsExactly(new Code("refunds"));
		});
	}

	@Test
	void callbacksWithTheQualifierAreForThatDatabaseOnly() {
		this.converting.withUserConfiguration(Callbacks.class).run((context) -> {
			createRefunds(context);
			createQuotes(context);
			context.getBean(RefundRepository.class).save(refund(1));
			context.getBean(QuoteRepository.class).save(quote());
			assertThat(context.getBean(Callbacks.class).called).containsExactly("refunds Refund", "all Refund",
					"all Quote", "quote Quote");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "quotes", "refunds" })
	void auditingAndSequencesWorkWhicheverDatabaseIsTheDefault(String primary) {
		this.converting.withUserConfiguration(Auditing.class)
			.withPropertyValues("app.dbs.quotes.primary=" + primary.equals("quotes"),
					"app.dbs.refunds.primary=" + primary.equals("refunds"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				createRefunds(context);
				createQuotes(context);
				Quote quote = context.getBean(QuoteRepository.class).save(quote());
				assertThat(quote.id()).isEqualTo(100);
				assertThat(quote.created()).isNotNull();
				assertThat(context.getBean(RefundRepository.class).save(refund(1)).created()).isNotNull();
				if (!primary.equals("none")) {
					assertThat(context.getBean(JdbcAggregateTemplate.class)).isSameAs(template(context, primary));
					assertThat(context.getBean(JdbcConverter.class))
						.isSameAs(template(context, primary).getConverter());
				}
			});
	}

	@Test
	void auditingWorksInAdditionToBootsOwnDatabase() {
		this.converting.withUserConfiguration(Auditing.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:aggregate-beans")
			.run((context) -> {
				createQuotes(context);
				assertThat(context.getBean(QuoteRepository.class).save(quote()).created()).isNotNull();
				assertThat(context.getBean(JdbcAggregateTemplate.class))
					.isSameAs(context.getBean("jdbcAggregateTemplate"));
			});
	}

	@Test
	void conversionsOfAConfigurationAreForTheDefaultDatabase() {
		new ApplicationContextRunner().withUserConfiguration(Application.class, DefaultConfiguration.class)
			.withPropertyValues("app.dbs.quotes.url=embedded:h2", "app.dbs.quotes.packages=io.appdbs.warehouse.quotes",
					"app.dbs.quotes.primary=true", "app.dbs.ledger.url=embedded:h2",
					"app.dbs.ledger.packages=io.appdbs.shop.ledger")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasBean("ledgerJdbcCustomConversions")
					.doesNotHaveBean("quotesJdbcCustomConversions");
				createQuotes(context);
				template(context, "quotes").insert(quote());
				assertThat(client(context, "quotes").sql("select code from quote").query(String.class).single())
					.isEqualTo("q");
			});
	}

	@Test
	void thePropertyForTheDialectIsForTheDefaultDatabase() {
		this.converting.withPropertyValues("app.dbs.quotes.primary=true", "spring.data.jdbc.dialect=postgresql")
			.run((context) -> {
				assertThat(template(context, "quotes").getDataAccessStrategy().getDialect())
					.isInstanceOf(JdbcPostgresDialect.class);
				assertThat(template(context, "refunds").getDataAccessStrategy().getDialect())
					.isSameAs(JdbcH2Dialect.INSTANCE);
			});
	}

	@Test
	void whenSeveralBeansAreForAllDatabasesThenTheyAreRejected() {
		this.converting.withUserConfiguration(MoreConversions.class)
			.run((context) -> assertThat(context.getStartupFailure())
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessage(
							"Database 'quotes': the beans conversions, moreConversions are all of type org.springframework.data.jdbc.core.convert.JdbcCustomConversions, and none has the qualifier of a database.");
					assertThat(ex.getAction()).isEqualTo(
							"Keep one of them without qualifier, or mark it as @Primary. Add the qualifier of a database to those for one database.");
				}));
	}

	@Test
	void aBeanForADatabaseThatIsNotIncludedIsNotForTheOthers() {
		this.converting.withUserConfiguration(RefundsNaming.class, RefundsConversions.class)
			.withPropertyValues("app.dbs-include=quotes")
			.run((context) -> {
				createQuotes(context);
				assertThat(context.getBean(QuoteRepository.class).save(quote()).id()).isEqualTo(100);
			});
	}

	private static JdbcAggregateTemplate template(AssertableApplicationContext context, String database) {
		return context.getBean(database + "JdbcAggregateTemplate", JdbcAggregateTemplate.class);
	}

	private static void createRefunds(AssertableApplicationContext context) {
		client(context, "refunds").sql(
				"create table refund (id bigint auto_increment primary key, code varchar(9), amount int, created timestamp)")
			.update();
		client(context, "refunds").sql("create table line (refund bigint, text varchar(9))").update();
	}

	private static void createQuotes(AssertableApplicationContext context) {
		client(context, "quotes").sql("create sequence \"quote_sequence\" start with 100").update();
		client(context, "quotes").sql("create table quote (id bigint primary key, code varchar(9), created timestamp)")
			.update();
	}

	private static JdbcClient client(AssertableApplicationContext context, String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class);
	}

	private static Refund refund(int amount) {
		return new Refund(null, new Code("r"), amount, Set.of(), null);
	}

	private static Quote quote() {
		return new Quote(null, new Code("q"), Map.of(), null);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJdbcAuditing
	static class Auditing {

	}

	@Configuration(proxyBeanMethods = false)
	static class Conversions {

		@Bean
		JdbcCustomConversions conversions() {
			return new JdbcCustomConversions(List.of(new CodeToString(), new StringToCode()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MoreConversions {

		@Bean
		JdbcCustomConversions moreConversions() {
			return new JdbcCustomConversions(List.of());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RefundsConversions {

		@Bean
		@Qualifier("refunds")
		JdbcCustomConversions refundsConversions() {
			return new JdbcCustomConversions(List.of());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DefaultConfiguration extends AbstractJdbcConfiguration {

		@Override
		protected List<?> userConverters() {
			return List.of(new CodeToString(), new StringToCode());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RefundsNaming {

		@Bean
		@Qualifier("refunds")
		NamingStrategy refundsNaming() {
			return new DefaultNamingStrategy() {

				@Override
				public String getTableName(Class<?> type) {
					return "t_" + super.getTableName(type);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RefundsParts {

		@Bean
		@Qualifier("refunds")
		JdbcDialect ownDialect() {
			return JdbcPostgresDialect.INSTANCE;
		}

		@Bean
		@Qualifier("refunds")
		JdbcMappingContext ownMappingContext() {
			return new JdbcMappingContext();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QuotesRowMappers {

		@Bean
		@Qualifier("quotes")
		QueryMappingConfiguration quotesRowMappers() {
			return rowMappers("quotes");
		}

		static QueryMappingConfiguration rowMappers(String code) {
			return new DefaultQueryMappingConfiguration().registerRowMapper(Refund.class, (row,
					number) -> new Refund(row.getLong("id"), new Code(code), row.getInt("amount"), Set.of(), null));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RefundsRowMappers {

		@Bean
		@Qualifier("refunds")
		QueryMappingConfiguration refundsRowMappers() {
			return QuotesRowMappers.rowMappers("refunds");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Callbacks {

		private final List<String> called = new ArrayList<>();

		@Bean
		@Qualifier("refunds")
		BeforeConvertCallback<Object> refundsCallback() {
			return (aggregate) -> call("refunds", aggregate);
		}

		@Bean
		BeforeConvertCallback<Object> callback() {
			return (aggregate) -> call("all", aggregate);
		}

		@Bean
		BeforeConvertCallback<Quote> quoteCallback() {
			return (aggregate) -> call("quote", aggregate);
		}

		private <T> T call(String name, T aggregate) {
			this.called.add(name + " " + aggregate.getClass().getSimpleName());
			return aggregate;
		}

	}

	@WritingConverter
	static final class CodeToString implements Converter<Code, String> {

		@Override
		public String convert(Code code) {
			return code.value();
		}

	}

	@ReadingConverter
	static final class StringToCode implements Converter<String, Code> {

		@Override
		public Code convert(String text) {
			return new Code(text);
		}

	}

}
