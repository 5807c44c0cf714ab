package io.appdbs.testsupport;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs an application on a part of the class path of the tests, so that its classes and
 * the starter's link without the missing libraries.
 */
public final class SeparateClassPath {

	public static final String COMMON = "spring-(core|beans|context|aop|expression|tx)-.*|spring-boot(-autoconfigure)?-\\d.*"
			+ "|slf4j-api-.*|logback-.*|commons-logging-.*|jspecify-.*|micrometer-(commons|observation)-.*";

	public static final String RELATIONAL = "|spring-jdbc-.*|HikariCP-.*|h2-.*";

	public static final String MONGO = "|spring-data-(commons|mongodb)-.*|mongodb-driver-(core|sync)-.*|bson-.*"
			+ "|mongo-java-server-.*|netty-.*";

	public static final String REACTIVE_MONGO = MONGO + "|mongodb-driver-reactivestreams-.*|reactor-core-.*"
			+ "|reactive-streams-.*";

	public static final String TRANSACTION = "|spring-boot-(transaction|persistence)-.*";

	private SeparateClassPath() {
	}

	/**
	 * Runs a static method of an application.
	 * @param application the application
	 * @param method the method, which takes and returns strings
	 * @param jars a pattern for the names of the jars that are on its class path
	 * @param arguments the arguments of the method
	 * @return what the method returns
	 */
	public static List<String> run(Class<?> application, String method, String jars, String... arguments)
			throws Exception {
		return run(application, method, classPath(jars), arguments);
	}

	/**
	 * Runs a static method of an application.
	 * @param application the application
	 * @param method the method, which takes and returns strings
	 * @param jars a pattern for the names of the jars that are on its class path
	 * @param folder another entry of its class path, the first one
	 * @param arguments the arguments of the method
	 * @return what the method returns
	 */
	public static List<String> run(Class<?> application, String method, String jars, Path folder, String... arguments)
			throws Exception {
		List<URL> classPath = new ArrayList<>(List.of(classPath(jars)));
		classPath.add(0, folder.toUri().toURL());
		return run(application, method, classPath.toArray(URL[]::new), arguments);
	}

	@SuppressWarnings("unchecked")
	private static List<String> run(Class<?> application, String method, URL[] classPath, String... arguments)
			throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader contextClassLoader = thread.getContextClassLoader();
		try (URLClassLoader classLoader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(classLoader);
			Class<?> loaded = classLoader.loadClass(application.getName());
			assertThat(loaded).isNotSameAs(application);
			return (List<String>) loaded.getMethod(method, String[].class).invoke(null, (Object) arguments);
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
