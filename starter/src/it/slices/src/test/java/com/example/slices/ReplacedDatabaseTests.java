package com.example.slices;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabaseTestDatabaseAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.TestDatabaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ReplacedDatabaseTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class,
				DatabaseTestDatabaseAutoConfiguration.class, TestDatabaseAutoConfiguration.class,
				DataSourceAutoConfiguration.class));

	@Test
	void theSoleDatabaseIsKeptAndThatIsSaid(CapturedOutput output) {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2").run((context) -> {
			assertThat(context).hasNotFailed().getBeanNames(DataSource.class).containsExactly("ordersDataSource");
			assertThat(output).contains(
					"Database 'orders' is not replaced by @AutoConfigureTestDatabase: tests run on 'app.dbs.orders.url'");
		});
	}

	@Test
	void whenAnyIsToBeReplacedThenItIsRefused() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.primary=true",
					"app.dbs.audit.url=embedded:h2", "spring.test.database.replace=any")
			.run((context) -> assertThat(context.getStartupFailure())
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (ex) -> {
					assertThat(ex).hasMessage(
							"Database 'orders': @AutoConfigureTestDatabase(replace = ANY) would replace the database by an embedded one without its settings.");
					assertThat(ex.getAction()).isEqualTo(
							"Remove 'replace = ANY', or 'spring.test.database.replace'. Set 'app.dbs.orders.url' for tests, for example to 'embedded:h2'.");
				}));
	}

}
