package io.appdbs.query;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseState;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.rls.PostgresServer;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the plans of slow statements in the log.
 */
class SlowQueryPlanTests {

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("orders", """
			CREATE ROLE app LOGIN;
			CREATE ROLE alone LOGIN CONNECTION LIMIT 1;
			CREATE TABLE item (id INT PRIMARY KEY, name TEXT);
			INSERT INTO item SELECT i, 'name ' || i FROM generate_series(1, 5000) i;
			CREATE INDEX item_name ON item (name);
			GRANT ALL ON item TO app, alone;
			ANALYZE;
			""");

	private static final String SLOW = "select id, pg_sleep(0.06) from item where name = ?";

	@AutoClose
	private final LoggedQueries logged = new LoggedQueries();

	private final List<String> lines = new ArrayList<>();

	@Test
	void thePlanOfASlowStatementIsLoggedOnceWithoutValues() {
		runner("app").run((context) -> {
			for (int i = 1; i <= 3; i++) {
				template(context).queryForList(SLOW, "name " + i);
			}
			Awaitility.await().until(() -> !plans(context).isEmpty());
			Awaitility.await().until(() -> countLogged("INFO") == 1);
			assertThat(countLogged("WARN")).isEqualTo(3);
			assertThat(this.lines).noneMatch((line) -> line.contains("name 1"));
			assertThat(this.lines.stream().filter((line) -> line.startsWith("INFO"))).singleElement()
				.asString()
				.startsWith(
						"INFO slow-query.orders plan=generic query=%s%n    Index Scan using item_name on item  (cost="
							.formatted(SLOW))
				.containsPattern("\n {6}Index Cond: \\(name = \\$1\\)");
			StatementPlan plan = plans(context).get(0);
			assertThat(plan.status()).isEqualTo(ReportStatus.OK);
			assertThat(plan.statement()).isEqualTo(SLOW);
			assertThat(plan.took().toMillis()).isGreaterThanOrEqualTo(50);
			assertThat(plan.message()).isNull();
			assertThat(plan.plan()).startsWith("Index Scan using item_name");
		});
	}

	@Test
	void valuesAreNotInThePlanAlthoughParametersAreLogged() {
		runner("app", "app.dbs.orders.query-log-parameters=true").run((context) -> {
			template(context).queryForList(SLOW, "name 77");
			Awaitility.await().until(() -> countLogged("INFO") == 1);
			assertThat(this.lines)
				.contains("WARN slow-query.orders duration=* query=%s parameters=['name 77']".formatted(SLOW));
			assertThat(this.lines.stream().filter((line) -> line.startsWith("INFO"))).singleElement()
				.asString()
				.contains("query=%s%n".formatted(SLOW))
				.doesNotContain("name 77");
		});
	}

	@Test
	void theLevelOfTheLoggerDisablesThePlansInTheLogAlone() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.appdbs.slow-query.orders");
		logger.setLevel(Level.WARN);
		try {
			runner("app").run((context) -> {
				template(context).queryForList(SLOW, "name 1");
				Awaitility.await().until(() -> !plans(context).isEmpty());
				assertThat(countLogged("WARN")).isOne();
				assertThat(countLogged("INFO")).isZero();
			});
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void aSlowUpdateIsExecutedOnceAndAFailedStatementIsExplained() {
		runner("app", "app.dbs.orders.statement-timeout=100ms").run((context) -> {
			String sql = "update item set name = name || ? from pg_sleep(1) where id = 1";
			assertThat(catchThrowable(() -> template(context).update(sql, "x"))).isNotNull();
			Awaitility.await().until(() -> !plans(context).isEmpty());
			assertThat(plans(context).get(0).plan()).contains("Update on item");
			assertThat(template(context).queryForObject("select name from item where id = 1", String.class))
				.isEqualTo("name 1");
		});
	}

	@Test
	void aFloodOfSlowStatementsTakesOneConnectionAtMost() {
		runner("app", "app.dbs.orders.slow-query-threshold=1ms", "app.dbs.orders.pool.max-size=16").run((context) -> {
			JdbcTemplate template = template(context);
			ConcurrentTasks.run(16, (index) -> {
				for (int i = index; i < 1000; i += 16) {
					template.queryForList("select pg_sleep(0.002), " + i);
				}
				return null;
			});
			assertThat(countLogged("WARN")).isGreaterThanOrEqualTo(1000);
			Awaitility.await().until(() -> !plans(context).isEmpty());
			assertThat(TestDatabases.threads("appdbs-plans-orders")).hasSize(1);
			assertThat(plans(context)).hasSizeLessThan(11);
		});
	}

	@Test
	void whyThereIsNoPlanIsLogged() {
		runner("app").run((context) -> {
			template(context).execute("select pg_sleep(0.06);\nselect 1");
			Awaitility.await().until(() -> countLogged("INFO") == 1);
			assertThat(this.lines).contains(
					"INFO slow-query.orders plan=none reason=The text has several statements. query=select pg_sleep(0.06); select 1");
			assertThat(plans(context)).singleElement()
				.satisfies((plan) -> assertThat(plan.message()).isEqualTo("The text has several statements."))
				.satisfies((plan) -> assertThat(plan.plan()).isNull());
		});
	}

	@Test
	void aStatementWithASecretHasNoPlan() {
		runner("app").run((context) -> {
			template(context).queryForList("select pg_sleep(0.06), 's3cr3t' as password, 's3cr3t' as other");
			Awaitility.await().until(() -> countLogged("INFO") == 1);
			assertThat(this.lines).noneMatch((line) -> line.contains("as other"))
				.contains(
						"INFO slow-query.orders plan=none reason=The text is not logged completely: it is long, or may contain a secret. query=select pg_sleep(0.06), 's3cr3t' as password ***");
		});
	}

	@Test
	void whenTheServerRefusesAnotherConnectionThenTheApplicationIsNotAffected() {
		runner("alone", "app.dbs.orders.pool.max-size=1", "app.dbs.orders.health.interval=1h",
				"app.dbs.orders.privileges.verify=off")
			.run((context) -> {
				template(context).queryForList(SLOW, "name 1");
				Awaitility.await().until(() -> countLogged("INFO") == 1);
				assertThat(this.lines.get(this.lines.size() - 1)).startsWith(
						"INFO slow-query.orders plan=none reason=The inspection could not connect to the database: ")
					.contains("too many connections for role \"alone\"");
				assertThat(template(context).queryForList(SLOW, "name 1")).hasSize(1);
			});
	}

	@Test
	void whileTheDatabaseIsDownNoPlanIsAskedFor() throws Exception {
		try (TcpProxy proxy = new TcpProxy(server.address())) {
			runner("app", "app.dbs.orders.url=postgresql://" + proxy.address() + "/orders").run((context) -> {
				QueryLog queryLog = context.getBean(QueryLogs.class)
					.get(context.getBean(DatabaseLifecycle.class).getDefinition("orders"));
				proxy.refuse();
				Awaitility.await().until(() -> TestDatabases.state(context) == DatabaseState.DOWN);
				queryLog.findSlowQueryListener(Long.MAX_VALUE)
					.onSlowQuery(new SlowQuery("select 1", "select 1", true, Long.MAX_VALUE));
				Awaitility.await().until(() -> countLogged("INFO") == 1);
				assertThat(this.lines.get(this.lines.size() - 1))
					.startsWith("INFO slow-query.orders plan=none reason=Database 'orders' is down since ")
					.endsWith(" query=select 1");
			});
		}
	}

	@Test
	void withoutTheSettingThereIsNoPlanAndNoThread() {
		runner("app", "app.dbs.orders.slow-query-plan=false").run((context) -> {
			template(context).queryForList(SLOW, "name 1");
			assertThat(countLogged("WARN")).isOne();
			assertThat(TestDatabases.threads("appdbs-plans-")).isEmpty();
			assertThat(plans(context)).isEmpty();
		});
	}

	@Test
	void theThreadEndsWithTheApplication() {
		runner("app").run((context) -> {
			template(context).queryForList(SLOW, "name 1");
			Awaitility.await().until(() -> !plans(context).isEmpty());
			assertThat(TestDatabases.threads("appdbs-plans-orders")).hasSize(1);
		});
		TestDatabases.awaitNoThreads("appdbs-plans-");
	}

	@Test
	void thePlanOfH2IsLogged() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:slow-query-plans",
					"app.dbs.orders.slow-query-threshold=50ms", "app.dbs.orders.slow-query-plan=true")
			.run((context) -> {
				try (Connection connection = context.getBean("ordersDataSource", DataSource.class)
					.unwrap(HikariDataSource.class)
					.getConnection(); Statement statement = connection.createStatement()) {
					statement.execute("create alias pause for 'java.lang.Thread.sleep(long)'");
					statement.execute("create table item (id int primary key, name varchar)");
					statement.execute("insert into item values (1, 'one')");
				}
				String sql = "select name, pause(60) from item where id = ?";
				template(context).queryForList(sql, 1);
				Awaitility.await().until(() -> countLogged("INFO") == 1);
				assertThat(this.lines.get(this.lines.size() - 1))
					.startsWith("INFO slow-query.orders plan=generic query=%s%n    SELECT%n".formatted(sql))
					.contains("PUBLIC.PRIMARY_KEY", "ID = ?1");
			});
	}

	private long countLogged(String level) {
		this.lines.addAll(this.logged.take());
		return this.lines.stream().filter((line) -> line.startsWith(level + " slow-query.orders ")).count();
	}

	private static List<StatementPlan> plans(ApplicationContext context) {
		return TestDatabases.orders(context).inspect().getLastPlans();
	}

	private static JdbcTemplate template(ApplicationContext context) {
		return context.getBean("ordersJdbcTemplate", JdbcTemplate.class);
	}

	private static ApplicationContextRunner runner(String username, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=postgresql://" + server.address() + "/orders",
					"app.dbs.orders.username=" + username, "app.dbs.orders.slow-query-threshold=50ms",
					"app.dbs.orders.slow-query-plan=true")
			.withPropertyValues(properties);
	}

}
