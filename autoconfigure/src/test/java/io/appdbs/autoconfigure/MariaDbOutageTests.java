package io.appdbs.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import org.junit.jupiter.api.Test;

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
		execute("CREATE USER 'single'@'%' IDENTIFIED BY 'single' WITH MAX_USER_CONNECTIONS 1",
				"CREATE USER 'single'@'localhost' IDENTIFIED BY 'single' WITH MAX_USER_CONNECTIONS 1",
				"GRANT ALL ON orders.* TO 'single'@'%'", "GRANT ALL ON orders.* TO 'single'@'localhost'");
		runner("app.dbs.orders.username=single", "app.dbs.orders.password=single", "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
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
		execute("CREATE USER 'lone'@'%' IDENTIFIED BY 'lone' WITH MAX_USER_CONNECTIONS 1",
				"CREATE USER 'lone'@'localhost' IDENTIFIED BY 'lone' WITH MAX_USER_CONNECTIONS 1",
				"GRANT ALL ON orders.* TO 'lone'@'%'", "GRANT ALL ON orders.* TO 'lone'@'localhost'");
		runner("app.dbs.orders.username=lone", "app.dbs.orders.password=lone", "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
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

}
