package io.appdbs.autoconfigure;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Named databases where the class path has no more than they need. The application gets a
 * class path of its own, so that its classes, and ours, link without what is missing.
 */
class LeanClassPathTests {

	private static final String COMMON = "spring-(core|beans|context|aop|expression|tx)-.*|spring-boot(-autoconfigure)?-\\d.*"
			+ "|slf4j-api-.*|logback-.*|commons-logging-.*|jspecify-.*|micrometer-(commons|observation)-.*";

	private static final String RELATIONAL = "|spring-jdbc-.*|HikariCP-.*|h2-.*";

	private static final String MONGO = "|spring-data-(commons|mongodb)-.*|mongodb-driver-.*|bson-.*|mongo-java-server-.*"
			+ "|netty-.*";

	private static final String TRANSACTION = "|spring-boot-(transaction|persistence)-.*";

	private static final String ORDERS = "--app.dbs.orders.url=embedded:h2";

	private static final String CATALOG = "--app.dbs.catalog.url=embedded:mongodb";

	@Test
	void bothKindsWorkWithWhatTheStarterBrings() throws Exception {
		assertThat(run("both", COMMON + TRANSACTION + RELATIONAL + MONGO, ORDERS, CATALOG))
			.containsExactlyInAnyOrder("orders UP", "catalog UP");
	}

	@Test
	void relationalDatabasesWorkWithoutTheMongoDriverAndSpringData() throws Exception {
		assertThat(run("relational", COMMON + TRANSACTION + RELATIONAL, ORDERS)).containsExactly("orders UP");
	}

	@Test
	void mongoDatabasesWorkWithoutHikariAndSpringJdbc() throws Exception {
		assertThat(run("mongo", COMMON + TRANSACTION + MONGO, CATALOG)).containsExactly("catalog UP");
	}

	@Test
	void healthIsContributedWithoutTheActuator() throws Exception {
		assertThat(run("health", COMMON + TRANSACTION + RELATIONAL + "|spring-boot-health-.*", ORDERS))
			.containsExactly("orders UP");
	}

	@Test
	void withNothingConfiguredAnApplicationStartsWithoutAnyOfThem() throws Exception {
		assertThat(run("nothing", COMMON)).isEmpty();
	}

	@SuppressWarnings("unchecked")
	private static List<String> run(String method, String jars, String... arguments) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader contextClassLoader = thread.getContextClassLoader();
		try (URLClassLoader classLoader = new URLClassLoader(classPath(jars), ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(classLoader);
			Class<?> application = classLoader.loadClass(LeanApplication.class.getName());
			assertThat(application).isNotSameAs(LeanApplication.class);
			return (List<String>) application.getMethod(method, String[].class).invoke(null, (Object) arguments);
		}
		finally {
			thread.setContextClassLoader(contextClassLoader);
		}
	}

	private static URL[] classPath(String jars) throws MalformedURLException {
		Pattern pattern = Pattern.compile(jars);
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		List<Path> entries = Arrays.stream(classPath.split(File.pathSeparator))
			.map(Path::of)
			.filter((entry) -> Files.isDirectory(entry) || pattern.matcher(entry.getFileName().toString()).matches())
			.toList();
		URL[] urls = new URL[entries.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = entries.get(i).toUri().toURL();
		}
		return urls;
	}

}
