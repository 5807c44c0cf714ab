package io.appdbs.autoconfigure;

import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.internal.MongoClientImpl;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.testsupport.ApplicationClassLoader;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for named databases in addition to the single ones of Boot.
 */
@ApplicationClassLoader
class CoexistenceTests {

	private static final String EXCLUDE_BOOTS_MANAGER = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration,"
			+ "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
			+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("app.dbs.orders.url=" + h2("orders"), "app.dbs.audit.url=" + h2("audit"));

	private final ApplicationContextRunner withBoot = this.runner
		.withPropertyValues("spring.datasource.url=" + h2("boot"), "spring.liquibase.enabled=false");

	private final MongoServer bootServer = new MongoServer(new MemoryBackend());

	private final MongoServer ownServer = new MongoServer(new MemoryBackend());

	private String bootUrl;

	private String ownUrl;

	@BeforeEach
	void startMongo() {
		this.bootUrl = "mongodb://localhost:%d/".formatted(this.bootServer.bind().getPort());
		this.ownUrl = "mongodb://localhost:%d/".formatted(this.ownServer.bind().getPort());
	}

	@AfterEach
	void stopMongo() {
		this.bootServer.shutdownNow();
		this.ownServer.shutdownNow();
	}

	@Test
	void transactionalUsesTheNamedDatabaseAndPlainTransactionalBootsOwn() {
		this.withBoot.run((context) -> {
			Writer writer = start(context);
			assertThatIllegalStateException().isThrownBy(writer::failInOrders);
			assertThat(writer.count()).isEqualTo(new Count(1, 0, 1));
			assertThatIllegalStateException().isThrownBy(writer::failInBoots);
			assertThat(writer.count()).isEqualTo(new Count(1, 1, 2));
			writer.succeedInOrders();
			assertThat(writer.count()).isEqualTo(new Count(2, 2, 3));
		});
	}

	@Test
	void whenBootsTransactionManagerIsExcludedThenTransactionalOfADatabaseIsNotIgnored() {
		this.withBoot.withPropertyValues(EXCLUDE_BOOTS_MANAGER).run((context) -> {
			Writer writer = start(context);
			assertThatIllegalStateException().isThrownBy(writer::failInOrders);
			assertThat(writer.count()).isEqualTo(new Count(1, 0, 1));
			writer.succeedInOrders();
			assertThat(writer.count()).isEqualTo(new Count(2, 1, 2));
		});
	}

	@Test
	void whenAopUsesInterfacesThenTransactionalOfADatabaseIsNotIgnored() {
		this.withBoot.withPropertyValues(EXCLUDE_BOOTS_MANAGER, "spring.aop.proxy-target-class=false")
			.withBean(Work.class, DefaultWork::new)
			.run((context) -> {
				start(context);
				JdbcTemplate orders = context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
				assertThatIllegalStateException().isThrownBy(() -> context.getBean(Work.class).insertAndFail(orders));
				assertThat(count(orders)).isZero();
			});
	}

	@ParameterizedTest
	@CsvSource({ "orders, spring.datasource.url", "catalog, spring.mongodb.uri" })
	void whenADatabaseIsPrimaryInAdditionToBootsOwnThenTheAnalysisSaysWhatToRemove(String name, String property) {
		this.runner
			.withPropertyValues("app.dbs.catalog.url=" + this.ownUrl + "catalog",
					"app.dbs.%s.primary=true".formatted(name),
					property + "=" + (name.equals("orders") ? h2("boot") : this.bootUrl + "boot"))
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database '%1$s': 'app.dbs.%1$s.primary' is true, but '%2$s' is set as well. Only one of them can be \
							the default for injections without qualifier.

							Remove 'app.dbs.%1$s.primary' and inject with @Qualifier("%1$s"), or remove '%2$s'."""
						.formatted(name, property)));
	}

	@Test
	void customizersOfBootsClientApplyToNamedDatabasesButItsServerDoesNot() {
		this.withBoot.withUserConfiguration(ClientCustomizer.class)
			.withPropertyValues("spring.mongodb.uri=" + this.bootUrl + "boot",
					"app.dbs.catalog.url=" + this.ownUrl + "catalog")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MongoClientSettings own = settings(context, "catalogMongoClient");
				MongoClientSettings boots = settings(context, "mongo");
				assertThat(own.getApplicationName()).isEqualTo("customized");
				assertThat(boots.getApplicationName()).isEqualTo("customized");
				assertThat(own.getClusterSettings().getHosts()).containsExactly(address(this.ownUrl));
				assertThat(boots.getClusterSettings().getHosts()).containsExactly(address(this.bootUrl));
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document("_id", 1), "item");
				MongoTemplate bootTemplate = context.getBean(MongoTemplate.class);
				assertThat(bootTemplate.getDb().getName()).isEqualTo("boot");
				assertThat(context.getBean(MongoClient.class).listDatabaseNames()).doesNotContain("catalog");
			});
	}

	@Test
	void aSettingOfADatabaseOverridesACustomizerOfBootsClient() {
		this.withBoot.withUserConfiguration(ClientCustomizer.class)
			.withPropertyValues("app.dbs.catalog.url=" + this.ownUrl + "catalog",
					"app.dbs.catalog.pool.connect-timeout=3s")
			.run((context) -> assertThat(
					settings(context, "catalogMongoClient").getSocketSettings().getConnectTimeout(TimeUnit.SECONDS))
				.isEqualTo(3));
	}

	private static Writer start(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		context.getBeansOfType(JdbcTemplate.class)
			.values()
			.forEach((template) -> template.execute("CREATE TABLE item (id INT)"));
		return context.getBean(Writer.class);
	}

	private static MongoClientSettings settings(AssertableApplicationContext context, String client) {
		return ((MongoClientImpl) context.getBean(client, MongoClient.class)).getSettings();
	}

	private static ServerAddress address(String url) {
		return new ServerAddress(url.substring("mongodb://".length(), url.length() - 1));
	}

	private static String h2(String name) {
		return "jdbc:h2:mem:%s-%d".formatted(name, System.nanoTime());
	}

	private static int count(JdbcTemplate template) {
		return template.queryForObject("SELECT COUNT(*) FROM item", Integer.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Writer.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class ClientCustomizer {

		@Bean
		MongoClientSettingsBuilderCustomizer customizer() {
			return (builder) -> builder.applicationName("customized")
				.applyToSocketSettings((settings) -> settings.connectTimeout(7, TimeUnit.SECONDS));
		}

	}

	/**
	 * The rows of the databases.
	 *
	 * @param boots of Boot's own
	 * @param orders of 'orders'
	 * @param audit of 'audit'
	 */
	record Count(int boots, int orders, int audit) {

	}

	static class Writer {

		private final JdbcTemplate boots;

		private final JdbcTemplate orders;

		private final JdbcTemplate audit;

		Writer(DataSource boots, @Qualifier("orders") JdbcTemplate orders, @Qualifier("audit") JdbcTemplate audit) {
			this.boots = new JdbcTemplate(boots);
			this.orders = orders;
			this.audit = audit;
		}

		@Transactional("orders")
		void failInOrders() {
			insert();
			throw new IllegalStateException("Rolled back");
		}

		@Transactional("orders")
		void succeedInOrders() {
			insert();
		}

		@Transactional
		void failInBoots() {
			insert();
			throw new IllegalStateException("Rolled back");
		}

		private void insert() {
			this.boots.update("INSERT INTO item VALUES (1)");
			this.orders.update("INSERT INTO item VALUES (1)");
			this.audit.update("INSERT INTO item VALUES (1)");
		}

		Count count() {
			return new Count(CoexistenceTests.count(this.boots), CoexistenceTests.count(this.orders),
					CoexistenceTests.count(this.audit));
		}

	}

	interface Work {

		void insertAndFail(JdbcTemplate template);

	}

	static class DefaultWork implements Work {

		@Override
		@Transactional("orders")
		public void insertAndFail(JdbcTemplate template) {
			template.update("INSERT INTO item VALUES (1)");
			throw new IllegalStateException("Rolled back");
		}

	}

}
