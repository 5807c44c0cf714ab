package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseCredentials;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.credentials.AbstractCredentialsTests;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Data sources that are derived from that of a named database, as Boot does for
 * {@code spring.liquibase.user}.
 */
class DerivedDataSourceTests extends AbstractCredentialsTests {

	private final AtomicReference<DatabaseCredentials> current = new AtomicReference<>(credentials("anna", 0));

	@Test
	void aDerivedDataSourceCanHaveAnotherLogin() {
		runner((name) -> this.current.get()).run((context) -> {
			SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(dataSource(context))
				.type(SimpleDriverDataSource.class)
				.username("bert")
				.password("s3cr3t-bert-0")
				.build();
			try (Connection connection = derived.getConnection()) {
				assertThat(currentUser(connection)).isEqualTo("bert");
				assertThat(connection.getCatalog()).isEqualTo("orders");
			}
			assertThat(currentUser(context)).isEqualTo("anna");
		});
	}

	@Test
	void aDerivedDataSourceIsAPoolWithTheCurrentLoginByDefault() {
		runner((name) -> this.current.get()).run((context) -> {
			this.current.set(credentials("bert", 0));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").rotate();
			DataSource derived = DataSourceBuilder.derivedFrom(dataSource(context)).build();
			assertThat(derived).isInstanceOf(HikariDataSource.class);
			try (HikariDataSource pool = (HikariDataSource) derived; Connection connection = pool.getConnection()) {
				assertThat(currentUser(connection)).isEqualTo("bert");
				assertThat(pool.toString()).doesNotContain("s3cr3t");
				assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isPositive();
			}
			assertThat(currentUser(context)).isEqualTo("bert");
		});
	}

	@Test
	void theDriverPropertiesAreInherited() {
		runner((name) -> this.current.get(),
				"app.dbs.orders.url=" + serverUrl() + "?sslmode=prefer&options=-c%20search_path%3Dsales%2Cpublic",
				"app.dbs.orders.hikari.data-source-properties.ApplicationName=report & more",
				"app.dbs.orders.hikari.data-source-properties.sslpassword=s3cr3t-key",
				"app.dbs.orders.statement-timeout=5s")
			.run((context) -> {
				SimpleDriverDataSource derived = DataSourceBuilder.derivedFrom(dataSource(context))
					.type(SimpleDriverDataSource.class)
					.build();
				assertThat(derived.getUrl()).contains("sslmode=prefer").doesNotContain("s3cr3t");
				JdbcTemplate template = new JdbcTemplate(derived);
				assertThat(template.queryForObject("SHOW search_path", String.class)).isEqualTo("sales,public");
				assertThat(template.queryForObject("SHOW application_name", String.class)).isEqualTo("report & more");
				assertThat(template.queryForObject("SHOW statement_timeout", String.class)).isEqualTo("0");
			});
	}

	@Test
	void theUnwrappedRootFailsFastAndClosesNothing() {
		runner((name) -> this.current.get(), "app.dbs.orders.query-log=true",
				"app.dbs.orders.pool.acquire-timeout=500ms")
			.run((context) -> {
				DataSource root = DataSourceUnwrapper.unwrapRoot(dataSource(context));
				assertThat(root).hasToString("DataSource of database 'orders'")
					.isSameAs(DataSourceUnwrapper.unwrapRoot(dataSource(context)));
				try (HikariDataSource pool = (HikariDataSource) root; Connection connection = pool.getConnection()) {
					assertThat(currentUser(connection)).isEqualTo("anna");
				}
				assertThat(currentUser(context)).isEqualTo("anna");
				context.getBean(DatabaseLifecycle.class).getOperations("orders").suspend(false, Duration.ZERO);
				assertThatExceptionOfType(SQLException.class).isThrownBy(root::getConnection)
					.withMessageStartingWith("Database 'orders' is suspended since ");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded:mariadb", "embedded:h2" })
	void otherEnginesAreSupported(String url) throws Exception {
		try (EmbeddedServers servers = new EmbeddedServers(null)) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withPropertyValues("app.dbs.orders.url=" + servers.getUrl(url, "orders"))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("CREATE TABLE item (id INT)");
					DataSource derived = DataSourceBuilder.derivedFrom(dataSource(context)).build();
					try (HikariDataSource pool = (HikariDataSource) derived) {
						assertThat(new JdbcTemplate(pool).queryForList("SELECT id FROM item", Integer.class)).isEmpty();
					}
					assertThat(context.getBean("ordersJdbcTemplate", JdbcTemplate.class)
						.queryForList("SELECT id FROM item", Integer.class)).isEqualTo(List.of());
				});
		}
	}

}
