package io.appdbs.engine;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.url.InvalidUrlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link JdbcEngine} does for an engine that overrides nothing.
 */
class JdbcEngineTests {

	private final JdbcEngine engine = new LeastEngine();

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					jdbc:own:thin:scott/tiger@//h:1521/svc                 | -         | -      | jdbc:own:***
					jdbc:own:thin:scott/tiger@h:1521:sid                   | -         | -      | jdbc:own:***
					jdbc:own:thin:scott/tiger                              | -         | -      | jdbc:own:***
					jdbc:own:scott:tiger:h                                 | -         | -      | jdbc:own:***
					jdbc:own:thin:scott/tiger@(DESCRIPTION=(HOST=h))       | -         | -      | jdbc:own:***
					jdbc:own:thin:scott/tiger@ldap://h:7777/sales          | h:7777    | sales  | jdbc:own:***
					jdbc:own:scott/tiger@tcps://h:1521                     | h:1521    | -      | jdbc:own:***
					jdbc:own://h:50000/DB:user=scott;password=tiger        | h:50000   | -      | jdbc:own:***
					jdbc:own://h:50000/DB:password=tiger;user=scott        | h:50000   | -      | jdbc:own:***
					jdbc:own://h/USER=scott,PASSWORD=tiger                 | h         | -      | jdbc:own:***
					jdbc:own://scott:tiger:h/orders                        | -         | -      | jdbc:own:***
					jdbc:own:/data/orders.db                               | -         | -      | jdbc:own:***
					jdbc:own://h:1433/orders                               | h:1433    | orders | jdbc:own://h:1433/orders
					jdbc:own://h1,h2:5/orders?x=y                          | h1,h2:5   | orders | jdbc:own://h1,h2:5/orders?x=y
					jdbc:own://h\\i:1433;databaseName=orders               | h\\i:1433 | -      | jdbc:own://h\\i:1433;databaseName=orders
					jdbc:own://scott:tiger@h/orders                        | h         | orders | jdbc:own://h/orders
					jdbc:own://h;user=scott;password=tiger                 | h         | -      | jdbc:own://h
					jdbc:own:mem:                                          | -         | -      | jdbc:own:mem:
					""")
	void onlyWhatIsUnderstoodIsShown(String url, String hosts, String database, String shown) {
		DatabaseConnectionDetails details = this.engine.resolve(url);
		assertThat(details.hosts()).isEqualTo((hosts != null) ? List.of(hosts.split(",")) : List.of());
		assertThat(details.database()).isEqualTo(database);
		assertThat(details.displayUrl()).isEqualTo(shown);
		assertThat(List.of(details.displayUrl(), details.address(), details.toString()))
			.noneMatch((text) -> text.contains("scott") || text.contains("tiger"));
	}

	@Test
	void engineCanSayWhatIsShown() {
		JdbcEngine files = new LeastEngine() {

			@Override
			protected String toDatabase(String path) {
				return path;
			}

		};
		DatabaseConnectionDetails details = files.resolve("jdbc:own:/data/orders.db?mode=ro");
		assertThat(details.database()).isEqualTo("/data/orders.db");
		assertThat(details.displayUrl()).isEqualTo("jdbc:own:/data/orders.db?mode=ro");
		assertThat(details.address()).isEqualTo("jdbc:own:/data/orders.db");
	}

	@Test
	void driverIsGivenWhatIsNotShown() {
		assertThat(this.engine.resolve("jdbc:own:thin:scott/tiger@//h:1521/svc").url())
			.isEqualTo("jdbc:own:thin:scott/tiger@//h:1521/svc");
	}

	@Test
	void backslashOfAValueStays() {
		DatabaseConnectionDetails details = this.engine.resolve("jdbc:own://h;trustStore=C:\\store\\;password=pa\\ss");
		assertThat(details.url()).isEqualTo("jdbc:own://h;trustStore=C:\\store\\");
		assertThat(details.password()).isEqualTo("pa\\ss");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			password         | Set 'username' and 'password' as separate keys instead.
			keyStorePassword | Set it below 'hikari.data-source-properties' instead.
			""")
	void whenASecretIsInBracesThenNoPieceOfItStays(String parameter, String action) {
		assertThatExceptionOfType(InvalidUrlException.class)
			.isThrownBy(() -> this.engine.resolve("jdbc:own://h;" + parameter + "={a;tiger}"))
			.withMessage("has the parameter '" + parameter + "' with a value in braces")
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action));
	}

	@Test
	void nothingIsPromisedOfAServerThatIsNotKnown() {
		DatabaseConnectionDetails details = this.engine.resolve("jdbc:own://h/orders");
		assertThat(this.engine.isReadOnlyEnforced()).isFalse();
		assertThat(this.engine.isRowLevelSecuritySupported()).isFalse();
		assertThat(ServerTimeout.values()).noneMatch(this.engine::isSupported);
		assertThat(this.engine.getMaintenanceConnectionDetails(details)).isNull();
		assertThat(this.engine.getReplication()).isNull();
		assertThat(this.engine.getReadOnlyProperties()).isEqualTo(Map.of());
		assertThat(this.engine.isRefusedByReadOnlyServer(new SQLException("", "25006"))).isTrue();
		assertThat(this.engine.isRefusedByReadOnlyServer(new SQLException("", "42501"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "USE other", "PRAGMA foreign_keys = ON", "attach database 'x' as y", "detach y",
			"DECLARE GLOBAL TEMPORARY TABLE t (id INT)", "ALTER SESSION SET CURRENT_SCHEMA = x", "SET SCHEMA x" })
	void sessionOfAServerThatIsNotKnownIsChangedBy(String sql) {
		assertThat(this.engine.isSessionChange(sql)).isTrue();
	}

	private static class LeastEngine extends JdbcEngine {

		LeastEngine() {
			super("own", "Own", "org.example.Driver", "org.example:driver");
		}

	}

}
