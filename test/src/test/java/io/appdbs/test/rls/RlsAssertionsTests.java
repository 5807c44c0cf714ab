package io.appdbs.test.rls;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RlsAssertions}.
 */
class RlsAssertionsTests {

	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static String url;

	@BeforeAll
	static void startServer() throws SQLException {
		url = "jdbc:" + servers.getUrl("embedded:postgresql", "orders").replaceFirst("//[^@]*@", "//");
		execute("""
				CREATE ROLE app LOGIN;
				CREATE TABLE item (id bigint PRIMARY KEY, owner text NOT NULL);
				ALTER TABLE item ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON item
					USING (owner = (SELECT NULLIF(current_setting('shop.customer', true), '')));
				CREATE TABLE country (code text PRIMARY KEY);
				GRANT SELECT, INSERT, UPDATE, DELETE ON item TO app;
				""");
	}

	@AfterAll
	static void stopServer() {
		servers.close();
	}

	@Test
	void whenPoliciesBindThenTheAssertionPasses() {
		RlsAssertions.assertThatPoliciesBind(dataSource("app"), "settings[0].name=shop.customer");
	}

	@Test
	void whenATableHasNoPolicyThenTheAssertionFails() throws SQLException {
		execute("GRANT SELECT ON country TO app");
		try {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(
						() -> RlsAssertions.assertThatPoliciesBind(dataSource("app"), "settings[0].name=shop.customer"))
				.satisfies((failure) -> assertThat(failure.getMessage())
					.startsWith("Row-level security does not hold:%n    ERROR [table-not-secured] table public.country "
						.formatted()));
			RlsAssertions.assertThatPoliciesBind(dataSource("app"), "settings[0].name=shop.customer",
					"exempt-tables=country");
		}
		finally {
			execute("REVOKE SELECT ON country FROM app");
		}
	}

	@Test
	void whenTheLoginIsASuperuserThenTheAssertionFails() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(
				() -> RlsAssertions.assertThatPoliciesBind(dataSource("postgres"), "settings[0].name=shop.customer"))
			.withMessageContaining("ERROR [role-superuser] role postgres is a superuser");
	}

	@Test
	void theDataSourceOfANamedDatabaseIsUsedWithoutAUser() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.username=app",
					"app.dbs.orders.rls.enabled=true", "app.dbs.orders.rls.settings[0].name=shop.customer")
			.run((context) -> RlsAssertions.assertThatPoliciesBind(context.getBean(DataSource.class),
					"settings[0].name=shop.customer"));
	}

	@Test
	void whenAPropertyIsUnknownThenThatIsAnError() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> RlsAssertions.assertThatPoliciesBind(dataSource("app"), "setting=shop.customer"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RlsAssertions.assertThatPoliciesBind(dataSource("app"), "shop.customer"))
			.withMessage("'shop.customer' is no property. Write key=value, for example role=orders_app.");
	}

	@Test
	void whenTheServerHasNoRowLevelSecurityThenThatIsAnError() {
		JdbcDataSource h2 = new JdbcDataSource();
		h2.setUrl("jdbc:h2:mem:orders");
		assertThatIllegalArgumentException().isThrownBy(() -> RlsAssertions.assertThatPoliciesBind(h2))
			.withMessage("H2 has no row-level security");
	}

	@Test
	void whenTheDatabaseCannotBeConnectedToThenThatIsAnError() {
		assertThatIllegalStateException().isThrownBy(() -> RlsAssertions.assertThatPoliciesBind(dataSource("nobody")))
			.withMessage("The policies cannot be verified: FATAL: role \"nobody\" does not exist");
	}

	private static DataSource dataSource(String user) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(url);
		dataSource.setUser(user);
		return dataSource;
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url, "postgres", null);
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
