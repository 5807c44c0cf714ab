package io.appdbs.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.appdbs.Database;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.cluster.CitusReader;
import io.appdbs.rls.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterProbe} and {@link CitusReader} on a server with a stand-in for
 * the metadata and the function of Citus.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClusterTests {

	/** A worker is away if the table says so, and hangs if it takes longer. */
	private static final String CITUS = """
			SET allow_system_table_mods = on;
			INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
				VALUES (9999, 'citus', 10, 11, false, '13.2-1');
			CREATE TABLE pg_catalog.pg_dist_local_group (groupid int);
			INSERT INTO pg_catalog.pg_dist_local_group VALUES (0);
			CREATE TABLE pg_catalog.pg_dist_node (nodeid int, groupid int, nodename text, nodeport int, isactive boolean,
				noderole text);
			INSERT INTO pg_catalog.pg_dist_node VALUES (3, 2, 'fd00::2', 5432, true, 'primary'),
				(1, 0, 'coordinator', 5432, true, 'primary'), (2, 1, 'one', 5433, true, 'primary'),
				(4, 1, 'copy', 5434, false, 'secondary');
			CREATE TABLE public.answer (nodename text, answers boolean, seconds float);
			INSERT INTO public.answer VALUES ('one', true, 0), ('fd00::2', true, 0);
			CREATE FUNCTION pg_catalog.citus_check_connection_to_node(text, int) RETURNS boolean LANGUAGE plpgsql AS $$
			DECLARE result boolean;
			BEGIN
				SELECT answers INTO result FROM public.answer, pg_catalog.pg_sleep(seconds) WHERE nodename = $1;
				RETURN result;
			END $$;
			CREATE FUNCTION public.use_worker() RETURNS void LANGUAGE plpgsql AS $$
			BEGIN
				PERFORM pg_catalog.nextval('public.attempts');
				RAISE EXCEPTION 'connection to the remote node app@one:5433 failed with the following error: away'
					USING ERRCODE = '08006';
			END $$;
			CREATE SEQUENCE public.attempts;
			""";

	@RegisterExtension
	private static final PostgresServer server = new PostgresServer("distributed", CITUS);

	private static final List<Node> NODES = List.of(new Node("coordinator:5432", "coordinator", true, true),
			new Node("one:5433", "worker", true, null), new Node("copy:5434", "secondary", false, null),
			new Node("[fd00::2]:5432", "worker", true, null));

	@AfterEach
	void restoreNodes() throws SQLException {
		server.execute("UPDATE answer SET answers = true, seconds = 0; SELECT setval('attempts', 1, false)");
	}

	@Test
	void theNodesAreReadAndConnectedTo() throws SQLException {
		CitusReader reader = new CitusReader();
		try (Connection connection = server.connect()) {
			DatabaseCluster cluster = reader.read(connection);
			assertThat(cluster).isEqualTo(new DatabaseCluster("Citus 13.2-1", NODES));
			assertThat(reachable(reader.connect(connection, cluster, Duration.ofSeconds(10))))
				.isEqualTo("coordinator:5432=true, one:5433=true, copy:5434=null, [fd00::2]:5432=true");
			server.execute("UPDATE answer SET answers = false WHERE nodename = 'fd00::2'");
			assertThat(reachable(reader.connect(connection, cluster, Duration.ofSeconds(10))))
				.isEqualTo("coordinator:5432=true, one:5433=true, copy:5434=null, [fd00::2]:5432=false");
			assertThat(connection.getAutoCommit()).isTrue();
		}
		try (Connection connection = server.connect("postgres")) {
			assertThat(reader.read(connection)).isNull();
		}
	}

	@Test
	void whenANodeHangsThenTheOthersAreCheckedInTime() throws SQLException {
		CitusReader reader = new CitusReader();
		server.execute("UPDATE answer SET seconds = 3600 WHERE nodename = 'one'");
		try (Connection connection = server.connect()) {
			DatabaseCluster cluster = reader.read(connection);
			assertThat(reachable(reader.connect(connection, cluster, Duration.ofSeconds(2))))
				.isEqualTo("coordinator:5432=true, one:5433=false, copy:5434=null, [fd00::2]:5432=true");
			// nothing is left of the limit
			assertThat(reader.connect(connection, cluster, Duration.ZERO).nodes()).isEqualTo(NODES);
			try (var rows = connection.createStatement().executeQuery("SHOW statement_timeout")) {
				rows.next();
				assertThat(rows.getString(1)).isEqualTo("0");
			}
		}
	}

	private static String reachable(DatabaseCluster cluster) {
		return String.join(", ",
				cluster.nodes().stream().map((node) -> node.address() + "=" + node.reachable()).toList());
	}

	@Test
	void whenANodeIsGoneThenTheDatabaseStaysUp(CapturedOutput output) {
		run((database, template, transaction) -> {
			Awaitility.await().until(() -> cluster(database).nodes().get(1).reachable() != null);
			assertThat(cluster(database).findUnreachable()).isEmpty();
			server.execute("UPDATE answer SET answers = false, seconds = 0 WHERE nodename = 'one'");
			Awaitility.await()
				.atMost(Duration.ofSeconds(40))
				.until(() -> cluster(database).findUnreachable().size() == 1);
			assertThat(cluster(database).findUnreachable().get(0).address()).isEqualTo("one:5433");
			assertThat(database.getState()).isEqualTo(DatabaseState.UP);
			assertThat(output).contains(
					"Database 'distributed' is up, but its server cannot reach the node one:5433. Statements that need this node fail.");
			server.execute("UPDATE answer SET answers = true");
			Awaitility.await()
				.atMost(Duration.ofSeconds(40))
				.until(() -> cluster(database).findUnreachable().isEmpty());
			assertThat(output).doesNotContain("is down");
		});
	}

	private static DatabaseCluster cluster(Database database) {
		return database.getSnapshot().server().cluster();
	}

	@Test
	void whenAStatementNeedsANodeThatIsGoneThenItFailsAndTheConnectionStays() {
		run((database, template, transaction) -> {
			List<Integer> sessions = template.queryForList("SELECT pg_backend_pid()", Integer.class);
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> template.queryForList("SELECT use_worker()"))
					.withMessageContaining("connection to the remote node");
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> transaction
					.executeWithoutResult((status) -> template.queryForList("SELECT use_worker()")));
			}
			assertThat(template.queryForList("SELECT pg_backend_pid()", Integer.class)).isEqualTo(sessions);
			// not repeated
			assertThat(template.queryForObject("SELECT last_value FROM attempts", Long.class)).isEqualTo(6);
			assertThat(database.getState()).isEqualTo(DatabaseState.UP);
			assertThat(database.getLastFailure()).isNull();
		});
	}

	private static void run(Work work) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.distributed.url=postgresql://" + server.address() + "/distributed",
					"app.dbs.distributed.username=postgres", "app.dbs.distributed.pool.max-size=1",
					"app.dbs.distributed.retry.enabled=true", "app.dbs.distributed.health.interval=2s",
					"app.dbs.distributed.health.timeout=2s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				work.with(context.getBean(Databases.class).get("distributed"), context.getBean(JdbcTemplate.class),
						context.getBean(TransactionTemplate.class));
			});
	}

	/**
	 * Work with a database.
	 */
	@FunctionalInterface
	private interface Work {

		void with(Database database, JdbcTemplate template, TransactionTemplate transaction) throws Exception;

	}

}
