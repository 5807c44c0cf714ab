package io.appdbs.jdbc.inspection;

import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.SizeReport;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcInspectionSessionFactory}.
 */
class JdbcInspectionSessionFactoryTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:inspection-logins", "app.dbs.orders.username=app",
				"app.dbs.orders.password=secret");

	@Test
	void aLoginWithoutPasswordLogsInWithoutOne() {
		this.runner.withPropertyValues("app.dbs.orders.inspection.username=monitor").run((context) -> {
			context.getBean(JdbcTemplate.class).execute("CREATE USER monitor PASSWORD ''");
			Report<SizeReport> size = context.getBean(Databases.class).get("orders").inspect().size();
			assertThat(size.isOk()).as("%s", size).isTrue();
		});
	}

}
