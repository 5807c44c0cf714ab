package io.appdbs.lifecycle;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for outages of MariaDB.
 */
class MariaDbOutageTests extends OutageContractTests {

	MariaDbOutageTests() {
		super("mariadb", "mariadb", Duration.ofMillis(250));
	}

	@Test
	void whenTheLoginMayHaveOneConnectionThenItIsThePoolsAndTheDatabaseComesBack() throws SQLException {
		runnerWithOneConnection("single").run((context) -> {
			await(() -> answers(context));
			assertThat(orders(context).getState()).isEqualTo(DatabaseState.UP);
			proxy().refuse();
			await(() -> orders(context).getState() == DatabaseState.DOWN);
			proxy().resume();
			await(() -> answers(context));
		});
	}

	@Test
	void whenThePoolIsFasterThanTheProbeThenALoginWithOneConnectionComesBack() throws SQLException {
		runnerWithOneConnection("lone").run((context) -> {
			await(() -> answers(context));
			DataSource pool = context.getBean("ordersDataSource", DataSource.class).unwrap(HikariDataSource.class);
			for (int i = 0; i < 5; i++) {
				proxy().refuse();
				await(() -> orders(context).getState() == DatabaseState.DOWN);
				CompletableFuture<Void> borrower = CompletableFuture.runAsync(() -> borrow(pool));
				proxy().resume();
				await(() -> answers(context));
				borrower.join();
			}
		});
	}

	private static void borrow(DataSource pool) {
		try (Connection connection = pool.getConnection()) {
			assertThat(connection).isNotNull();
		}
		catch (SQLException ex) {
			// closed to recover
		}
	}

	private ApplicationContextRunner runnerWithOneConnection(String login) throws SQLException {
		for (String host : List.of("%", "localhost")) {
			execute("CREATE USER '%s'@'%s' IDENTIFIED BY '%s' WITH MAX_USER_CONNECTIONS 1".formatted(login, host,
					login), "GRANT ALL ON orders.* TO '%s'@'%s'".formatted(login, host));
		}
		return runner("app.dbs.orders.username=" + login, "app.dbs.orders.password=" + login,
				"app.dbs.orders.pool.max-size=1");
	}

}
