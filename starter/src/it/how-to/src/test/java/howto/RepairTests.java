package howto;

import java.time.Duration;

import com.example.repair.RepairApplication;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class RepairTests {

	@Test
	void historyIsRepaired(CapturedOutput output) throws Exception {
		String url = "--ORDERS_URL=" + Server.create("repair");
		try (Section section = new Section("repair-the-history-of-migrations")) {
			JdbcClient jdbc = section.run(RepairApplication.class, url).getBean(JdbcClient.class);
			jdbc.sql("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'").update();
			assertThatException().isThrownBy(() -> section.run(RepairApplication.class, url));
			long begin = System.nanoTime();
			section.run(RepairApplication.class, url, "--spring.profiles.active=repair");
			System.out.println("REPAIR took " + Duration.ofNanos(System.nanoTime() - begin));
			assertThat(output).contains("Repaired: [Aligned applied migration checksums]");
			section.run(RepairApplication.class, url);
		}
	}

}
