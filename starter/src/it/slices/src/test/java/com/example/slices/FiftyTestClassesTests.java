package com.example.slices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fifty test classes, each with a context of its own, run as Spring's extension of JUnit
 * runs them: once with databases that are each migrated, once with copies of one that is.
 */
class FiftyTestClassesTests {

	private static final int CLASSES = 50;

	private static final int MIGRATIONS = 20;

	private static final AtomicInteger executed = new AtomicInteger();

	private static final Set<String> names = new TreeSet<>();

	@TempDir
	private static Path folder;

	@BeforeAll
	static void writeMigrations() throws IOException {
		for (int i = 1; i <= MIGRATIONS; i++) {
			Files.writeString(folder.resolve("V%d__create.sql".formatted(i)), """
					CREATE TABLE item_%1$d (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE);
					CREATE INDEX item_%1$d_lower ON item_%1$d (lower(name));
					INSERT INTO item_%1$d (name) VALUES ('first');
					""".formatted(i));
		}
	}

	@Test
	void copiesAreMadeOfADatabaseThatWasMigratedOnce() throws Exception {
		// starts the server, and is measured on its own
		Duration first = run(List.of(newClass("First", "embedded:postgresql")));
		assertThat(executed).hasValue(MIGRATIONS);
		Duration migrated = run(newClasses("Migrated", "embedded:postgresql"));
		assertThat(executed).hasValue(MIGRATIONS + CLASSES * MIGRATIONS);
		Duration copied = run(newClasses("Copied", "embedded:postgresql?template=migrated"));
		assertThat(executed).hasValue(MIGRATIONS + CLASSES * MIGRATIONS + MIGRATIONS);
		assertThat(names).hasSize(1 + 2 * CLASSES);
		System.out.printf(
				"First context, which starts the server: %d ms%n%d contexts, each migrated by %d migrations: %d ms, %d each%n"
						+ "%d contexts, copied from one that is migrated: %d ms, %d each%n",
				first.toMillis(), CLASSES, MIGRATIONS, migrated.toMillis(), migrated.toMillis() / CLASSES, CLASSES,
				copied.toMillis(), copied.toMillis() / CLASSES);
	}

	private static List<Class<?>> newClasses(String prefix, String url) {
		List<Class<?>> classes = new ArrayList<>();
		for (int i = 0; i < CLASSES; i++) {
			classes.add(newClass(prefix + i, url));
		}
		return classes;
	}

	private static Class<?> newClass(String name, String url) {
		return new ByteBuddy().subclass(ItemTests.class)
			.name("com.example.slices." + name + "ItemTests")
			.annotateType(AnnotationDescription.Builder.ofType(TestPropertySource.class)
				.defineArray("properties", new String[] { "test.class=" + name, "app.dbs.orders.url=" + url })
				.build())
			.make()
			.load(FiftyTestClassesTests.class.getClassLoader())
			.getLoaded();
	}

	private static Duration run(List<Class<?>> classes) throws Exception {
		long begin = System.nanoTime();
		for (Class<?> testClass : classes) {
			TestContextManager manager = new TestContextManager(testClass);
			manager.beforeTestClass();
			ItemTests test = (ItemTests) testClass.getDeclaredConstructor().newInstance();
			manager.prepareTestInstance(test);
			names.add(test.writesToItsOwnDatabase());
			manager.afterTestClass();
		}
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	@JdbcTest(properties = { "app.dbs-include=orders", "app.dbs.orders.pool.min-size=1", "spring.main.banner-mode=off" })
	@Import(CountingConfiguration.class)
	public static class ItemTests {

		@Autowired
		private JdbcClient orders;

		@DynamicPropertySource
		static void locations(DynamicPropertyRegistry registry) {
			registry.add("app.dbs.orders.flyway.locations", () -> "filesystem:" + folder);
		}

		String writesToItsOwnDatabase() {
			this.orders.sql("INSERT INTO item_" + MIGRATIONS + " (name) VALUES ('second')").update();
			assertThat(this.orders.sql("SELECT name FROM item_" + MIGRATIONS).query(String.class).list())
				.containsExactly("first", "second");
			return this.orders.sql("SELECT current_database()").query(String.class).single();
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class CountingConfiguration {

		@Bean
		@Qualifier("orders")
		CountingCallback countingCallback() {
			return new CountingCallback();
		}

	}

	static class CountingCallback extends BaseCallback {

		@Override
		public boolean supports(Event event, Context context) {
			return event == Event.AFTER_EACH_MIGRATE;
		}

		@Override
		public void handle(Event event, Context context) {
			executed.incrementAndGet();
		}

	}

}
