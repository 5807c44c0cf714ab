package io.appdbs.mongo.privilege;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.appdbs.DatabaseStartException;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MongoPrivilegeVerification} with a server.
 */
class MongoPrivilegesTests {

	@Test
	@RequiresDocumentDb
	void whenTheServerDoesNotSayWhatALoginHasThenThatIsReported() {
		run((context) -> {
			PreparationReport report = TestDatabases.orders(context).getSnapshot().preparation("privileges");
			assertThat(report).isNotNull();
			assertThat(report.details()).isEqualTo(Map.of("login", "of the application", "findings",
					List.of(Map.of("id", "not-checked", "severity", "WARN", "object", "privileges", "reason",
							"cannot be read on this server, which does not say which roles the login has"))));
		});
	}

	@Test
	@RequiresDocumentDb
	void whenTheLoginMustBeVerifiedAndCannotBeThenTheDatabaseIsRejected() {
		run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(DatabaseStartException.class)
			.hasMessageContaining(
					"has been verified only in part:\n\n    [not-checked] privileges: cannot be read on this server"),
				"app.dbs.orders.privileges.verify=fail");
		run((context) -> assertThat(context).hasNotFailed(), "app.dbs.orders.privileges.verify=fail",
				"app.dbs.orders.privileges.allow=not-checked");
	}

	@Test
	@RequiresDocumentDb
	void whenThereIsNoLoginThenItIsOnlyReportedIfItMustBeVerified() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			runner(server)
				.run((context) -> assertThat(TestDatabases.orders(context).getSnapshot().preparation("privileges"))
					.isNull());
			runner(server).withPropertyValues("app.dbs.orders.privileges.verify=fail")
				.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(DatabaseStartException.class)
					.hasMessageEndingWith(
							"has been verified only in part:\n\n    [not-checked] privileges: cannot be read, since neither 'app.dbs.orders.username' nor 'authMechanism' in the URL is set."));
		}
	}

	private static void run(Consumer<AssertableApplicationContext> test, String... properties) {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			server.setUser("anna", "secret");
			runner(server).withPropertyValues("app.dbs.orders.username=anna", "app.dbs.orders.password=secret")
				.withPropertyValues(properties)
				.run(test::accept);
		}
	}

	private static ApplicationContextRunner runner(DocumentDbServer server) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + server.getUrlOf("shop"));
	}

}
