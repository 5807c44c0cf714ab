package io.appdbs.backup.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupStatus;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.engine.archive.PostgreSqlArchiver;
import io.appdbs.testsupport.server.PgBackRestServer;
import io.appdbs.testsupport.server.RequiresPgBackRest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with a repository of an installed pgBackRest.
 */
@RequiresPgBackRest
class PgBackRestServerTests {

	private static PgBackRestServer server;

	@AutoClose
	private final Observations observations = new Observations();

	@TempDir
	private Path folder;

	@BeforeAll
	static void startServer() {
		server = new PgBackRestServer();
	}

	@AfterAll
	static void stopServer() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	@Test
	void aRepositoryIsObservedFromItsCreationOn() throws Exception {
		BackupReading before = read(PgBackRestServer.STANZA);
		assertThat(before.state()).isEqualTo(State.UNKNOWN);
		assertThat(Observations.texts(before.findings())).containsExactly(
				"unknown: Backups of database 'orders' are unknown: pgBackRest finds no stanza 'orders'. Correct 'app.dbs.orders.backup.stanza', create the stanza, or let PGBACKREST_CONFIG in the environment of the application name the configuration that has the repository.");
		server.pgBackRest("stanza-create");
		assertThat(read(PgBackRestServer.STANZA))
			.isEqualTo(new BackupReading(State.NEVER, null, null, null, List.of()));
		Instant begin = Instant.now().minusSeconds(1);
		server.pgBackRest("--type=full", "backup");
		Instant full = checkFull(begin);
		server.pgBackRest("--type=incr", "backup");
		BackupReading reading = read(PgBackRestServer.STANZA);
		assertThat(reading.last()).isNotNull().satisfies((last) -> {
			assertThat(last.type()).isEqualTo("incr");
			assertThat(last.finished()).isBetween(full, Instant.now());
		});
		assertThat(reading.lastFull()).isEqualTo(full);
		checkAge(reading.last().finished());
		checkArchive();
		assertThat(read("other").state()).isEqualTo(State.UNKNOWN);
		checkUnreadable();
	}

	private Instant checkFull(Instant begin) throws Exception {
		BackupReading reading = read(PgBackRestServer.STANZA);
		assertThat(reading.state()).isEqualTo(State.KNOWN);
		assertThat(reading.findings()).isEmpty();
		assertThat(reading.last()).isNotNull().satisfies((last) -> assertThat(last.hasType(Backup.FULL)).isTrue());
		assertThat(reading.lastFull()).isEqualTo(reading.last().finished()).isBetween(begin, Instant.now());
		return reading.lastFull();
	}

	private void checkAge(Instant last) throws Exception {
		assertThat(check(last.plus(Duration.ofHours(26))).findings()).isEmpty();
		assertThat(Observations.texts(check(last.plus(Duration.ofHours(26)).plusSeconds(1)).findings()))
			.containsExactly("late: Backups of database 'orders' are late: the last one (incr) ended at " + last
					+ ", and 'app.dbs.orders.backup.max-age' is '26h'. Look at the schedule and the log of the tool that makes the backups.");
		assertThat(Observations.texts(check(last.minus(Duration.ofMinutes(6))).findings()))
			.containsExactly("future: Backups of database 'orders' cannot be judged: the last one (incr) ended at "
					+ last
					+ ", which is in the future. Correct the clock of the host that makes backups, or the one of the application.");
	}

	private void checkArchive() throws Exception {
		ArchiveObservation observation = new ArchiveObservation();
		ArchiveStatus working = readArchive(observation);
		assertThat(working.failing()).isFalse();
		assertThat(working.last()).isNotNull();
		server.execute("ALTER SYSTEM SET archive_command = 'false'", "SELECT pg_reload_conf()",
				"CREATE TABLE t AS SELECT generate_series(1, 1000)", "SELECT pg_switch_wal()");
		await().until(() -> readArchive(observation).failing());
		ArchiveStatus failing = readArchive(observation);
		assertThat(failing.lag()).isNotNull().isPositive();
		assertThat(Observations.texts(Observations.evaluation().evaluate(failing))).containsExactly(
				"archive-failing: Backups of database 'orders' do not reach the present: archiving fails, and the server has not archived its log since "
						+ failing.last()
						+ ". Look at the log of the server. It keeps its log until archiving succeeds, which fills its disk.");
		server.execute("ALTER SYSTEM RESET archive_command", "SELECT pg_reload_conf()", "SELECT pg_switch_wal()");
		await().atMost(Duration.ofSeconds(90)).until(() -> !readArchive(observation).failing());
		assertThat(readArchive(observation).last()).isAfter(failing.last());
	}

	private void checkUnreadable() throws Exception {
		Path info = server.getRepository().resolve("backup/orders/backup.info");
		Path copy = server.getRepository().resolve("backup/orders/backup.info.copy");
		for (Path file : List.of(info, copy)) {
			Files.writeString(file, "garbage");
		}
		assertThat(Observations.texts(read(PgBackRestServer.STANZA).findings())).singleElement()
			.asString()
			.startsWith(
					"unknown: Backups of database 'orders' are unknown: pgBackRest cannot read its repository. It says: 'repository 1: [")
			.contains("backup.info");
		List<String> unknown = List.of("pgbackrest", "--config=" + this.folder.resolve("missing.conf"));
		assertThat(Observations.texts(this.observations.pgBackRest("orders", unknown).read().findings()))
			.containsExactly(
					"unknown: Backups of database 'orders' are unknown: 'pgbackrest info --stanza=orders' ended with the status 55. It says: 'ERROR: [055]: unable to open missing file '%s' for read'. Execute it as the user of the application, and correct what it says."
						.formatted(this.folder.resolve("missing.conf")));
	}

	private BackupReading read(String stanza) throws InterruptedException {
		return this.observations.pgBackRest(stanza, server.getCommand()).read();
	}

	private BackupStatus check(Instant now) throws InterruptedException {
		return new BackupCheck(Observations.evaluation("backup.report", "pgbackrest", "backup.max-age", "26h"),
				this.observations.pgBackRest(PgBackRestServer.STANZA, server.getCommand()), null, null,
				this.observations.call(), Observations.clock(now))
			.execute();
	}

	private static ArchiveStatus readArchive(ArchiveObservation observation) throws SQLException {
		try (var connection = server.connect()) {
			return Optional.ofNullable(new PostgreSqlArchiver().read(connection)).map(observation::add).orElseThrow();
		}
	}

}
