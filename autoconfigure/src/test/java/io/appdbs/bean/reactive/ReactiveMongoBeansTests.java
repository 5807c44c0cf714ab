package io.appdbs.bean.reactive;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.mongo.reactive.NamedReactiveMongoTransactionManager;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.ReactiveMongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the reactive beans of MongoDB databases.
 */
class ReactiveMongoBeansTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final List<String> NAMES = List.of("catalogReactiveMongoClient",
			"catalogReactiveMongoDatabaseFactory", "catalogReactiveMongoTemplate", "catalogReactiveTransactionManager",
			"catalogReactiveMongoTransactionManager", "catalogTransactionalOperator");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.catalog.url=embedded:mongodb");

	private final ApplicationContextRunner reactive = this.runner
		.withPropertyValues("app.dbs.catalog.mongo.reactive=true");

	@Test
	void withoutTheKeyThereAreNone() {
		this.runner.run((context) -> {
			assertThat(NAMES).noneMatch(context::containsBean);
			assertThat(context).doesNotHaveBean(MongoClient.class);
		});
	}

	@Test
	void theBeansHaveTheirNamesAndAreInjectedByQualifier() {
		this.reactive.withBean(Injected.class).run((context) -> {
			assertThat(NAMES).allMatch(context::containsBean);
			Injected beans = context.getBean(Injected.class);
			assertThat(beans.client).isSameAs(context.getBean("catalogReactiveMongoClient"));
			assertThat(beans.factory).isSameAs(context.getBean("catalogReactiveMongoDatabaseFactory"));
			assertThat(beans.template).isSameAs(context.getBean("catalogReactiveMongoTemplate"));
			assertThat(beans.manager).isSameAs(context.getBean("catalogReactiveTransactionManager"))
				.isSameAs(context.getBean("catalogReactiveMongoTransactionManager"))
				.isInstanceOf(NamedReactiveMongoTransactionManager.class);
			assertThat(beans.operator).isSameAs(context.getBean("catalogTransactionalOperator"));
			assertThat(beans.byName).isSameAs(beans.template);
			beans.template.insert(new Document("_id", 1), "item").block(TIMEOUT);
			assertThat(context.getBean(MongoTemplate.class).findById(1, Document.class, "item")).isNotNull();
		});
	}

	@Test
	void theNameInTransactionalIsThatOfTheBlockingManagerOnly() {
		this.reactive.run((context) -> {
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(
					context.getSourceApplicationContext().getBeanFactory(), TransactionManager.class, "catalog"))
				.isSameAs(context.getBean("catalogTransactionManager"));
			assertThat(context.getBean(TransactionManager.class))
				.isSameAs(context.getBean(PlatformTransactionManager.class))
				.isSameAs(context.getBean("transactionManager"));
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			app.dbs.catalog.primary=true; true; true
			app.dbs.orders.url=embedded:h2; true; false
			app.dbs.events.url=embedded:mongodb; false; false
			app.dbs.events.url=embedded:mongodb app.dbs.events.primary=true; false; false
			app.dbs.events.url=embedded:mongodb app.dbs.catalog.primary=true; true; true
			""")
	void anInjectionWithoutQualifierGetsThoseOfTheDefaultDatabase(String properties, boolean isDefault,
			boolean hasDefaultManager) {
		this.reactive.withPropertyValues(properties.split(" ")).run((context) -> {
			assertThat(context).hasNotFailed();
			Stream.of(MongoClient.class, ReactiveMongoDatabaseFactory.class, ReactiveMongoTemplate.class)
				.forEach((type) -> assertThat(isCandidate(context, type)).as(type.getName()).isEqualTo(isDefault));
			assertThat(context.containsBean("reactiveMongoTemplate")).isEqualTo(isDefault);
			Stream.of(ReactiveTransactionManager.class, TransactionalOperator.class)
				.forEach((type) -> assertThat(isCandidate(context, type)).as(type.getName())
					.isEqualTo(hasDefaultManager));
		});
	}

	/**
	 * Resolves the type as an injection point without qualifier does.
	 */
	private static boolean isCandidate(ApplicationContext context, Class<?> type) {
		DependencyDescriptor descriptor = new DependencyDescriptor(
				new MethodParameter(ReflectionUtils.findMethod(InjectionPoints.class, "of", type), 0), false);
		return ((ConfigurableApplicationContext) context).getBeanFactory().resolveDependency(descriptor, null) != null;
	}

	@Test
	void severalReactiveDatabasesDoNotConflict() {
		this.reactive
			.withPropertyValues("app.dbs.events.url=embedded:mongodb", "app.dbs-defaults.mongo.reactive=true",
					"app.dbs.orders.url=embedded:h2")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				for (String name : List.of("catalog", "events")) {
					context.getBean(name + "ReactiveMongoTemplate", ReactiveMongoTemplate.class)
						.insert(new Document("_id", name), "item")
						.block(TIMEOUT);
					assertThat(context.getBean(name + "MongoTemplate", MongoTemplate.class)
						.findAll(Document.class, "item")).extracting("_id").containsExactly(name);
				}
				assertThatExceptionOfType(NoUniqueBeanDefinitionException.class)
					.isThrownBy(() -> context.getBean(ReactiveMongoTemplate.class));
			});
	}

	@Test
	void beansOfTheApplicationReplaceThem() {
		this.reactive.withUserConfiguration(OwnBeans.class).run((context) -> {
			assertThat(context.getBean("catalogReactiveMongoTemplate")).isSameAs(context.getBean("ownTemplate"));
			assertThat(context.getBean("catalogReactiveTransactionManager")).isSameAs(context.getBean("ownManager"));
			assertThat(context.getBean("catalogTransactionalOperator", TransactionalOperator.class))
				.hasFieldOrPropertyWithValue("transactionManager", context.getBean("ownManager"));
		});
	}

	@Test
	void aBlockingClientOfTheApplicationNeedsAReactiveOne() {
		this.reactive.withUserConfiguration(OwnBlockingClient.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidDatabaseConfigurationException.class)
				.hasMessage(
						"Database 'catalog': 'app.dbs.catalog.mongo.reactive' is true, but a MongoClient bean of the application replaces the database, and the starter does not know how to connect a reactive client."));
		this.reactive.withUserConfiguration(OwnBlockingClient.class, OwnReactiveClient.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("catalogReactiveMongoClient")).isSameAs(context.getBean("ownReactiveClient"));
			assertThat(context.getBean("catalogReactiveMongoTemplate", ReactiveMongoTemplate.class)
				.getMongoDatabaseFactory()).isNotNull();
		});
	}

	@Test
	void theKeyIsReadBeforeBeansAreDefined() {
		this.runner
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> TestPropertyValues.of("app.dbs.catalog.mongo.reactive=true").applyTo(context)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (failure) -> {
					assertThat(failure).hasMessage(
							"Database 'catalog': 'app.dbs.catalog.mongo.reactive' is true, but was false when the beans of the database were defined.");
					assertThat(failure.getAction()).isEqualTo(
							"Set 'app.dbs.catalog.mongo.reactive' in a source that is available from the start, and during the build if the application is processed ahead of time.");
				}));
	}

	@Test
	void theTemplatesShareTheirMapping() {
		this.reactive.run((context) -> {
			MongoTemplate blocking = context.getBean(MongoTemplate.class);
			ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
			assertThat(template.getConverter()).isSameAs(blocking.getConverter());
			template.insert(new Item("1", "one")).block(TIMEOUT);
			assertThat(blocking.findById("1", Item.class)).isEqualTo(new Item("1", "one"));
			assertThat(blocking.indexOps(Item.class).getIndexInfo()).extracting("name").containsExactly("_id_");
		});
	}

	@Test
	void indexesAreCreatedByTheBlockingTemplateOnly() {
		this.reactive
			.withPropertyValues("spring.data.mongodb.auto-index-creation=true",
					"app.dbs.catalog.mongo.indexes.mode=off")
			.run((context) -> {
				ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
				assertThat(template).hasFieldOrPropertyWithValue("indexCreator", null);
				assertThat(((MongoMappingContext) template.getConverter().getMappingContext()).isAutoIndexCreation())
					.isTrue();
				template.insert(new Item("1", "one")).block(TIMEOUT);
				assertThat(context.getBean(MongoTemplate.class).indexOps(Item.class).getIndexInfo()).extracting("name")
					.containsExactly("_id_", "name");
			});
	}

	@Test
	void thePoolUsageIsThatOfBothClients() {
		this.reactive.withPropertyValues("app.dbs.catalog.pool.max-size=7").run((context) -> {
			assertThat(usage(context).pool().maximum()).isEqualTo(7);
			ReactiveMongoTemplate template = context.getBean(ReactiveMongoTemplate.class);
			int before = usage(context).pool().idle();
			template.insert(new Document("_id", 1), "item").block(TIMEOUT);
			assertThat(usage(context).pool().maximum()).isEqualTo(14);
			assertThat(usage(context).pool().idle() + usage(context).pool().active()).isGreaterThan(before);
		});
	}

	private static DatabaseSnapshot usage(ApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot();
	}

	static class Injected {

		private final MongoClient client;

		private final ReactiveMongoDatabaseFactory factory;

		private final ReactiveMongoTemplate template;

		private final ReactiveTransactionManager manager;

		private final TransactionalOperator operator;

		private final ReactiveMongoTemplate byName;

		Injected(@Qualifier("catalog") MongoClient client, @Qualifier("catalog") ReactiveMongoDatabaseFactory factory,
				@Qualifier("catalog") ReactiveMongoTemplate template,
				@Qualifier("catalog") ReactiveTransactionManager manager,
				@Qualifier("catalog") TransactionalOperator operator,
				ReactiveMongoTemplate catalogReactiveMongoTemplate) {
			this.client = client;
			this.factory = factory;
			this.template = template;
			this.manager = manager;
			this.operator = operator;
			this.byName = catalogReactiveMongoTemplate;
		}

	}

	interface InjectionPoints {

		void of(MongoClient value);

		void of(ReactiveMongoDatabaseFactory value);

		void of(ReactiveMongoTemplate value);

		void of(ReactiveTransactionManager value);

		void of(TransactionalOperator value);

	}

	@org.springframework.data.mongodb.core.mapping.Document
	record Item(@Id String id, @Indexed String name) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		@Qualifier("catalog")
		ReactiveMongoTemplate ownTemplate(@Qualifier("catalog") ReactiveMongoDatabaseFactory factory) {
			return new ReactiveMongoTemplate(factory);
		}

		@Bean
		@Qualifier("catalog")
		ReactiveTransactionManager ownManager(@Qualifier("catalog") MongoClient client,
				@Qualifier("catalog") ReactiveMongoDatabaseFactory factory) {
			return new NamedReactiveMongoTransactionManager("catalog", client, factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBlockingClient {

		@Bean
		@Qualifier("catalog")
		com.mongodb.client.MongoClient ownClient() {
			return com.mongodb.client.MongoClients.create("mongodb://localhost:1");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnReactiveClient {

		@Bean
		@Qualifier("catalog")
		MongoClient ownReactiveClient() {
			return MongoClients.create("mongodb://localhost:1");
		}

	}

}
