package io.appdbs.bean.jpa;

import java.net.ConnectException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.appdbs.DatabaseStartException;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.Causes;
import io.appdbs.testsupport.CompiledClasses;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.PlainApplication;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.SpringProperties;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for persistence units that are built in parallel when an application starts.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PersistenceUnitStartTests {

	private static final int UNITS = 8;

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	@TempDir
	private static Path folder;

	private static URLClassLoader classes;

	private static String server;

	@BeforeAll
	static void compile() throws Exception {
		List<String> sources = new ArrayList<>();
		IntStream.rangeClosed(1, UNITS)
			.forEach((i) -> sources.addAll(List.of("""
					package units.u%d;
					import jakarta.persistence.*;
					@Entity
					@EntityListeners(io.appdbs.bean.jpa.ContainedTypes.Listener.class)
					public class Item%d {
						@Id
						@GeneratedValue
						private Long id;
						@Convert(converter = io.appdbs.bean.jpa.ContainedTypes.Reversed.class)
						private String text = "abc";
					}
					""".formatted(i, i),
					"""
							package units.u%d;
							public interface Item%dRepository extends org.springframework.data.repository.ListCrudRepository<Item%d, Long> {
							}
							"""
						.formatted(i, i, i))));
		sources.add("""
				package units.broken;
				import jakarta.persistence.*;
				@Entity
				public class Broken {
					private Long id;
				}
				""");
		classes = CompiledClasses.compile(folder, sources);
		String url = servers.getUrl("embedded:postgresql", "u1");
		server = url.substring(url.indexOf('@') + 1);
	}

	@AfterAll
	static void closeClasses() throws Exception {
		classes.close();
	}

	@Test
	void aSlowDatabaseDelaysOnlyTheBeansThatUseIt() throws Exception {
		try (TcpProxy proxy = new TcpProxy(server.substring(0, server.indexOf('/')))) {
			proxy.beSilent();
			Early.reached = new CompletableFuture<>();
			CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
			Thread thread = new Thread(() -> run(started, application(Early.class, slow(proxy.address()))));
			thread.setContextClassLoader(classes);
			thread.start();
			assertThat(Early.reached.get()).isEqualTo(UNITS - 1);
			assertThat(started).isNotDone();
			proxy.resume();
			try (ConfigurableApplicationContext context = started.get()) {
				assertThat(save(context, 1)).isEqualTo(1);
				assertThat(context.getBean(Databases.class))
					.allMatch((database) -> database.getState() == DatabaseState.UP);
			}
		}
	}

	private static void run(CompletableFuture<ConfigurableApplicationContext> started,
			SpringApplicationBuilder application) {
		try {
			started.complete(application.run());
		}
		catch (RuntimeException ex) {
			started.completeExceptionally(ex);
		}
	}

	private static String[] slow(String address) {
		return new String[] { "app.dbs.u1.url=postgresql://" + address + server.substring(server.indexOf('/')),
				"app.dbs.u1.username=postgres", "app.dbs.u1.primary=true", "app.dbs.u1.jpa.ddl-auto=create" };
	}

	@ParameterizedTest
	@CsvSource({ "default, false, false", "deferred, false, false", "lazy, false, false", "default, true, false",
			"default, false, true", "deferred, true, false", "lazy, true, true" })
	void repositoriesWorkInEachMode(String bootstrap, boolean strictLocking, boolean lazy) {
		SpringProperties.setProperty(DefaultListableBeanFactory.STRICT_LOCKING_PROPERTY_NAME,
				strictLocking ? "true" : null);
		try (ConfigurableApplicationContext context = application(Injected.class, "app.dbs.u1.url=embedded:h2",
				"spring.data.jpa.repositories.bootstrap-mode=" + bootstrap, "spring.main.lazy-initialization=" + lazy)
			.run()) {
			assertThat(context.getBean(Injected.class).named).isSameAs(context.getBean("u2JdbcClient"));
			assertThat(save(context, 1)).isEqualTo(1);
			assertThat(save(context, UNITS)).isEqualTo(1);
			assertThat(save(context, 2)).isEqualTo(1);
			assertThat(context.getBean("u2JdbcClient", JdbcClient.class)
				.sql("select text from item2")
				.query(String.class)
				.single()).isEqualTo("cba");
		}
		finally {
			SpringProperties.setProperty(DefaultListableBeanFactory.STRICT_LOCKING_PROPERTY_NAME, null);
		}
	}

	@Test
	void manyStartsDoNotBlockEachOther() {
		for (int i = 0; i < 10; i++) {
			try (ConfigurableApplicationContext context = application(Injected.class, "app.dbs.u1.url=embedded:h2")
				.run()) {
				assertThat(save(context, 1)).isEqualTo(1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aConverterThatNeedsARepositoryOfItsOwnUnitFails(boolean strictLocking) {
		SpringProperties.setProperty(DefaultListableBeanFactory.STRICT_LOCKING_PROPERTY_NAME,
				strictLocking ? "true" : null);
		try {
			Throwable failure = catchThrowable(
					() -> application(Circular.class, "app.dbs.u1.url=embedded:h2").run().close());
			assertThat(failure).hasRootCauseInstanceOf(BeanCurrentlyInCreationException.class);
		}
		finally {
			SpringProperties.setProperty(DefaultListableBeanFactory.STRICT_LOCKING_PROPERTY_NAME, null);
		}
	}

	@Test
	void aLazyRepositoryBreaksTheCircle() {
		try (ConfigurableApplicationContext context = application(LazyCircular.class, "app.dbs.u1.url=embedded:h2")
			.run()) {
			assertThat(save(context, 1)).isEqualTo(1);
		}
	}

	@Test
	void aRequiredDatabaseThatCannotBeOpenedIsReportedOnce() throws Exception {
		try (TcpProxy proxy = new TcpProxy(server.substring(0, server.indexOf('/')));
				LoggedLines lines = new LoggedLines("org.springframework", "org.hibernate")) {
			proxy.refuse();
			Throwable failure = catchThrowable(
					() -> application(Injected.class, slow(proxy.address())).properties("app.dbs.u1.startup.timeout=1s")
						.run()
						.close());
			assertThat(NestedExceptionUtils.getMostSpecificCause(failure)).isInstanceOf(ConnectException.class);
			DatabaseStartException start = Causes.find(DatabaseStartException.class, failure);
			assertThat(start).hasMessageStartingWith(
					"Database 'u1' (PostgreSQL at %s/u1) could not be opened".formatted(proxy.address()));
			assertThat(failure).message().doesNotContain("asynchronously");
			assertThat(lines.messages()).noneMatch((line) -> line.contains("asynchronously")
					|| line.contains("Failed to initialize JPA") || line.contains("destroy method"));
		}
	}

	@Test
	void aUnitThatCannotBeBuiltNamesItsDatabase() {
		try (LoggedLines lines = new LoggedLines("org.springframework", "org.hibernate")) {
			Throwable failure = catchThrowable(
					() -> application(Reversing.class, "app.dbs.u1.url=embedded:h2", "app.dbs.u2.packages=units.broken")
						.run()
						.close());
			InvalidDatabaseConfigurationException invalid = Causes.find(InvalidDatabaseConfigurationException.class,
					failure);
			assertThat(invalid).hasMessage(
					"Database 'u2': the persistence unit could not be built: Entity 'units.broken.Broken' has no identifier (every '@Entity' class must declare or inherit at least one '@Id' or '@EmbeddedId' property)");
			assertThat(invalid.getAction())
				.isEqualTo("Correct the mapping of the entities of the database, its 'jpa' keys, or its schema.");
			assertThat(lines.messages()).noneMatch((line) -> line.contains("destroy method"));
		}
	}

	@Test
	void closingEndsTheWaitForADatabase() throws Exception {
		try (TcpProxy proxy = new TcpProxy(server.substring(0, server.indexOf('/')));
				LoggedLines lines = new LoggedLines("org.springframework", "org.hibernate")) {
			proxy.beSilent();
			Throwable failure = catchThrowable(
					() -> application(Failing.class, slow(proxy.address())).properties("app.dbs.u1.startup.timeout=1h")
						.run()
						.close());
			assertThat(failure).hasRootCauseMessage("fails while a unit waits");
			TestDatabases.await(() -> TestDatabases.threads("appdbs-jpa-u1").isEmpty());
			assertThat(lines.messages())
				.noneMatch((line) -> line.contains("destroy method") || line.contains("Failed to initialize JPA"));
		}
	}

	private static long save(ConfigurableApplicationContext context, int unit) {
		ListCrudRepository<Object, Long> repository = repository(context, unit);
		repository.save(newItem(unit));
		return repository.count();
	}

	@SuppressWarnings("unchecked")
	static ListCrudRepository<Object, Long> repository(ConfigurableApplicationContext context, int unit) {
		return context.getBean("item%dRepository".formatted(unit), ListCrudRepository.class);
	}

	static Object newItem(int unit) {
		try {
			return classes.loadClass("units.u%d.Item%d".formatted(unit, unit)).getConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SpringApplicationBuilder application(Class<?> configuration, String... properties) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("spring.main.banner-mode", "off");
		// is enabled outside of the thread of a test
		all.put("spring.docker.compose.enabled", "false");
		IntStream.rangeClosed(1, UNITS).forEach((i) -> {
			all.put("app.dbs.u%d.packages".formatted(i), "units.u" + i);
			if (i > 1) {
				all.put("app.dbs.u%d.url".formatted(i), "embedded:h2");
			}
		});
		for (String property : properties) {
			all.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		Thread.currentThread().setContextClassLoader(classes);
		return new SpringApplicationBuilder(new DefaultResourceLoader(classes), PlainApplication.class, configuration)
			.properties(all)
			.web(WebApplicationType.NONE);
	}

	@Configuration(proxyBeanMethods = false)
	static class Reversing {

		@Bean
		@Lazy
		static ContainedTypes.Reverser reverser() {
			return new ContainedTypes.Reverser(() -> {
			});
		}

	}

	/**
	 * Uses the units whose databases are not slow.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Early extends Reversing {

		private static CompletableFuture<Integer> reached;

		@Bean
		String early(ConfigurableApplicationContext context) {
			for (int i = 2; i <= UNITS; i++) {
				repository(context, i).save(newItem(i));
			}
			assertThat(context.getBean(Databases.class).get("u1").getState()).isEqualTo(DatabaseState.STARTING);
			reached.complete(UNITS - 1);
			return "early";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Injected extends Reversing {

		private final JdbcClient named;

		Injected(@Qualifier("item2Repository") ListCrudRepository<?, ?> repository, JdbcClient u2JdbcClient) {
			assertThat(repository).isNotNull();
			this.named = u2JdbcClient;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Circular {

		@Bean
		ContainedTypes.Reverser reverser(@Qualifier("item2Repository") ListCrudRepository<?, ?> repository) {
			return new ContainedTypes.Reverser(repository::count);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyCircular {

		@Bean
		ContainedTypes.Reverser reverser(@Lazy @Qualifier("item2Repository") ListCrudRepository<?, ?> repository) {
			return new ContainedTypes.Reverser(() -> assertThat(repository).isNotNull());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing extends Reversing {

		@Bean
		String failing(@Qualifier("u1") EntityManagerFactory factory) {
			assertThat(factory).isNotNull();
			throw new IllegalStateException("fails while a unit waits");
		}

	}

}
