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
 * Contract of the {@link JdbcEngine}s of this library. The tests of an engine extend it.
 */
abstract class JdbcEngineContractTests {

	static final String MARKER = "Marker-9f3a";

	/**
	 * Returns the engine under test.
	 * @return the engine
	 */
	abstract JdbcEngine engine();

	/**
	 * Returns URLs without credentials that the driver accepts unchanged.
	 * @return the URLs
	 */
	abstract List<String> plainUrls();

	@Test
	void setIsASessionChange() {
		assertThat(List.of("SET x = 1", "set\tx=1", "SET @x = 1", " /* a\nb */ -- c\n SET x = 1", "/**/SET x = 1",
				"SELECT 1; SET x = 1", "SELECT 1; /* ; */ -- ;\n SET x = 1", "SET TRANSACTION READ ONLY; SET x = 1"))
			.allMatch(engine()::isSessionChange);
	}

	@Test
	void statementsWithoutSetAreNotSessionChanges() {
		assertThat(List.of("", "UPDATE t SET x = 1", "SELECT 'a; b'", "-- SET x = 1", "/* SET x = 1 */", "SETTLE",
				"SELECT \"a; SET x\" FROM t", "SELECT 'it''s; SET x = 1'", "SELECT 1; -- '\n SELECT 'SET x'",
				"INSERT INTO t VALUES ('SET')", "SELECT settings FROM set_x;"))
			.noneMatch(engine()::isSessionChange);
	}

	@Test
	void unfinishedStatementsAreSessionChanges() {
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
	 * Returns URLs of all forms whose user is {@code app} and whose password is the
	 * {@link #MARKER}.
	 * @return the URLs
	 */
	abstract List<String> urlsWithCredentials();

	/**
	 * Returns URLs with a parameter other than the password whose value is the
	 * {@link #MARKER}, by the name of the parameter.
	 * @return the URLs
	 */
	abstract Map<String, String> urlsWithSecrets();

	/**
	 * Returns the properties for a limit of 1500 ms on statements when there are others.
	 * @return the properties
	 */
	abstract Map<String, String> statementTimeout();

	@Test
	void whenAJdbcUrlHasNoCredentialsThenItPassesThroughUnchanged() {
		for (String url : plainUrls()) {
			DatabaseConnectionDetails details = engine().resolve(url);
			assertThat(details.url()).isEqualTo(url);
			assertThat(details.username()).isNull();
			assertThat(details.password()).isNull();
			assertThat(details.properties()).isEmpty();
		}
	}

	@Test
	void whenAUrlHasCredentialsThenTheyAreRemoved() {
		for (String url : urlsWithCredentials()) {
			DatabaseConnectionDetails details = engine().resolve(url);
			assertThat(details.username()).as(url).isEqualTo("app");
			assertThat(details.password()).as(url).isEqualTo(MARKER);
			assertThat(details.url()).doesNotContain(MARKER).doesNotContain("app").doesNotContain("@");
			assertThat(details.toString()).doesNotContain(MARKER).doesNotContain("app");
		}
	}

	@Test
	void whenAUrlHasASecretThenItMovesToTheProperties() {
		urlsWithSecrets().forEach((name, url) -> {
			DatabaseConnectionDetails details = engine().resolve(url);
			assertThat(details.properties()).as(url).containsEntry(name, MARKER);
			assertThat(details.url()).doesNotContain(MARKER);
			assertThat(details.toString()).doesNotContain(MARKER);
		});
	}

	@Test
	void whenAUrlHasTwoPasswordsThenTheErrorShowsNeither() {
		String url = urlsWithCredentials().get(0);
		String second = (url.indexOf('?') >= 0) ? "&" : (url.indexOf(';') >= 0) ? ";" : "?";
		assertRejected(url + second + "password=x" + MARKER, "has two different passwords",
				"Write user and password once, preferably as the keys 'username' and 'password'.");
	}

	final void assertResolved(String url, @Nullable String hosts, @Nullable String database) {
		DatabaseConnectionDetails details = engine().resolve(url);
		assertThat(details.hosts()).isEqualTo((hosts != null) ? List.of(hosts.split(",")) : List.of());
		assertThat(details.database()).isEqualTo(database);
	}

	final void assertRejected(String url, String message, String action) {
		assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> engine().resolve(url))
			.withMessage(message)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action));
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
	void statementTimeoutIsAddedToOtherProperties() {
		Map<String, String> others = new LinkedHashMap<>(otherStatementProperties());
		DatabaseConnectionDetails details = new DatabaseConnectionDetails("jdbc:x:y", List.of(), null, null, null,
				others);
		assertThat(engine().getTimeoutProperties(details, Map.of(ServerTimeout.STATEMENT, Duration.ofMillis(1500))))
			.isEqualTo(statementTimeout());
	}

	/**
	 * Returns properties that the limit on statements must keep.
	 * @return the properties
	 */
	Map<String, String> otherStatementProperties() {
		return Map.of();
	}

	Driver driver() throws Exception {
		return (Driver) Class.forName(engine().getDriverClassName()).getDeclaredConstructor().newInstance();
	}

	String maintenanceUrl(String url) {
		DatabaseConnectionDetails details = engine().getMaintenanceConnectionDetails(engine().resolve(url));
		assertThat(details).isNotNull();
		return details.url();
	}

	static Properties properties(DatabaseConnectionDetails details) {
		Properties properties = new Properties();
		properties.putAll(details.properties());
		put(properties, "user", details.username());
		put(properties, "password", details.password());
		return properties;
	}

	private static void put(Properties properties, String name, @Nullable String value) {
		if (value != null) {
			properties.setProperty(name, value);
		}
	}

}
