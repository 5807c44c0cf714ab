package io.appdbs.backup.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.appdbs.backup.BackupStatus.State;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PgBackRest} with commands that fail in other ways than the real one.
 */
class PgBackRestTests {

	private static final String PREFIX = "unknown: Backups of database 'orders' are unknown: ";

	@TempDir
	private Path folder;

	@AutoClose
	private final Observations observations = new Observations();

	@Test
	void theCommandGetsArgumentsAndNoShell() throws Exception {
		Path arguments = this.folder.resolve("arguments");
		this.observations.pgBackRest("a b;$(id)", script("printf '%s\\n' \"$@\" > " + arguments)).read();
		assertThat(arguments).hasContent("--output=json\ninfo\n--stanza=a b;$(id)");
	}

	@Test
	void theOutputIsReadAndWarningsAreIgnored() throws Exception {
		assertThat(run("""
				echo 'WARN: configuration file contains invalid option' >&2
				echo '[{"name":"orders","backup":[],"status":{"code":2}}]'""").state()).isEqualTo(State.NEVER);
	}

	@Test
	void aCommandThatIsNotInstalledIsReported() throws Exception {
		Path missing = this.folder.resolve("missing");
		assertThat(texts(this.observations.pgBackRest("orders", List.of(missing.toString())).read())).singleElement()
			.asString()
			.startsWith(PREFIX + "the command 'pgbackrest' could not be started. It says: '")
			.contains("No such file or directory")
			.endsWith(
					"'. Install pgBackRest where the application runs and let the PATH contain it, or set 'app.dbs.orders.backup.report' to 'file' or 'bean'.");
	}

	@Test
	void aStatusThatIsNotZeroIsReportedWithTheBeginningOfTheErrors() throws Exception {
		assertThat(texts(run("""
				echo '[{"name":"orders","status":{"code":0}}]'
				printf 'ERROR: [037]:\\n\\n  it is wrong\\n' >&2; yes | head -c 100000 >&2
				exit 37"""))).singleElement()
			.asString()
			.startsWith(PREFIX
					+ "'pgbackrest info --stanza=orders' ended with the status 37. It says: 'ERROR: [037]: it is wrong y y y ")
			.endsWith("Execute it as the user of the application, and correct what it says.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "echo garbage | garbage", "echo '[{}]' | [{}]", "true | -", "echo '[{' | [{",
			"echo 'usage: x' >&2 | usage: x" })
	void garbageIsReported(String command, String says) throws Exception {
		assertThat(texts(run(command)))
			.containsExactly(PREFIX + "'pgbackrest info --stanza=orders' did not write what is expected of it. "
					+ (says.equals("-") ? "" : "It says: '%s'. ".formatted(says))
					+ "Let the PATH contain pgBackRest 2.30 or later as the command 'pgbackrest'.");
	}

	@Test
	void aCommandThatHangsIsKilledWithTheProcessesThatItStarted() throws Exception {
		Path pids = this.folder.resolve("pids");
		List<String> command = script("sleep 1000 & echo $$ $! > %s; wait".formatted(pids));
		assertThat(texts(this.observations.pgBackRest("orders", command, Duration.ofMillis(500)).read()))
			.containsExactly(PREFIX
					+ "'pgbackrest info --stanza=orders' did not end within 500 ms and was killed. Execute it as the user of the application to see what it waits for.");
		assertEnded(pids);
	}

	@Test
	void aProcessThatKeepsTheOutputOpenDoesNotHoldUpTheCheck() throws Exception {
		Path pid = this.folder.resolve("pid");
		List<String> command = script(
				"setsid sh -c 'echo $$ > %s; exec sleep 1000' & sleep 0.2; exit 0".formatted(pid));
		assertThat(texts(this.observations.pgBackRest("orders", command).read())).singleElement()
			.asString()
			.contains("ended, but a process that it started keeps its output open.");
		ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroyForcibly);
	}

	@Test
	void aCommandThatWritesWithoutEndIsKilled() throws Exception {
		Path pids = this.folder.resolve("pids");
		assertThat(texts(run("echo $$ > %s; yes".formatted(pids)))).containsExactly(PREFIX
				+ "'pgbackrest info --stanza=orders' wrote more than 8 MiB. Let pgBackRest keep fewer backups, or set 'app.dbs.orders.backup.report' to 'file' or 'bean'.");
		assertEnded(pids);
	}

	@Test
	void whenTheThreadIsInterruptedThenTheCommandIsKilled() throws Exception {
		Path pids = this.folder.resolve("pids");
		PgBackRest pgBackRest = this.observations.pgBackRest("orders",
				script("echo $$ > %s.new; mv %s.new %s; exec sleep 1000".formatted(pids, pids, pids)));
		Thread thread = new Thread(() -> {
			try {
				pgBackRest.read();
			}
			catch (InterruptedException ex) {
				// expected
			}
		});
		thread.start();
		await().until(() -> Files.exists(pids));
		thread.interrupt();
		thread.join(TimeUnit.SECONDS.toMillis(30));
		assertThat(thread.isAlive()).isFalse();
		assertEnded(pids);
	}

	private static void assertEnded(Path pids) throws IOException {
		for (String pid : Files.readString(pids).strip().split(" ")) {
			await().until(() -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty());
		}
	}

	private BackupReading run(String script) throws Exception {
		return this.observations.pgBackRest("orders", script(script)).read();
	}

	private List<String> script(String text) throws IOException {
		return List.of("sh", Files.writeString(this.folder.resolve("script"), text).toString());
	}

	private static List<String> texts(BackupReading reading) {
		assertThat(reading.state()).isEqualTo(State.UNKNOWN);
		return Observations.texts(reading.findings());
	}

}
