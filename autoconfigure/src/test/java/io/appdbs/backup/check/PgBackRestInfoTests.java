package io.appdbs.backup.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParseException;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PgBackRestInfo} with the output of the command.
 */
class PgBackRestInfoTests {

	private static final Instant FULL = Instant.parse("2026-11-27T02:50:50Z");

	@Test
	void theLatestBackupAndTheLatestFullOneAreFound() throws IOException {
		assertThat(read("backups")).isEqualTo(new BackupReading(State.KNOWN,
				new Backup("incr", Instant.parse("2026-11-27T02:50:56Z")), FULL, null, List.of()));
	}

	@Test
	void noBackupIsNotTheSameAsAnUnknownOne() throws IOException {
		assertThat(read("no-backup")).isEqualTo(new BackupReading(State.NEVER, null, null, null, List.of()));
		assertThat(read("no-stanza").state()).isEqualTo(State.UNKNOWN);
		assertThat(read("unreadable").state()).isEqualTo(State.UNKNOWN);
	}

	@Test
	void whatPgBackRestCannotReadIsReportedInItsWords() throws IOException {
		assertThat(Observations.texts(read("unreadable").findings())).containsExactly(
				"unknown: Backups of database 'orders' are unknown: pgBackRest cannot read its repository. It says: 'repository 1: [PathOpenError] unable to list file info for path '/var/lib/pgbackrest/backup': [13] Permission denied'. Correct what it says. The user of the application needs to read the repository.");
	}

	@Test
	void aRepositoryWithoutTheStanzaIsAProblemEvenIfAnotherOneHasABackup() throws IOException {
		BackupReading reading = read("two-repositories");
		assertThat(reading.state()).isEqualTo(State.KNOWN);
		assertThat(Observations.texts(reading.findings())).containsExactly(
				"problem: Backups of database 'orders' have a problem. It says: 'repository 2: missing stanza path'. Look at the log of the tool that makes the backups.");
	}

	@Test
	void aBackupWithDamagedPagesDoesNotCount() throws IOException {
		BackupReading reading = read("damaged");
		assertThat(reading.last()).isEqualTo(new Backup("full", Instant.parse("2026-11-27T03:05:13Z")));
		assertThat(Observations.texts(reading.findings())).containsExactly(
				"failed: Backups of database 'orders' failed: pgBackRest found pages with wrong checksums for '20261127-030508F_20261127-030515I'. Look at its log, and check the files of the server, for example with 'pg_amcheck'.");
	}

	@Test
	void backupsOfAFormerServerDoNotCount() throws IOException {
		assertThat(read("upgraded")).isEqualTo(new BackupReading(State.NEVER, null, null, null, List.of()));
		Instant finished = Instant.parse("2026-11-27T03:05:20Z");
		assertThat(read("upgraded-backup"))
			.isEqualTo(new BackupReading(State.KNOWN, new Backup("full", finished), finished, null, List.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{}", "[]", "[1]", "[{}]", "[{\"name\":\"orders\"}]", "command not found",
			"[{\"name\":\"orders\",\"status\":{\"code\":\"x\"}}]", "[{\"name\":\"other\",\"status\":{\"code\":0}}]",
			"[{\"name\":\"orders\",\"status\":{\"code\":0" })
	void anythingElseIsRejected(String json) {
		assertThatExceptionOfType(JsonParseException.class).isThrownBy(() -> parse(json));
	}

	@Test
	void truncatedOutputIsRejected() throws IOException {
		String json = json("backups").strip();
		for (int length = 0; length < json.length(); length += 11) {
			String truncated = json.substring(0, length);
			assertThatExceptionOfType(JsonParseException.class).as(truncated).isThrownBy(() -> parse(truncated));
		}
	}

	private static BackupReading read(String name) throws IOException {
		return parse(json(name));
	}

	private static String json(String name) throws IOException {
		return new ClassPathResource("pgbackrest/" + name + ".json", PgBackRestInfoTests.class)
			.getContentAsString(StandardCharsets.UTF_8);
	}

	private static BackupReading parse(String json) {
		return new PgBackRestInfo(Observations.findings(), "orders").parse(json);
	}

}
