package howto;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.example.legacy.LegacyApplication;
import com.example.local.LocalApplication;
import com.example.optional.OptionalApplication;
import com.example.transactions.AuditLog;
import com.example.transactions.TransactionsApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class ConfigurationTests {

	private static final String NO_SERVER = "--spring.main.web-application-type=none";

	@Test
	void engineOfTheApplicationIsUsed() {
		try (Section section = new Section("use-a-database-that-appdbs-does-not-know")) {
			JdbcClient legacy = section.run(LegacyApplication.class, NO_SERVER).getBean(JdbcClient.class);
			assertThat(legacy.sql("CALL DATABASE_NAME()").query(String.class).single()).isNotEmpty();
		}
	}

	@Test
	void fileWithVariablesIsRead() throws Exception {
		Path file = Path.of(".env");
		try (Section section = new Section("use-another-server-without-changing-committed-files")) {
			Server.createRole("anna", "");
			Server.create("local");
			Files.writeString(file, section.read(".env").replace("localhost:5432/orders", Server.address() + "/local"));
			ApplicationContext context = section.run(LocalApplication.class, NO_SERVER,
					"--app.dbs.audit.url=jdbc:h2:mem:audit");
			assertThat(context.getBean("ordersJdbcClient", JdbcClient.class)
				.sql("SELECT concat_ws(' ', current_user, current_database())")
				.query(String.class)
				.single()).isEqualTo("anna local");
		}
		finally {
			Files.delete(file);
		}
	}

	@Test
	void transactionIsThatOfTheNamedDatabase() {
		try (Section section = new Section("choose-the-transaction-manager")) {
			ApplicationContext context = section.run(TransactionsApplication.class, NO_SERVER,
					"--ORDERS_URL=" + Server.create("tx_orders"), "--AUDIT_URL=" + Server.create("tx_audit"));
			AuditLog log = context.getBean(AuditLog.class);
			assertThatException().isThrownBy(() -> log.writeAll("a", null));
			assertThat(entries(context)).isEmpty();
			assertThatException().isThrownBy(() -> log.writeSome("a", null));
			assertThat(entries(context)).containsExactly("a");
		}
	}

	private static List<String> entries(ApplicationContext context) {
		return context.getBean("auditJdbcClient", JdbcClient.class)
			.sql("SELECT text FROM audit_entry")
			.query(String.class)
			.list();
	}

	@Test
	void applicationStartsWithoutTheOptionalDatabase() throws Exception {
		String reviews = Server.create("optional_reviews");
		try (Section section = new Section("start-without-a-database-that-is-not-essential");
				Proxy proxy = new Proxy(Server.address())) {
			proxy.close();
			ApplicationContext context = section.run(OptionalApplication.class,
					"--ORDERS_URL=" + Server.create("optional_orders"),
					"--REVIEWS_URL=" + reviews.replace(Server.address(), proxy.address()));
			assertThat(Http.get(context, "/reviews").body()).isEqualTo("[]");
			assertThat(Http.get(context, "/actuator/health/dbs").body()).isEqualTo(section.block("optional").strip());
			try (Proxy again = proxy.again()) {
				Awaitility.await().until(() -> Http.get(context, "/reviews").body().equals("[\"Good tea\"]"));
			}
		}
	}

}
