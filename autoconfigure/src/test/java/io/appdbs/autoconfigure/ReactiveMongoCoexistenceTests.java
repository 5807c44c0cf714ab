package io.appdbs.autoconfigure;

import java.time.Duration;
import java.util.Map;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.AsyncTransportSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.internal.MongoClientImpl;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.testsupport.ReactiveMongoFilter;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.data.mongodb.gridfs.ReactiveGridFsTemplate;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for named databases with the reactive driver in addition to Boot's
 * auto-configuration for it.
 */
class ReactiveMongoCoexistenceTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final String BOOTS_CLIENT = "reactiveStreamsMongoClient";

	private final MongoServer bootServer = new MongoServer(new MemoryBackend());

	private final MongoServer ownServer = new MongoServer(new MemoryBackend());

	private String bootUrl;

	private ApplicationContextRunner runner;

	@BeforeEach
	void start() {
		this.bootUrl = "mongodb://localhost:%d/boot".formatted(this.bootServer.bind().getPort());
		this.runner = new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(ReactiveMongoFilter.PROPERTY + "=true")
			.withPropertyValues(
					"app.dbs.catalog.url=mongodb://localhost:%d/catalog".formatted(this.ownServer.bind().getPort()),
					"management.endpoints.jmx.exposure.include=health", "spring.liquibase.enabled=false");
	}

	@AfterEach
	void stop() {
		this.bootServer.shutdownNow();
		this.ownServer.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "app.dbs.orders.url=embedded:h2", "app.dbs.events.url=embedded:mongodb" })
	void withoutReactiveBeansBootHasNone(String property) {
		this.runner.withPropertyValues(property.split(" ")).run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(MongoClient.class)
				.doesNotHaveBean(ReactiveMongoTemplate.class)
				.doesNotHaveBean(ReactiveGridFsTemplate.class);
			assertHealthIsThatOfTheDatabases(context);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.dbs.catalog.mongo.reactive=true",
			"app.dbs.events.url=embedded:mongodb app.dbs.catalog.mongo.reactive=true",
			"app.dbs.events.url=embedded:mongodb app.dbs-defaults.mongo.reactive=true",
			"app.dbs.events.url=embedded:mongodb app.dbs.events.primary=true app.dbs.catalog.mongo.reactive=true" })
	void withReactiveBeansBootHasNoClientOfItsOwn(String properties) {
		this.runner.withPropertyValues(properties.split(" ")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(BOOTS_CLIENT);
			assertThat(insert(context.getBean("catalogReactiveMongoTemplate", ReactiveMongoTemplate.class)))
				.isNotNull();
			assertHealthIsThatOfTheDatabases(context);
		});
	}

	@Test
	void whatBootBuildsOnAReactiveTemplateUsesTheDefaultDatabase() {
		this.runner.withPropertyValues("app.dbs.catalog.mongo.reactive=true").run((context) -> {
			assertThat(context).hasSingleBean(ReactiveGridFsTemplate.class);
			assertThat(context.getBean(ReactiveMongoTemplate.class))
				.isSameAs(context.getBean("catalogReactiveMongoTemplate"))
				.isSameAs(context.getBean("reactiveMongoTemplate"));
		});
	}

	@Test
	void bootsOwnDatabaseStaysTheDefaultOne() {
		this.runner.withPropertyValues("spring.mongodb.uri=" + this.bootUrl, "app.dbs.catalog.mongo.reactive=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(MongoClient.class)).isSameAs(context.getBean(BOOTS_CLIENT));
				insert(context.getBean(ReactiveMongoTemplate.class));
				assertThat(context.getBean(MongoTemplate.class).getDb().getName()).isEqualTo("boot");
				assertThat(context.getBean(MongoTemplate.class).findAll(Document.class, "item")).hasSize(1);
				assertThat(context.getBean("catalogMongoTemplate", MongoTemplate.class).getCollectionNames()).isEmpty();
				HealthEndpoint health = context.getBean(HealthEndpoint.class);
				assertThat(health.healthForPath("mongo")).isInstanceOf(IndicatedHealthDescriptor.class);
				assertThat(health.healthForPath("mongo", "catalogReactiveMongoClient")).isNull();
			});
	}

	@Test
	void aReactiveClientOfTheApplicationStaysTheDefaultOne() {
		this.runner.withUserConfiguration(OwnClient.class)
			.withPropertyValues("app.dbs.catalog.mongo.reactive=true", "own.url=" + this.bootUrl)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(BOOTS_CLIENT);
				assertThat(context.getBean(MongoClient.class)).isSameAs(context.getBean("ownClient"));
				assertThat(insert(context.getBean("catalogReactiveMongoTemplate", ReactiveMongoTemplate.class)))
					.isNotNull();
			});
	}

	@Test
	void aChildContextUsesTheDatabasesOfItsParent() {
		this.runner.withPropertyValues("app.dbs.catalog.mongo.reactive=true")
			.run((parent) -> new ApplicationContextRunner().withUserConfiguration(Application.class)
				.withPropertyValues(ReactiveMongoFilter.PROPERTY + "=true")
				.withParent(parent)
				.withPropertyValues("spring.liquibase.enabled=false")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(MongoClient.class))
						.isSameAs(parent.getBean("catalogReactiveMongoClient"));
					assertThat(context.getSourceApplicationContext().containsLocalBean(BOOTS_CLIENT)).isFalse();
				}));
		this.runner.run((parent) -> new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(ReactiveMongoFilter.PROPERTY + "=true")
			.withParent(parent)
			.withPropertyValues("spring.liquibase.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MongoClient.class)));
	}

	@Test
	void customizersOfBootsClientApplyExceptForThatOfNetty() {
		this.runner.withUserConfiguration(ClientCustomizer.class)
			.withPropertyValues("app.dbs.catalog.mongo.reactive=true", "app.dbs.catalog.pool.max-size=3",
					"app.dbs.catalog.statement-timeout=5s")
			.run((context) -> {
				assertThat(context).hasBean("nettyDriverCustomizer");
				MongoClientSettings settings = settings(context.getBean(MongoClient.class));
				assertThat(settings.getApplicationName()).isEqualTo("customized");
				assertThat(settings.getTransportSettings()).isInstanceOf(AsyncTransportSettings.class);
				assertThat(settings.getConnectionPoolSettings().getMaxSize()).isEqualTo(3);
				assertThat(settings.getTimeout(java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(5);
				assertThat(((com.mongodb.client.internal.MongoClientImpl) context
					.getBean(com.mongodb.client.MongoClient.class)).getSettings().getTransportSettings()).isNull();
			});
	}

	private static MongoClientSettings settings(MongoClient client) {
		Object handler = java.lang.reflect.Proxy.getInvocationHandler(client);
		Object deferred = ReflectionTestUtils.getField(handler, "this$0");
		return ((MongoClientImpl) ReflectionTestUtils.getField(deferred, "current")).getSettings();
	}

	private static Document insert(ReactiveMongoTemplate template) {
		return template.insert(new Document(Map.of("name", "one")), "item").block(TIMEOUT);
	}

	private static void assertHealthIsThatOfTheDatabases(ApplicationContext context) {
		HealthEndpoint health = context.getBean(HealthEndpoint.class);
		assertThat(health.healthForPath("mongo")).isNull();
		assertThat(health.healthForPath("dbs", "catalog").getStatus()).isEqualTo(Status.UP);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		MongoClient ownClient(org.springframework.core.env.Environment environment) {
			return MongoClients.create(environment.getRequiredProperty("own.url"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClientCustomizer {

		@Bean
		MongoClientSettingsBuilderCustomizer customizer() {
			return (builder) -> builder.applicationName("customized");
		}

	}

}
