package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of programs that fail or hang, of clean-up and of the report, with shell scripts
 * in place of the programs of servers.
 */
@DisabledOnOs(OS.WINDOWS)
class RestoreRunTests {

	private static final String KEPT = """
			{"finished":"2026-11-25T21:21:37Z","type":"full","ok":true,"size":12345678901234567890.10}""";

	@TempDir
	private Path folder;

	@AfterEach
	void nothingIsLeft() throws IOException {
		Path workspace = Path.of(System.getProperty("java.io.tmpdir"),
				"appdbs-embedded-" + System.getProperty("user.name"));
		if (Files.isDirectory(workspace)) {
			try (DirectoryStream<Path> folders = Files.newDirectoryStream(workspace,
					ProcessHandle.current().pid() + "-*")) {
				assertThat(folders).isEmpty();
			}
		}
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("appdbs-restore-orders");
	}

	private Path script(String name, String text) throws IOException {
		Path script = Files.writeString(this.folder.resolve(name), "#!/bin/sh\n" + text);
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		return script;
	}

	private static RestoreCheck command(String... command) {
		return RestoreCheck.of("orders").command(command);
	}

	@Test
	void whenProgramHangsThenItIsStoppedWithItsChildren() throws Exception {
		Path report = this.folder.resolve("orders.json");
		Path pid = this.folder.resolve("pid");
		Path script = script("hang", "trap '' TERM\nsleep 1000 &\necho $! > " + pid + "\nwait\nwait\nsleep 1000\n");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(script.toString(), "{data}").timeout(Duration.ofSeconds(1)).report(report).run())
			.withMessage("""
					The backup of 'orders' (hang) is not verified:
					- The check did not end within PT1S, in step 'hang'.""");
		long child = Long.parseLong(Files.readString(pid).trim());
		Awaitility.await().until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
		assertThat(Files.readString(report)).contains("\"ok\":false");
	}

	@Test
	void whenThreadIsInterruptedThenProgramIsStoppedAndNothingIsReported() throws Exception {
		Path report = this.folder.resolve("orders.json");
		Path pid = this.folder.resolve("pid");
		Path script = script("hang", "echo $$ > " + pid + "\nsleep 1000\n");
		AtomicReference<RestoreCheckException> failure = new AtomicReference<>();
		AtomicReference<Boolean> interrupted = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			try {
				command(script.toString()).report(report).run();
			}
			catch (RestoreCheckException ex) {
				failure.set(ex);
				interrupted.set(Thread.currentThread().isInterrupted());
			}
		});
		thread.start();
		Awaitility.await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
		thread.interrupt();
		thread.join();
		assertThat(failure.get()).hasMessage("""
				The backup of 'orders' (hang) is not verified:
				- The check was interrupted, in step 'hang'.""");
		assertThat(interrupted.get()).isTrue();
		assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).trim())).filter(ProcessHandle::isAlive))
			.isEmpty();
		assertThat(report).doesNotExist();
	}

	@Test
	void whenProgramFailsThenTheEndOfItsErrorsIsReportedWithoutSecrets() throws Exception {
		Path script = script("restore-it", """
				i=0
				while [ $i -lt 20000 ]; do echo "line $i"; echo "error $i" >&2; i=$((i+1)); done
				echo "DETAIL: row of somebody" >&2
				echo "cannot decrypt with $CIPHER" >&2
				exit 7
				""");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(script.toString()).environment("CIPHER", "s3cret").run())
			.withMessage("""
					The backup of 'orders' (restore-it) is not verified:
					- restore-it failed with exit code 7: error 19991
					  error 19992
					  error 19993
					  error 19994
					  error 19995
					  error 19996
					  error 19997
					  error 19998
					  error 19999
					  cannot decrypt with ***""");
	}

	@Test
	void aLongLineIsNotCutWithinASecret() throws Exception {
		Path script = script("long", "printf '%0297d%s\\n' 0 \"$CIPHER\" >&2; exit 1");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(script.toString()).environment("CIPHER", "s3cret").run())
			.withMessageContaining("0***")
			.withMessageNotContaining("s3c");
	}

	@Test
	void passwordsAreNotInArguments() throws Exception {
		script("pg_restore", """
				case "$1" in
				--version) echo "pg_restore (PostgreSQL) 15.1";;
				--list) echo ";     dbname: orders";;
				*) echo "arguments $*" >&2; echo "password $PGPASSWORD" >&2; echo "options $PGOPTIONS" >&2; exit 1;;
				esac
				""");
		Path dump = Files.writeString(this.folder.resolve("orders.dump"), "PGDMP");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("orders")
				.dump(dump)
				.programs(this.folder)
				.into(RestoreTarget.embeddedPostgres())
				.run())
			.withMessageMatching(
					"""
							The backup of 'orders' \\(orders.dump\\) is not verified:
							- pg_restore failed with exit code 1: arguments --exit-on-error --no-password --no-owner --no-privileges \
							--host=localhost --port=\\d+ --username=postgres --dbname=dbname='orders' .*/orders.dump
							  password \\*\\*\\*
							  options\\s*""");
	}

	@Test
	void whenProgramDoesNotExistThenItIsReported() {
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> command("no-such-program").run())
			.withMessageMatching(
					"(?s).*- no-such-program could not be started: Cannot run program \"no-such-program\".*");
	}

	@Test
	void whenCommandRestoresNothingThenThePlaceholderIsExplained() throws Exception {
		Path script = script("nothing", "exit 0\n");
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> command(script.toString()).run())
			.withMessage(
					"""
							The backup of 'orders' (nothing) is not verified:
							- The restored files are not those of PostgreSQL or MariaDB: there is neither PG_VERSION nor ibdata1. \
							The argument that names the folder to restore into must contain {data}, for example --pg1-path={data}.""");
	}

	@Test
	void whenServerOfTheVersionIsMissingThenThePackageIsNamed() throws Exception {
		Path script = script("old", "echo 9 > $1/PG_VERSION\n");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(script.toString(), "{data}").run())
			.withMessage("""
					The backup of 'orders' (old) is not verified:
					- There is no postgres of PostgreSQL 9 in PATH or where packages install programs, such as \
					/usr/lib/postgresql/*/bin. Install Debian's package postgresql-9 or Red Hat's postgresql9-server, \
					or name the folder with programs(…).""");
	}

	@Test
	void whenFilesLeadOutsideThenNoServerIsStarted() throws Exception {
		Path tablespace = script("tablespace",
				"mkdir $1/pg_tblspc; ln -s /srv/tablespace $1/pg_tblspc/16400; echo 15 > $1/PG_VERSION\n");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(tablespace.toString(), "{data}").run())
			.withMessage("""
					The backup of 'orders' (tablespace) is not verified:
					- 'pg_tblspc/16400' of the backup leads to files outside of the scratch folder: /srv/tablespace. \
					Restore tablespaces below {data}, for example with --tablespace-map-all of pgBackRest.""");
		Path map = script("map", "echo '16400 /srv/tablespace' > $1/tablespace_map; echo 15 > $1/PG_VERSION\n");
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(() -> command(map.toString(), "{data}").run())
			.withMessageContaining(
					"'tablespace_map' of the backup leads to files outside of the scratch folder: /srv/tablespace.");
		Path link = script("link", "mkdir $1/orders; echo /srv/item.ibd > $1/orders/item.isl; touch $1/ibdata1\n");
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> command(link.toString(), "{data}").run())
			.withMessageContaining(
					"'orders/item.isl' of the backup leads to files outside of the scratch folder: /srv/item.ibd.");
	}

	@Test
	void whenFolderIsThatOfAServerThenItIsNotCopied() throws Exception {
		Files.createFile(this.folder.resolve("postmaster.pid"));
		assertThatExceptionOfType(RestoreCheckException.class)
			.isThrownBy(() -> RestoreCheck.of("orders").folder(this.folder).run())
			.withMessageEndingWith("- The folder " + this.folder
					+ " has a postmaster.pid: it is the data directory of a server, not a backup.");
	}

	@Test
	void otherMembersOfTheReportAreKept() throws Exception {
		Path report = Files.writeString(this.folder.resolve("orders.json"), KEPT);
		Path script = script("nothing", "exit 0\n");
		RestoreCheck check = command(script.toString()).report(report);
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run);
		assertThatExceptionOfType(RestoreCheckException.class).isThrownBy(check::run);
		assertThat(Files.readString(report)).matches("\\Q" + KEPT.substring(0, KEPT.length() - 1)
				+ "\\E,\"verified\":\\{\"at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\",\"ok\":false,\"of\":\"nothing\",\"duration\":\"PT[\\d.]+S\"}}");
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.folder)) {
			assertThat(files).containsExactlyInAnyOrder(report, script);
		}
	}

	@Test
	void whenReportCannotBeWrittenThenNothingIsRestored() throws Exception {
		Path marker = this.folder.resolve("marker");
		Path script = script("mark", "touch " + marker + "\n");
		Path text = Files.writeString(this.folder.resolve("text.json"), "ok");
		assertThatIllegalStateException().isThrownBy(() -> command(script.toString()).report(text).run())
			.withMessage("The report " + text + " is not valid JSON. Correct or delete it");
		Path list = Files.writeString(this.folder.resolve("list.json"), "[]");
		assertThatIllegalStateException().isThrownBy(() -> command(script.toString()).report(list).run())
			.withMessage("The report " + list + " is not a JSON object. Correct or delete it");
		Path missing = this.folder.resolve("missing/orders.json");
		assertThatIllegalStateException().isThrownBy(() -> command(script.toString()).report(missing).run())
			.withMessage("The report " + missing + " cannot be written: its folder does not exist or is not writable");
		assertThat(marker).doesNotExist();
	}

	@Test
	void incompleteOrContradictorySettingsAreRejected() {
		Path dump = Path.of("orders.dump");
		RestoreTarget running = RestoreTarget.server("jdbc:postgresql://localhost/scratch", "me", null);
		assertThatIllegalStateException().isThrownBy(() -> RestoreCheck.of("orders").run())
			.withMessage(
					"There is no backup to verify. Name one with dump(…), folder(…), mariaDbBackup(…) or command(…)");
		assertThatIllegalStateException().isThrownBy(() -> RestoreCheck.of("orders").dump(dump).run())
			.withMessage("There is no server to restore the dump into. Name one with into(…)");
		assertThatIllegalStateException()
			.isThrownBy(() -> RestoreCheck.of("orders").dump(dump).folder(dump).into(running).run())
			.withMessage("dump(…), mariaDbBackup(…) and folder(…) with command(…) cannot be combined");
		assertThatIllegalStateException().isThrownBy(() -> command("true").into(running).run())
			.withMessage(
					"into(…) has no effect on the files of a whole server. A server of the same version is started on them");
		assertThatIllegalStateException().isThrownBy(() -> command("true").roles("app").run())
			.withMessage("roles(…) have no effect on the files of a whole server, which has its roles");
		assertThatIllegalStateException()
			.isThrownBy(() -> RestoreCheck.of("orders").dump(dump).into(running).roles("app").run())
			.withMessage("roles(…) are not created on a running server. Create them there");
		assertThatIllegalStateException()
			.isThrownBy(() -> RestoreCheck.of("orders").dump(dump).into(running).environment("A", "b").run())
			.withMessage("environment(…) has no effect without command(…)");
	}

	@Test
	void wrongValuesAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> RestoreCheck.of("Orders"))
			.withMessage("'Orders' is not the name of a database. Names match [a-z][a-z0-9-]*");
		assertThatIllegalArgumentException().isThrownBy(() -> RestoreCheck.of("orders").migrationVersionAtLeast("V5"))
			.withMessage("'V5' is not a version. Versions are numbers, separated by dots");
		assertThatIllegalArgumentException().isThrownBy(() -> RestoreCheck.of("orders").timeout(Duration.ZERO))
			.withMessage("The timeout must be at least one millisecond");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RestoreTarget.server("jdbc:postgresql://a,b/orders", "me", "p"))
			.withMessage(
					"The URL of the server must be of the form jdbc:<postgresql|mariadb|mysql>://<host>[:<port>]/<database>,"
							+ " with one host");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RestoreTarget.server("jdbc:postgresql://localhost/orders?user=x&password=y", "me", "p"))
			.withMessage(
					"The URL of the server must not contain credentials. Use the parameters username and password");
	}

}
