package howto;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.example.baseline.BaselineApplication;
import com.example.outoforder.OutOfOrderApplication;
import com.example.repair.RepairApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class MigrationTests {

	private static final String NO_SERVER = "--spring.main.web-application-type=none";

	@Test
	void historyIsRepaired(CapturedOutput output) {
		String url = "--ORDERS_URL=" + Server.create("repair");
		try (Section section = new Section("repair-the-history-of-migrations")) {
			section.run(RepairApplication.class, NO_SERVER, url)
				.getBean(JdbcClient.class)
				.sql("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'")
				.update();
			assertThatException().isThrownBy(() -> section.run(RepairApplication.class, NO_SERVER, url));
			int length = output.length();
			section.run(RepairApplication.class, url, "--spring.profiles.active=repair");
			assertThat(output.subSequence(length, output.length()))
				.containsSubsequence(section.block("repair").lines().toList());
			section.run(RepairApplication.class, NO_SERVER, url);
		}
	}

	@Test
	void failedMigrationIsRemovedFromTheHistory(CapturedOutput output, @TempDir Path folder) throws Exception {
		Path script = folder.resolve("V2__index_product.sql");
		String[] arguments = { "--ORDERS_URL=" + Server.create("repair_failed"),
				"--app.dbs.orders.flyway.locations=classpath:db/migration/orders,filesystem:" + folder,
				"--app.dbs.orders.flyway.postgresql.transactional-lock=false", NO_SERVER };
		try (Section section = new Section("repair-the-history-of-migrations")) {
			Files.writeString(script, "CREATE INDEX CONCURRENTLY ON purchase_order (prodct);");
			assertThatException().isThrownBy(() -> section.run(RepairApplication.class, arguments));
			Files.writeString(script, "CREATE INDEX CONCURRENTLY ON purchase_order (product);");
			int length = output.length();
			section.run(RepairApplication.class, StringUtils.addStringToArray(arguments, "--spring.profiles.active=repair"));
			assertThat(output.subSequence(length, output.length()))
				.containsSubsequence(section.block("repair-failed").lines().toList());
		}
	}

	@Test
	void schemaIsAdopted() {
		String url = Server.create("baseline");
		try (Section section = new Section("adopt-a-schema-that-exists")) {
			Server.jdbc(url).sql(section.read("db/migration/orders/V1__create_orders.sql")).update();
			ApplicationContext context = section.run(BaselineApplication.class, NO_SERVER, "--ORDERS_URL=" + url);
			assertThat(history(context)).containsExactlyElementsOf(section.block("baseline").lines().toList());
			context = section.run(BaselineApplication.class, NO_SERVER, "--ORDERS_URL=" + Server.create("no_baseline"));
			assertThat(history(context)).containsExactly("1 SQL", "2 SQL");
		}
	}

	@Test
	void migrationsRunOutOfOrder(@TempDir Path folder) throws Exception {
		String url = "--ORDERS_URL=" + Server.create("out_of_order");
		try (Section section = new Section("run-migrations-out-of-order")) {
			for (String script : List.of("V1__create_orders.sql", "V3__add_customer.sql")) {
				Files.copy(section.file("db/migration/orders/" + script), folder.resolve(script));
			}
			section.run(OutOfOrderApplication.class, NO_SERVER, url,
					"--app.dbs.orders.flyway.locations=filesystem:" + folder);
			assertThatException().isThrownBy(() -> section.run(OutOfOrderApplication.class, NO_SERVER, url,
					"--app.dbs.orders.flyway.out-of-order=false"));
			ApplicationContext context = section.run(OutOfOrderApplication.class, NO_SERVER, url);
			assertThat(history(context)).containsExactly("1 SQL", "3 SQL", "2 SQL");
		}
	}

	private static List<String> history(ApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT version || ' ' || type FROM flyway_schema_history ORDER BY installed_rank")
			.query(String.class)
			.list();
	}

}
