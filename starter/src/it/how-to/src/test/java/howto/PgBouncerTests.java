package howto;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;

import javax.sql.DataSource;

import com.example.pgbouncer.PgBouncerApplication;
import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Skipped where no {@code pgbouncer} is installed.
 */
class PgBouncerTests {

	private static final RlsContext ALICE = RlsContext.of("alice");

	private static Section section;

	private static PgBouncer bouncer;

	private static ApplicationContext context;

	@BeforeAll
	static void start(@TempDir Path folder) throws Exception {
		Path program = PgBouncer.find().orElse(null);
		Assumptions.assumeTrue(program != null, "PgBouncer is not installed");
		Server.createRole("orders_owner", "");
		Server.createRole("orders_app", "");
		Server.create("orders OWNER orders_owner");
		section = new Section("run-behind-pgbouncer");
		String configuration = section.read("pgbouncer.ini").replace("default_pool_size = 20", "default_pool_size = 2");
		bouncer = new PgBouncer(program, folder, configuration, section.read("userlist.txt"));
		context = section.run(PgBouncerApplication.class, "--PGBOUNCER=" + bouncer.address(),
				"--POSTGRES=" + Server.address(), "--ORDERS_PASSWORD=change-me", "--ORDERS_OWNER_PASSWORD=",
				"--spring.main.web-application-type=none");
	}

	@AfterAll
	static void stop() throws Exception {
		if (bouncer != null) {
			section.close();
			bouncer.close();
		}
	}

	@Test
	void usersSeeTheirOwnRows() {
		JdbcClient orders = context.getBean(JdbcClient.class);
		// more often than the driver would prepare a statement on the server
		for (int i = 1; i < 10; i++) {
			int rows = i;
			RlsContextHolder.runAs(ALICE, () -> {
				orders.sql("INSERT INTO purchase_order (product) VALUES (?)").param("tea").update();
				assertThat(products(orders)).hasSize(rows);
			});
			RlsContextHolder.runAs(RlsContext.of("bob"), () -> assertThat(products(orders)).isEmpty());
		}
	}

	private static List<String> products(JdbcClient orders) {
		return orders.sql("SELECT product FROM purchase_order").query(String.class).list();
	}

	@Test
	void isolationOfTheSessionHasNoEffect() {
		TransactionTemplate transaction = new TransactionTemplate(
				context.getBean(TransactionTemplate.class).getTransactionManager());
		transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		String isolation = RlsContextHolder.supplyAs(ALICE, () -> transaction.execute((status) -> context
			.getBean(JdbcClient.class)
			.sql("SELECT current_setting('transaction_isolation')")
			.query(String.class)
			.single()));
		assertThat(isolation).isEqualTo("read committed");
	}

	@Test
	void stateOfTheSessionIsLost() throws Exception {
		try (Connection connection = bouncer.connect("&readOnlyMode=always")) {
			connection.setReadOnly(true);
			connection.setSchema("pg_catalog");
			JdbcClient client = JdbcClient.create(new SingleConnectionDataSource(connection, true));
			assertThat(client.sql("SHOW transaction_read_only").query(String.class).single()).isEqualTo("off");
			assertThat(client.sql("SHOW search_path").query(String.class).single()).contains("public");
		}
	}

	@Test
	void timeoutsAreRefused() {
		assertThatException().isThrownBy(() -> bouncer.connect("&options=-c%20statement_timeout=2000"))
			.withMessageContaining("unsupported startup parameter: options");
	}

	@Test
	void whenAllConnectionsAreBusyThenTheDatabaseIsDown() throws Exception {
		Database database = context.getBean(Databases.class).get("orders");
		DataSource dataSource = context.getBean(DataSource.class);
		RlsContextHolder.callAs(ALICE, () -> {
			try (Connection first = begin(dataSource); Connection second = begin(dataSource)) {
				Awaitility.await().until(() -> database.getState() == DatabaseState.DOWN);
				first.rollback();
				second.rollback();
			}
			return null;
		});
		Awaitility.await().until(() -> database.getState() == DatabaseState.UP);
	}

	private static Connection begin(DataSource dataSource) throws Exception {
		Connection connection = dataSource.getConnection();
		connection.setAutoCommit(false);
		connection.createStatement().executeQuery("SELECT product FROM purchase_order");
		return connection;
	}

}
