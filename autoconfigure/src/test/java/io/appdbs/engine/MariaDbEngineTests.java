package io.appdbs.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.util.options.OptionAliases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link MariaDbEngine}.
 */
class MariaDbEngineTests extends JdbcEngineContractTests {

	@Test
	void everyOptionOfTheDriverIsKnown() {
		DriverParameters parameters = engine().readParameters(null, null);
		assertThat(Configuration.Builder.class.getDeclaredFields())
			.filteredOn((field) -> !field.getName().startsWith("_") && !field.isSynthetic())
			.hasSizeGreaterThan(80)
			.allMatch((field) -> parameters.contains(field.getName()));
		assertThat(OptionAliases.OPTIONS_ALIASES.keySet()).isNotEmpty().allMatch(parameters::contains);
	}

	@Override
	JdbcEngine engine() {
		return new MariaDbEngine();
	}

	@Override
	List<String> plainUrls() {
		return List.of("jdbc:mariadb://h/orders", "jdbc:mariadb:loadbalance://h1:1,[::1]:2/o+r%20s?tcpKeepAlive=true",
				"jdbc:mariadb://address=(host=h)(port=1)/orders");
	}

	@Override
	List<String> urlsWithCredentials() {
		return List.of("jdbc:mariadb://h/orders?user=app&password=" + MARKER,
				"jdbc:mariadb://app:" + MARKER + "@h:1/orders", "mariadb://app:Marker%2D9f3a@h/orders");
	}

	@Override
	Map<String, String> urlsWithSecrets() {
		return Map.of("keyStorePassword", "jdbc:mariadb://h/orders?keyStorePassword=" + MARKER, "keyPassword",
				"mariadb://h/orders?keyPassword=" + MARKER);
	}

	@Override
	Map<String, String> otherStatementProperties() {
		return Map.of("sessionVariables", "wait_timeout=5");
	}

	@Override
	Map<String, String> statementTimeout() {
		return Map.of("sessionVariables", "wait_timeout=5,max_statement_time=1.500");
	}

	@Test
	void whenAProviderUrlIsResolvedThenTheDriverReadsTheSame() throws Exception {
		DatabaseConnectionDetails details = engine()
			.resolve("mariadb://user:p%40ss@[::1]:3307,h2/my%20d+b?ssl-mode=VERIFY_IDENTITY"
					+ "&poolName=a%20%2B%20b&keyStorePassword=k%26y&connectTimeout=7&sessionVariables=a%3D1%26");
		Configuration read = Configuration.parse(details.url(), properties(details));
		assertThat(read.addresses()).extracting((address) -> address.host, (address) -> address.port)
			.containsExactly(tuple("::1", 3307), tuple("h2", 3306));
		assertThat(read.database()).isEqualTo("my d+b").isEqualTo(details.database());
		assertThat(read.user()).isEqualTo("user");
		assertThat(read.password()).isEqualTo("p@ss");
		assertThat(read.sslMode()).hasToString("VERIFY_FULL");
		assertThat(read.poolName()).isEqualTo("a + b");
		assertThat(read.keyStorePassword()).isEqualTo("k&y");
		assertThat(read.connectTimeout()).isEqualTo(7);
		assertThat(read.sessionVariables()).isEqualTo("a=1&");
		assertThat(read.nonMappedOptions()).isEmpty();
	}

	@Test
	void whenAPasswordInAJdbcUrlLooksEncodedThenItIsTakenLiterallyAsTheDriverDoes() throws Exception {
		String url = "jdbc:mariadb://h/orders?password=a%20b+c";
		assertThat(engine().resolve(url).password()).isEqualTo("a%20b+c")
			.isEqualTo(Configuration.parse(url).password());
	}

	@ParameterizedTest
	@CsvSource({ "DISABLED,DISABLE", "REQUIRED,TRUST", "VERIFY_CA,VERIFY_CA", "verify-identity,VERIFY_FULL" })
	void translatesSslModes(String mode, String driverMode) throws Exception {
		String url = engine().resolve("mariadb://h/db?ssl-mode=" + mode).url();
		assertThat(Configuration.parse(url).sslMode()).hasToString(driverMode);
	}

	@Test
	void driverReadsTheLimits() throws Exception {
		DatabaseConnectionDetails details = engine().resolve("jdbc:mariadb://h/orders");
		var properties = properties(details);
		properties.putAll(engine().getConnectTimeoutProperties(Duration.ofMillis(1500)));
		properties
			.putAll(engine().getTimeoutProperties(details, Map.of(ServerTimeout.STATEMENT, Duration.ofMillis(50))));
		Configuration read = Configuration.parse(details.url(), properties);
		assertThat(read.connectTimeout()).isEqualTo(1500);
		assertThat(read.sessionVariables()).isEqualTo("max_statement_time=0.050");
		assertThat(read.addresses()).extracting((HostAddress address) -> address.host).containsExactly("h");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					mariadb://h/db?ssl-mode=PREFERRED | has an unknown value of the parameter 'ssl-mode': 'PREFERRED' | Use one of: DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY.
					mariadb://h/a%3Fb | has a database or a parameter with a '?' or an '&', which the driver of MariaDB cannot tell from the end of it | Choose another value.
					mariadb://h/db?poolName=a%26b | has a database or a parameter with a '?' or an '&', which the driver of MariaDB cannot tell from the end of it | Choose another value.
					""")
	void rejectsUrlsThatTheDriverDoesNotSupport(String url, String message, String action) {
		assertRejected(url, message, action);
	}

}
