package io.appdbs.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;

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

}
