package io.appdbs.engine;

import java.sql.Driver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.appdbs.engine.url.InvalidUrlException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What every {@link JdbcEngine} of this library keeps. The tests of an engine extend it.
 */
abstract class JdbcEngineContractTests {

	static final String MARKER = "Marker-9f3a";

	/**
	 * Return the engine under test.
	 * @return the engine
	 */
	abstract JdbcEngine engine();

	/**
	 * Return URLs without credentials that the driver understands as they are.
	 * @return the URLs
	 */
	abstract List<String> plainUrls();

	@Test
	void setIsAChangeOfTheSession() {
		assertThat(List.of("SET x = 1", "set\tx=1", "SET @x = 1", " /* a\nb */ -- c\n SET x = 1", "/**/SET x = 1",
				"SELECT 1; SET x = 1", "SELECT 1; /* ; */ -- ;\n SET x = 1", "SET TRANSACTION READ ONLY; SET x = 1"))
			.allMatch(engine()::isSessionChange);
	}

	@Test
	void whatIsNoSetIsNoChangeOfTheSession() {
		assertThat(List.of("", "UPDATE t SET x = 1", "SELECT 'a; b'", "-- SET x = 1", "/* SET x = 1 */", "SETTLE",
				"SELECT \"a; SET x\" FROM t", "SELECT 'it''s; SET x = 1'", "SELECT 1; -- '\n SELECT 'SET x'",
				"INSERT INTO t VALUES ('SET')", "SELECT settings FROM set_x;"))
			.noneMatch(engine()::isSessionChange);
	}

	@Test
	void whatCannotBeReadToItsEndIsAChangeOfTheSession() {
		assertThat(List.of("/* SET x = 1", "SELECT 'a", "SELECT \"a; SELECT 1")).allMatch(engine()::isSessionChange);
	}

	/**
	 * The limit of time is far above what it takes to read each text once, and far below
	 * what it takes to read it anew from each semicolon.
	 */
	@ParameterizedTest
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	@ValueSource(strings = { ";", ";/*", ";--", ";#", "; \n", ";declare x", ";set/*", ";create temporary table x on",
			"/* a */ -- b\n", "'';", "(((" })
	void longTextsAreReadOnce(String part) {
		String sql = "SELECT 1" + part.repeat(500_000);
		assertThatNoException().isThrownBy(() -> engine().isSessionChange(sql + " on commit drop */ transaction"));
		assertThat(engine().isSessionChange(sql + "\n */; SET x = 1")).isTrue();
	}

	/**
	 * Return URLs of all forms whose user is {@code app} and whose password is the
	 * {@link #MARKER}.
	 * @return the URLs
	 */
	abstract List<String> urlsWithCredentials();

	/**
	 * Return URLs with a parameter other than the password whose value is the
	 * {@link #MARKER}, by the name of the parameter.
	 * @return the URLs
	 */
	abstract Map<String, String> urlsWithSecrets();

	/**
	 * Return the properties for a limit of 1500 ms on statements when there are others.
	 * @return the properties
	 */
	abstract Map<String, String> statementTimeout();

	@Test
	void whenAJdbcUrlHasNoCredentialsThenItPassesThroughUnchanged() {
		for (String url : plainUrls()) {
			DatabaseConnectionDetails target = engine().resolve(url);
			assertThat(target.url()).isEqualTo(url);
			assertThat(target.username()).isNull();
			assertThat(target.password()).isNull();
			assertThat(target.properties()).isEmpty();
		}
	}

	@Test
	void whenAUrlHasCredentialsThenTheyAreTakenOut() {
		for (String url : urlsWithCredentials()) {
			DatabaseConnectionDetails target = engine().resolve(url);
			assertThat(target.username()).as(url).isEqualTo("app");
			assertThat(target.password()).as(url).isEqualTo(MARKER);
			assertThat(target.url()).doesNotContain(MARKER).doesNotContain("app").doesNotContain("@");
			assertThat(target.toString()).doesNotContain(MARKER).doesNotContain("app");
		}
	}

	@Test
	void whenAUrlHasASecretThenItMovesToTheProperties() {
		urlsWithSecrets().forEach((name, url) -> {
			DatabaseConnectionDetails target = engine().resolve(url);
			assertThat(target.properties()).as(url).containsEntry(name, MARKER);
			assertThat(target.url()).doesNotContain(MARKER);
			assertThat(target.toString()).doesNotContain(MARKER);
		});
	}

	@Test
	void whenAUrlHasTwoPasswordsThenTheErrorShowsNeither() {
		String url = urlsWithCredentials().get(0);
		String second = (url.indexOf('?') >= 0) ? "&" : (url.indexOf(';') >= 0) ? ";" : "?";
		assertThatExceptionOfType(InvalidUrlException.class)
			.isThrownBy(() -> engine().resolve(url + second + "password=x" + MARKER))
			.withMessage("has two different passwords")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getAction())
				.isEqualTo("Write user and password once, preferably as the keys 'username' and 'password'."));
	}

	@Test
	void theDriverAcceptsEveryUrl() throws Exception {
		Driver driver = driver();
		for (String url : plainUrls()) {
			assertThat(driver.acceptsURL(engine().resolve(url).url())).as(url).isTrue();
		}
		for (String url : urlsWithCredentials()) {
			assertThat(driver.acceptsURL(engine().resolve(url).url())).as(url).isTrue();
		}
	}

	@Test
	void theDriverComesFromTheCoordinates() throws Exception {
		String artifact = engine().getDriverCoordinates().split(":")[1];
		assertThat(driver().getClass().getProtectionDomain().getCodeSource().getLocation().getPath())
			.contains("/" + artifact + "-");
	}

	@Test
	void statementTimeoutJoinsWhatIsThere() {
		Map<String, String> others = new LinkedHashMap<>(otherStatementProperties());
		DatabaseConnectionDetails target = new DatabaseConnectionDetails("jdbc:x:y", List.of(), null, null, null,
				others);
		assertThat(engine().getTimeoutProperties(target, Map.of(ServerTimeout.STATEMENT, Duration.ofMillis(1500))))
			.isEqualTo(statementTimeout());
	}

	/**
	 * Return properties that the limit on statements must keep.
	 * @return the properties
	 */
	Map<String, String> otherStatementProperties() {
		return Map.of();
	}

	Driver driver() throws Exception {
		return (Driver) Class.forName(engine().getDriverClassName()).getDeclaredConstructor().newInstance();
	}

	String maintenanceUrl(String url) {
		DatabaseConnectionDetails target = engine().getMaintenanceConnectionDetails(engine().resolve(url));
		assertThat(target).isNotNull();
		return target.url();
	}

	static Properties properties(DatabaseConnectionDetails target) {
		Properties properties = new Properties();
		properties.putAll(target.properties());
		put(properties, "user", target.username());
		put(properties, "password", target.password());
		return properties;
	}

	private static void put(Properties properties, String name, @Nullable String value) {
		if (value != null) {
			properties.setProperty(name, value);
		}
	}

}
