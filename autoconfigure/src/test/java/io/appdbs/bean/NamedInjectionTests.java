package io.appdbs.bean;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import javax.sql.DataSource;

import jakarta.annotation.Resource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for injection points that are named after a bean of a database, which they get
 * even if another database is primary.
 */
class NamedInjectionTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:named-orders",
				"app.dbs.metadata.url=jdbc:h2:mem:named-metadata", "app.dbs.metadata.primary=true",
				"spring.liquibase.enabled=false");

	@Test
	void aFieldThatIsNamedAfterABeanGetsIt() {
		run(Fields.class, (context) -> {
			Fields fields = context.getBean(Fields.class);
			assertThat(fields.ordersJdbcTemplate).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(fields.ordersDataSource).isSameAs(context.getBean("ordersDataSource"));
			assertThat(fields.metadataJdbcTemplate).isSameAs(context.getBean("metadataJdbcTemplate"));
			assertThat(fields.jdbcTemplate).isSameAs(context.getBean("metadataJdbcTemplate"));
		});
	}

	@Test
	void aResourceThatIsNamedAfterABeanGetsIt() {
		run(Resources.class, (context) -> {
			Resources resources = context.getBean(Resources.class);
			assertThat(resources.ordersJdbcTemplate).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(resources.client).isSameAs(context.getBean("ordersJdbcClient"));
			assertThat(resources.unnamed).isSameAs(context.getBean("metadataJdbcClient"));
		});
	}

	@Test
	void aParameterOfAConstructorThatIsNamedAfterABeanGetsIt() {
		run(Parameters.class, (context) -> {
			Parameters parameters = context.getBean(Parameters.class);
			assertThat(parameters.template).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(parameters.operations).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(parameters.manager).isSameAs(context.getBean("ordersTransactionManager"));
		});
	}

	@Test
	void aParameterOfABeanMethodThatIsNamedAfterABeanGetsIt() {
		run(BeanMethod.class, (context) -> assertThat(context.getBean(Holder.class).template())
			.isSameAs(context.getBean("ordersJdbcTemplate")));
	}

	@Test
	void aProviderThatIsNamedAfterABeanGetsIt() {
		run(Providers.class, (context) -> {
			Providers providers = context.getBean(Providers.class);
			Object expected = context.getBean("ordersJdbcTemplate");
			assertThat(providers.ordersJdbcTemplate.getObject()).isSameAs(expected);
			assertThat(providers.ordersJdbcTemplate.getIfAvailable()).isSameAs(expected);
			assertThat(providers.ordersJdbcTemplate.getIfUnique()).isSameAs(expected);
			assertThat(providers.optional).containsSame((JdbcTemplate) expected);
			assertThat(providers.lazy.getDataSource()).isSameAs(context.getBean("ordersDataSource"));
		});
	}

	@Test
	void theNameDoesNotAffectACollection() {
		run(Collections.class, (context) -> {
			Collections collections = context.getBean(Collections.class);
			Object primary = context.getBean("metadataJdbcTemplate");
			assertThat(collections.list).singleElement().isSameAs(primary);
			assertThat(collections.array).singleElement().isSameAs(primary);
			assertThat(collections.map).containsOnlyKeys("metadataJdbcTemplate");
			assertThat(collections.provider.getObject()).singleElement().isSameAs(primary);
		});
	}

	@Test
	void theQualifierTakesPrecedenceOverTheName() {
		run(QualifiedOtherwise.class, (context) -> assertThat(context.getBean(QualifiedOtherwise.class).template)
			.isSameAs(context.getBean("metadataJdbcTemplate")));
	}

	@Test
	void theNameTakesPrecedenceOverAPrimaryBeanOfTheApplication() {
		this.runner.withPropertyValues("app.dbs.metadata.primary=false")
			.withUserConfiguration(OwnPrimary.class, Fields.class)
			.run((context) -> {
				Fields fields = context.getBean(Fields.class);
				assertThat(fields.ordersJdbcTemplate).isSameAs(context.getBean("ordersJdbcTemplate"));
				assertThat(fields.jdbcTemplate).isSameAs(context.getBean("own"));
			});
	}

	@Test
	void beansOfTheApplicationAndOtherTypesAreInjectedAsBefore() {
		this.runner.withUserConfiguration(OwnTypes.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Texts.class).ordersJdbcClient()).isEqualTo("text");
			assertThat(context.getBean(Texts.class).text()).isEqualTo("text");
		});
	}

	@Test
	void aBeanOfTheApplicationThatReplacesThatOfTheStarterIsFoundByItsName() {
		this.runner.withUserConfiguration(Replacement.class, Fields.class).run((context) -> {
			assertThat(context.getBean(Fields.class).ordersJdbcTemplate).isSameAs(context.getBean("mine"));
			assertThat(context.getBean("ordersJdbcTemplate")).isSameAs(context.getBean("mine"));
		});
	}

	@Test
	void theNameOfABeanIsAlsoAQualifier() {
		run(QualifiedByBeanName.class, (context) -> {
			QualifiedByBeanName qualified = context.getBean(QualifiedByBeanName.class);
			assertThat(qualified.template).isSameAs(context.getBean("ordersJdbcTemplate"));
			assertThat(qualified.manager).isSameAs(context.getBean("ordersTransactionManager"));
			assertThat(qualified.all).containsOnlyKeys("ordersJdbcTemplate");
		});
	}

	@Test
	void aTransactionThatNamesTheBeanOfAManagerRunsOnItsDatabase() {
		run(Writer.class, (context) -> {
			Writer writer = context.getBean(Writer.class);
			assertThat(writer.databaseByBeanName()).isEqualTo("NAMED-ORDERS in a transaction");
			assertThat(writer.databaseByAlias()).isEqualTo("NAMED-ORDERS in a transaction");
			assertThat(writer.databaseByQualifier()).isEqualTo("NAMED-ORDERS in a transaction");
		});
	}

	private void run(Class<?> component, Consumer<AssertableApplicationContext> test) {
		this.runner.withUserConfiguration(component).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Fields {

		@Autowired
		private JdbcTemplate ordersJdbcTemplate;

		@Autowired
		private DataSource ordersDataSource;

		@Autowired
		private JdbcTemplate metadataJdbcTemplate;

		@Autowired
		private JdbcTemplate jdbcTemplate;

	}

	static class Resources {

		@Resource
		private JdbcTemplate ordersJdbcTemplate;

		@Resource(name = "ordersJdbcClient")
		private JdbcClient client;

		@Resource
		private JdbcClient unnamed;

	}

	static class Parameters {

		private final JdbcTemplate template;

		private final JdbcOperations operations;

		private final PlatformTransactionManager manager;

		Parameters(JdbcTemplate ordersJdbcTemplate, @Qualifier("ordersJdbcTemplate") JdbcOperations operations,
				PlatformTransactionManager ordersPlatformTransactionManager) {
			this.template = ordersJdbcTemplate;
			this.operations = operations;
			this.manager = ordersPlatformTransactionManager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethod {

		@Bean
		Holder holder(JdbcTemplate ordersJdbcTemplate) {
			return new Holder(ordersJdbcTemplate);
		}

	}

	record Holder(JdbcTemplate template) {

	}

	static class Providers {

		private final ObjectProvider<JdbcTemplate> ordersJdbcTemplate;

		private final Optional<JdbcTemplate> optional;

		private final JdbcTemplate lazy;

		@Autowired
		Providers(ObjectProvider<JdbcTemplate> ordersJdbcTemplate, OptionalTemplate optional, LazyTemplate lazy) {
			this.ordersJdbcTemplate = ordersJdbcTemplate;
			this.optional = optional.ordersJdbcTemplate();
			this.lazy = lazy.ordersJdbcTemplate();
		}

		@Bean
		static OptionalTemplate optional(Optional<JdbcTemplate> ordersJdbcTemplate) {
			return new OptionalTemplate(ordersJdbcTemplate);
		}

		@Bean
		static LazyTemplate lazy(@Lazy JdbcTemplate ordersJdbcTemplate) {
			return new LazyTemplate(ordersJdbcTemplate);
		}

		record OptionalTemplate(Optional<JdbcTemplate> ordersJdbcTemplate) {

		}

		record LazyTemplate(JdbcTemplate ordersJdbcTemplate) {

		}

	}

	@Import({ Collections.OfList.class, Collections.OfArray.class, Collections.OfMap.class })
	static class Collections {

		private final List<JdbcTemplate> list;

		private final JdbcTemplate[] array;

		private final Map<String, JdbcTemplate> map;

		private final ObjectProvider<List<JdbcTemplate>> provider;

		Collections(OfList list, OfArray array, OfMap map, ObjectProvider<List<JdbcTemplate>> ordersJdbcTemplate) {
			this.list = list.ordersJdbcTemplate;
			this.array = array.ordersJdbcTemplate;
			this.map = map.ordersJdbcTemplate;
			this.provider = ordersJdbcTemplate;
		}

		static class OfList {

			@Autowired
			private List<JdbcTemplate> ordersJdbcTemplate;

		}

		static class OfArray {

			@Autowired
			private JdbcTemplate[] ordersJdbcTemplate;

		}

		static class OfMap {

			@Autowired
			private Map<String, JdbcTemplate> ordersJdbcTemplate;

		}

	}

	static class QualifiedOtherwise {

		private final JdbcTemplate template;

		QualifiedOtherwise(@Qualifier("metadata") JdbcTemplate ordersJdbcTemplate) {
			this.template = ordersJdbcTemplate;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPrimary {

		@Bean
		@Primary
		DataSource ownDataSource() {
			return new DriverManagerDataSource("jdbc:h2:mem:named-own");
		}

		@Bean
		@Primary
		JdbcTemplate own(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTypes {

		@Bean
		String text() {
			return "text";
		}

		@Bean
		Texts texts(String ordersJdbcClient, String text) {
			return new Texts(ordersJdbcClient, text);
		}

	}

	record Texts(String ordersJdbcClient, String text) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Replacement {

		@Bean
		@Qualifier("orders")
		JdbcTemplate mine(@Qualifier("orders") DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

	}

	static class QualifiedByBeanName {

		@Autowired
		@Qualifier("ordersJdbcTemplate")
		private JdbcTemplate template;

		@Autowired
		@Qualifier("ordersPlatformTransactionManager")
		private PlatformTransactionManager manager;

		@Autowired
		@Qualifier("ordersJdbcTemplate")
		private Map<String, JdbcTemplate> all;

	}

	static class Writer {

		private final JdbcClient client;

		private final DataSource dataSource;

		Writer(JdbcClient ordersJdbcClient, DataSource ordersDataSource) {
			this.client = ordersJdbcClient;
			this.dataSource = ordersDataSource;
		}

		@Transactional("ordersTransactionManager")
		String databaseByBeanName() {
			return database();
		}

		@Transactional("ordersPlatformTransactionManager")
		String databaseByAlias() {
			return database();
		}

		@Transactional("orders")
		String databaseByQualifier() {
			return database();
		}

		private String database() {
			return this.client.sql("SELECT DATABASE()").query(String.class).single()
					+ (TransactionSynchronizationManager.hasResource(this.dataSource) ? " in a transaction" : "");
		}

	}

}
