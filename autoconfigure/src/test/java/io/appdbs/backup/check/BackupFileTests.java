package io.appdbs.backup.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackupFile}.
 */
class BackupFileTests {

	private static final Instant FINISHED = Instant.parse("2026-11-25T21:21:37Z");

	private static final String COMPLETE = """
			{"finished":"2026-11-25T21:21:37Z","type":"full","ok":true,"verified":{"at":"2026-11-25T22:00:00Z","ok":true,"of":"orders.dump","duration":"PT5.2S"}}
			""";

	private static final RestoreVerification VERIFIED = new RestoreVerification(Instant.parse("2026-11-25T22:00:00Z"),
			true, "orders.dump", Duration.ofMillis(5200));

	@TempDir
	private Path folder;

	@AutoClose
	private final Observations observations = new Observations();

	@Test
	void aCompleteFileIsRead() throws Exception {
		assertThat(read(COMPLETE))
			.isEqualTo(new BackupReading(State.KNOWN, new Backup("full", FINISHED), FINISHED, VERIFIED, List.of()));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{'finished':'2026-11-25T21:21:37Z','ok':true} | unknown",
			"{'finished':'2026-11-25T22:21:37+01:00','ok':true,'type':'dump','host':['a',{'b':null}]} | dump" })
	void onlyTheTimeAndTheOutcomeAreRequired(String json, String type) throws Exception {
		assertThat(read(json))
			.isEqualTo(new BackupReading(State.KNOWN, new Backup(type, FINISHED), null, null, List.of()));
	}

	@Test
	void aBackupThatFailedIsNotTheLastOne() throws Exception {
		BackupReading reading = read(
				"{'finished':'2026-11-25T21:21:37Z','type':'full','ok':false,'message':'no space left'}");
		assertThat(reading.state()).isEqualTo(State.UNKNOWN);
		assertThat(texts(reading)).containsExactly("failed: Backups of database 'orders' failed at "
				+ "2026-11-25T21:21:37Z, says 'FILE'. It says: 'no space left'. Look at the log of the job that makes backups.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{} | finished", "{'ok':true} | finished", "{'finished':'yesterday','ok':true} | finished",
					"{'finished':'2026-11-25T21:21:37','ok':true} | finished",
					"{'finished':1795747844,'ok':true} | finished", "{'finished':null,'ok':true} | finished",
					"{'finished':'2026-11-25T21:21:37Z'} | ok", "{'finished':'2026-11-25T21:21:37Z','ok':'yes'} | ok" })
	void whatIsMissingIsReported(String json, String key) throws Exception {
		BackupReading reading = read(json);
		assertThat(reading.state()).isEqualTo(State.UNKNOWN);
		assertThat(texts(reading))
			.containsExactly("unknown: Backups of database 'orders' are unknown: 'FILE' has no valid '" + key
					+ "'. Let the job that makes backups write for example {\"finished\":\"2026-11-25T21:21:37Z\",\"type\":\"full\",\"ok\":true}.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "garbage", "[1]", "null", "{\"finished\":",
			"{\"finished\":\"2026-11-25T21:21:37Z\",\"ok\":true" })
	void garbageIsReported(String content) throws Exception {
		assertThat(texts(read(content))).containsExactly(
				"unknown: Backups of database 'orders' are unknown: 'FILE' is not a JSON object, or not complete. Correct 'app.dbs.orders.backup.file', or let the job that makes backups write the file under another name and move it.");
	}

	@Test
	void noTruncatedFileIsAFreshBackup() throws Exception {
		String json = COMPLETE.strip();
		for (int length = 0; length < json.length(); length += 5) {
			BackupReading reading = read(json.substring(0, length));
			assertThat(reading.state()).as(json.substring(0, length)).isEqualTo(State.UNKNOWN);
		}
	}

	@Test
	void theSecretsOfAUrlAreNotShown() throws Exception {
		BackupFile file = new BackupFile(Observations.findings(), Path.of("https://svc:s3cr3t@cfg/b.json?sig=s3cr3t"),
				this.observations.call());
		assertThat(texts(file.read())).singleElement()
			.asString()
			.contains("are unknown: 'https:/***@cfg/b.json?***' does not exist.");
	}

	@Test
	void aFileThatDoesNotExistOrIsTooLargeIsReported() throws Exception {
		assertThat(texts(file().read())).containsExactly(
				"unknown: Backups of database 'orders' are unknown: 'FILE' does not exist. Correct 'app.dbs.orders.backup.file', or let the job that makes backups write the file under another name and move it.");
		assertThat(texts(read("{\"a\":\"" + "x".repeat(70_000) + "\"}"))).singleElement()
			.asString()
			.contains("'FILE' is larger than 64 KiB.");
		Files.delete(path());
		Files.createDirectory(path());
		assertThat(texts(file().read())).singleElement().asString().contains("'FILE' cannot be read.");
	}

	@Test
	void aFileSystemThatHangsIsReportedAndHoldsOneThread() throws Exception {
		new ProcessBuilder("mkfifo", path().toString()).start().waitFor();
		BackupFile file = new BackupFile(Observations.findings(), path(),
				this.observations.call(Duration.ofMillis(200)));
		for (int i = 0; i < 3; i++) {
			assertThat(texts(file.read())).singleElement().asString().contains("'FILE' cannot be read in time.");
		}
		assertThat(countThreads()).isEqualTo(1);
		// ends the reader
		Files.writeString(path(), "{}");
	}

	@Test
	void theVerifiedRestoreIsReadAlone() throws Exception {
		write(COMPLETE);
		assertThat(file().readVerification()).isEqualTo(new BackupReading(null, null, null, VERIFIED, List.of()));
		write("{'finished':'2026-11-25T21:21:37Z','ok':true}");
		assertThat(file().readVerification()).isEqualTo(BackupReading.NONE);
		Files.delete(path());
		assertThat(texts(file().readVerification())).containsExactly(
				"restore-unknown: Backups of database 'orders' may not have been restored: 'FILE' does not exist. Correct 'app.dbs.orders.backup.file', or let the job that makes backups write the file under another name and move it.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{} | at", "\"yes\" | at", "{'ok':true} | at",
			"{'at':'2026-11-25T22:00:00Z'} | ok", "{'at':'2026-11-25T22:00:00Z','ok':1} | ok" })
	void anIncompleteVerificationIsReportedBesidesTheBackup(String verified, String key) throws Exception {
		BackupReading reading = read("{'finished':'2026-11-25T21:21:37Z','ok':true,'verified':" + verified + "}");
		assertThat(reading.last()).isNotNull();
		assertThat(texts(reading)).containsExactly(
				"restore-unknown: Backups of database 'orders' may not have been restored: 'FILE' has no valid 'verified."
						+ key
						+ "'. Let the verified restore write for example \"verified\":{\"at\":\"2026-11-25T21:21:37Z\",\"ok\":true}.");
	}

	private static long countThreads() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.filter((trace) -> Stream.of(trace)
				.anyMatch((frame) -> frame.getClassName().equals(BackupFile.class.getName())
						&& frame.getMethodName().equals("parse")))
			.count();
	}

	private Path path() {
		return this.folder.resolve("orders.json");
	}

	private BackupFile file() {
		return new BackupFile(Observations.findings(), path(), this.observations.call());
	}

	private BackupReading read(String json) throws Exception {
		write(json);
		return file().read();
	}

	private void write(String json) throws IOException {
		Files.writeString(path(), json.replace('\'', '"'));
	}

	private List<String> texts(BackupReading reading) {
		return Observations.texts(reading.findings())
			.stream()
			.map((text) -> text.replace(path().toString(), "FILE"))
			.toList();
	}

}
