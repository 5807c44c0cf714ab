package io.appdbs.repositories.jpa;

import java.sql.SQLException;

import io.appdbs.query.jdbc.QueryLogDataSource;
import io.appdbs.testsupport.ApplicationClassLoader;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PrePersist;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for Spring Data JPA on named databases.
 */
@ApplicationClassLoader
class JpaRepositoriesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.jpa.hibernate.ddl-auto=create", "spring.jpa.open-in-view=false");

	@Test
	void repositoriesWorkOnThePrimaryDatabase() {
		this.runner
			.withPropertyValues(h2("audit"), h2("orders"), "app.dbs.orders.primary=true",
					"app.dbs.catalog.url=embedded:mongodb")
			.run((context) -> {
				assertRepositoryWorks(context);
				assertThat(tables(context, "audit")).isEmpty();
				assertThat(context.getBean("auditTransactionManager")).isNotInstanceOf(JpaTransactionManager.class);
			});
	}

	@Test
	void repositoriesWorkOnTheOnlyDatabase() {
		this.runner.withPropertyValues(h2("orders")).run(this::assertRepositoryWorks);
	}

	@Test
	void repositoriesWorkWithAQueryLog() {
		this.runner.withPropertyValues(h2("orders"), "app.dbs.orders.query-log=true").run((context) -> {
			assertThat(context.getBean("ordersDataSource")).isInstanceOf(QueryLogDataSource.class);
			assertRepositoryWorks(context);
		});
	}

	@Test
	void repositoriesWorkOnTheOnlyRelationalDatabaseInAdditionToAPrimaryMongoDatabase() {
		this.runner
			.withPropertyValues(h2("orders"), "app.dbs.catalog.url=embedded:mongodb", "app.dbs.catalog.primary=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				ItemRepository repository = context.getBean(ItemRepository.class);
				Items items = context.getBean(Items.class);
				assertThatIllegalStateException().isThrownBy(() -> items.saveAndFail("rolled back"));
				assertThatIllegalStateException().isThrownBy(() -> items.saveAndFailByName("rolled back"));
				repository.save(new Item("committed"));
				assertThat(repository.findAll()).extracting(Item::getId).containsExactly("committed");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					Application | Parameter 0 of constructor in io.appdbs.repositories.jpa.JpaRepositoriesTests$Items required a \
					bean of type 'jakarta.persistence.EntityManager'
					RepositoriesOnly | Bean 'jpaSharedEM_entityManagerFactory' required a bean named 'entityManagerFactory'
					""")
	@ExtendWith(OutputCaptureExtension.class)
	void whenNoDatabaseIsPrimaryThenTheAnalysisSaysSo(String application, String required, CapturedOutput output) {
		assertThatException().isThrownBy(() -> new SpringApplicationBuilder(
				ClassUtils.resolveClassName(getClass().getName() + "$" + application, null))
			.web(WebApplicationType.NONE)
			.run("""
					--spring.application.json={ "app": { "dbs": { "orders": { "url": "embedded:h2" }, "audit": { "url": "embedded:h2" }, "catalog": { "url": "embedded:mongodb" } } } }"""));
		assertThat(output).contains(
				"""
						Description:

						%s, which only a primary database has, but none of the databases is primary: orders, audit.

						Action:

						Set 'app.dbs.<name>.packages' to the packages of the entities and repositories of a database. Alternatively, refer to the bean of one database by its name, or set 'app.dbs.<name>.primary' to true for one of these \
						names. Every injection point of this type without qualifier then gets that database.
						"""
					.formatted(required));
	}

	@Test
	void theTransactionOfARepositoryIsRetried() {
		this.runner
			.withPropertyValues(h2("orders"), "app.dbs.orders.retry.enabled=true",
					"app.dbs.orders.retry.initial-delay=1ms")
			.run((context) -> {
				ItemRepository repository = context.getBean(ItemRepository.class);
				Item.conflicts = 2;
				repository.save(new Item("one"));
				assertThat(Item.conflicts).isNegative();
				assertThat(repository.findAll()).extracting(Item::getId).containsExactly("one");
			});
	}

	private void assertRepositoryWorks(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(JpaTransactionManager.class)
			.isSameAs(context.getBean("ordersTransactionManager"));
		assertThat(tables(context, "orders")).isEqualTo("ITEM");
		Items items = context.getBean(Items.class);
		assertThat(items.saveAndCount("one")).isOne();
		assertThat(items.saveAndCountByName("two")).isEqualTo(2);
		assertThatIllegalStateException().isThrownBy(() -> items.saveAndFail("rolled back"));
		assertThatIllegalStateException().isThrownBy(() -> items.saveAndFailByName("rolled back"));
		assertThat(context.getBean(ItemRepository.class).findAll()).extracting(Item::getId)
			.containsExactlyInAnyOrder("one", "two");
	}

	private static String tables(AssertableApplicationContext context, String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class)
			.sql("SELECT COALESCE(LISTAGG(table_name), '') FROM information_schema.tables WHERE table_schema = 'PUBLIC'")
			.query(String.class)
			.single();
	}

	private static String h2(String name) {
		return "app.dbs.%s.url=jdbc:h2:mem:jpa-%s-%d".formatted(name, name, System.nanoTime());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Items.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class RepositoriesOnly {

	}

	@Entity(name = "Item")
	static class Item {

		private static int conflicts;

		@Id
		private String id;

		protected Item() {
		}

		Item(String id) {
			this.id = id;
		}

		String getId() {
			return this.id;
		}

		@PrePersist
		void failWithConflict() {
			if (conflicts-- > 0) {
				throw new CannotAcquireLockException("conflict", new SQLException("", "40001"));
			}
		}

	}

	/**
	 * Writes through JPA and plain JDBC in one transaction.
	 */
	static class Items {

		private final EntityManager entityManager;

		private final JdbcClient jdbcClient;

		Items(EntityManager entityManager, @Qualifier("orders") JdbcClient jdbcClient) {
			this.entityManager = entityManager;
			this.jdbcClient = jdbcClient;
		}

		@Transactional
		int saveAndCount(String id) {
			return save(id);
		}

		@Transactional("orders")
		int saveAndCountByName(String id) {
			return save(id);
		}

		@Transactional
		void saveAndFail(String id) {
			save(id);
			this.jdbcClient.sql("INSERT INTO item (id) VALUES ('jdbc')").update();
			throw new IllegalStateException("Rolled back");
		}

		@Transactional("orders")
		void saveAndFailByName(String id) {
			save(id);
			this.jdbcClient.sql("INSERT INTO item (id) VALUES ('jdbc')").update();
			throw new IllegalStateException("Rolled back");
		}

		private int save(String id) {
			this.entityManager.persist(new Item(id));
			this.entityManager.flush();
			return this.jdbcClient.sql("SELECT COUNT(*) FROM item").query(Integer.class).single();
		}

	}

}
