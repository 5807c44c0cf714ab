package io.appdbs.maintenance.partition;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.embedded.SharedServers;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for partitions of an application.
 */
class PartitionsApplicationTests {

	@AutoClose
	private static final SharedServers servers = new SharedServers();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withBean(EmbeddedServers.BEAN_NAME, EmbeddedServers.class, servers::forContext)
		.withPropertyValues("app.dbs.orders.partitions[0].table=event", "app.dbs.orders.partitions[0].interval=month");

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void partitionsAreCreatedAfterTheScriptsAndBeforeTheDatabaseIsUp(String engine) {
		this.runner
			.withPropertyValues("app.dbs.orders.url=embedded:" + engine,
					"app.dbs.orders.sql-init.schema-locations=classpath:io/appdbs/maintenance/partition/%s.sql"
						.formatted(engine),
					"app.dbs.orders.startup.required-tables=event")
			.run((context) -> {
				context.getBean(JdbcTemplate.class).update("INSERT INTO event VALUES (CURRENT_DATE)");
				List<PreparationReport> reports = TestDatabases.orders(context).getSnapshot().preparations();
				assertThat(reports).extracting(PreparationReport::name)
					.containsExactly("scripts", "partitions", "required-tables");
				Map<String, Object> details = reports.get(1).details();
				assertThat((Instant) details.get("until")).isAfter(Instant.now());
				assertThat(TestDatabases.threads("appdbs-partitions-")).hasSize(1);
			});
		assertThat(TestDatabases.threads("appdbs-partitions-")).isEmpty();
	}

	@Test
	void withoutPartitionsThereIsNoThreadAndNoReport() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=embedded:h2")
			.run((context) -> {
				assertThat(TestDatabases.orders(context).getSnapshot().preparation("partitions")).isNull();
				assertThat(TestDatabases.threads("appdbs-partitions-")).isEmpty();
			});
	}

}
