package io.appdbs.repositories.strict;

import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.repository.config.EnableMongoRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with repositories that do not declare their store. Runs on a separate
 * class path.
 */
public final class StrictApplication {

	private StrictApplication() {
	}

	public static List<String> plain(String... arguments) {
		return run(Plain.class, (context) -> context.getBean(Plain.class).use(), arguments);
	}

	public static List<String> annotated(String... arguments) {
		return run(Annotated.class, (context) -> context.getBean(Annotated.class).use(), arguments);
	}

	public static List<String> document(String... arguments) {
		return run(Stored.class, (context) -> context.getBean(Stored.class).use(), arguments);
	}

	private static List<String> run(Class<?> component, Function<ConfigurableApplicationContext, List<String>> use,
			String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, component);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			return use.apply(context);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	record Plain(PlainItemRepository repository, JdbcClient client) {

		List<String> use() {
			this.client.sql("CREATE TABLE plain_item (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))")
				.update();
			this.repository.save(new PlainItem(null, "plain"));
			return StreamSupport.stream(this.repository.findAll().spliterator(), false).map(PlainItem::name).toList();
		}

	}

	record Annotated(AnnotatedItemRepository repository, JdbcClient client) {

		List<String> use() {
			this.client.sql("CREATE TABLE annotated_item (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))")
				.update();
			this.repository.save(new AnnotatedItem(null, "annotated"));
			return StreamSupport.stream(this.repository.findAll().spliterator(), false)
				.map(AnnotatedItem::name)
				.toList();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMongoRepositories(basePackageClasses = StoredItemRepository.class, mongoTemplateRef = "catalogMongoTemplate")
	static class Stored {

		private final StoredItemRepository repository;

		Stored(StoredItemRepository repository) {
			this.repository = repository;
		}

		List<String> use() {
			this.repository.save(new StoredItem(null, "stored"));
			return StreamSupport.stream(this.repository.findAll().spliterator(), false).map(StoredItem::name).toList();
		}

	}

}
