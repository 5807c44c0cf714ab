package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import io.appdbs.Database;
import io.appdbs.Databases;
import io.appdbs.routing.ScopedSelection;
import org.bson.Document;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs on a separate class path; see {@link LeanClassPathTests}. Classes that use
 * optional libraries are nested.
 */
public final class LeanApplication {

	private LeanApplication() {
	}

	public static List<String> relational(String... arguments) {
		return run(Relational::use, Relational.Writer.class, arguments);
	}

	public static List<String> routed(String... arguments) {
		return run(Routed::use, Application.class, arguments);
	}

	public static List<String> mongo(String... arguments) {
		return run(Mongo::use, Application.class, arguments);
	}

	public static List<String> reactive(String... arguments) {
		return run(Reactive::use, Application.class, arguments);
	}

	public static List<String> both(String... arguments) {
		return run((context) -> {
			Relational.use(context);
			return Mongo.use(context);
		}, Relational.Writer.class, arguments);
	}

	public static List<String> health(String... arguments) {
		return run(Health::use, Application.class, arguments);
	}

	public static List<String> nothing(String... arguments) {
		return run((context) -> List.of(context.getBeanNamesForType(Databases.class)), Application.class, arguments);
	}

	private static List<String> run(Function<ConfigurableApplicationContext, List<String>> use, Class<?> component,
			String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, component);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			return use.apply(context);
		}
	}

	private static List<String> states(ConfigurableApplicationContext context) {
		return context.getBean(Databases.class)
			.stream()
			.map((database) -> database.getName() + " " + database.getState())
			.toList();
	}

	/**
	 * Reflection resolves the types of all methods, and so those of missing libraries.
	 */
	private static void verifyHandedOut(ConfigurableApplicationContext context, String name, Object bean) {
		Database database = context.getBean(Databases.class).get(name);
		if (database.getClass().getMethods().length == 0
				|| database.getBean(bean.getClass().getInterfaces()[0]) != bean) {
			throw new AssertionError("Not handed out");
		}
		database.getTransactionTemplate();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static final class Relational {

		private Relational() {
		}

		static List<String> use(ConfigurableApplicationContext context) {
			JdbcClient client = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					JdbcClient.class, "orders");
			verifyHandedOut(context, "orders", client);
			client.sql("CREATE TABLE item (id INT)").update();
			try {
				context.getBean(Writer.class).insertAndFail(client);
			}
			catch (IllegalStateException ex) {
				int count = client.sql("SELECT COUNT(*) FROM item").query(Integer.class).single();
				if (count == 0) {
					return states(context);
				}
			}
			throw new AssertionError("Not rolled back");
		}

		static class Writer {

			@Transactional("orders")
			void insertAndFail(JdbcClient client) {
				client.sql("INSERT INTO item VALUES (1)").update();
				throw new IllegalStateException("Rolled back");
			}

		}

	}

	static final class Routed {

		private Routed() {
		}

		static List<String> use(ConfigurableApplicationContext context) {
			JdbcClient client = context.getBean("tenantsJdbcClient", JdbcClient.class);
			TransactionTemplate transactions = context.getBean("tenantsTransactionTemplate", TransactionTemplate.class);
			return ScopedSelection.supply("orders",
					() -> transactions.execute((status) -> client.sql("SELECT 'routed'").query(String.class).list()));
		}

	}

	static final class Health {

		private Health() {
		}

		static List<String> use(ConfigurableApplicationContext context) {
			HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
			return ((CompositeHealthContributor) Objects.requireNonNull(registry.getContributor("dbs"))).stream()
				.map((entry) -> entry.name() + " " + ((HealthIndicator) entry.contributor()).health().getStatus())
				.toList();
		}

	}

	static final class Reactive {

		private Reactive() {
		}

		static List<String> use(ConfigurableApplicationContext context) {
			ReactiveMongoTemplate template = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					ReactiveMongoTemplate.class, "catalog");
			template.insert(new Document("_id", "reactive"), "item").block();
			return Mongo.use(context, 2);
		}

	}

	static final class Mongo {

		private Mongo() {
		}

		static List<String> use(ConfigurableApplicationContext context) {
			return use(context, 1);
		}

		static List<String> use(ConfigurableApplicationContext context, int expected) {
			MongoTemplate template = BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(),
					MongoTemplate.class, "catalog");
			verifyHandedOut(context, "catalog", template);
			template.insert(new Document("_id", "item"), "item");
			if (template.findAll(Document.class, "item").size() != expected) {
				throw new AssertionError("Not inserted");
			}
			return states(context);
		}

	}

}
