package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ScratchDirectory}, with a shell that waits in place of a server.
 */
@DisabledOnOs(OS.WINDOWS)
class ScratchDirectoryTests {

	private static final Path SHELL = Path.of("/bin/sh");

	@TempDir
	private Path folder;

	private List<String> createCommand(Path data) throws Exception {
		Path pipe = this.folder.resolve("pipe");
		if (!Files.exists(pipe)) {
			assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		}
		return List.of(SHELL.toString(), "-c", "read line < " + pipe, "sh", data.toString());
	}

	@Test
	void whenClosedThenServerIsStoppedAndDirectoryIsDeleted() throws Exception {
		Path data;
		List<ProcessHandle> servers;
		try (ScratchDirectory directory = ScratchDirectory.open()) {
			data = directory.getData();
			assertThat(Files.createFile(directory.getFile("login.sql"))).hasParent(data.getParent());
			assertThat(directory.findFreePort()).isPositive();
			directory.startServer(SHELL, createCommand(data), Duration.ofSeconds(10), () -> {
			});
			servers = new ServerProcesses(SHELL.toRealPath().getParent(), data).find();
			assertThat(servers).hasSize(1);
			assertThat(Folders.ofThisJvm()).contains(data.getParent());
		}
		Awaitility.await().untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
		assertThat(data.getParent()).doesNotExist();
	}

	@Test
	void whenServerAcceptsNoConnectionThenTheStartEnds() throws Exception {
		try (ScratchDirectory directory = ScratchDirectory.open()) {
			List<String> command = createCommand(directory.getData());
			assertThatIOException()
				.isThrownBy(() -> directory.startServer(SHELL, command, Duration.ofSeconds(1), () -> {
					throw new SQLException("not yet");
				}))
				.withMessage("sh accepts no connection after 1 s");
		}
	}

	@Test
	void sweepStopsServersWhoseProgramsAreInstalled() throws Exception {
		Workspace workspace = new Workspace(this.folder);
		Path data = abandon(SHELL.toRealPath().getParent());
		Process server = new ProcessBuilder(createCommand(data)).start();
		workspace.sweep();
		assertThat(server.waitFor()).isNotZero();
		assertThat(data.getParent()).doesNotExist();
	}

	@Test
	void sweepStopsNoOtherPrograms() throws Exception {
		Workspace workspace = new Workspace(this.folder);
		Path data = abandon(this.folder.resolve("programs"));
		Process server = new ProcessBuilder(createCommand(data)).start();
		try {
			workspace.sweep();
			assertThat(server.isAlive()).isTrue();
		}
		finally {
			server.destroyForcibly().waitFor();
		}
	}

	private Path abandon(Path programs) throws IOException {
		Path data = Files.createDirectories(this.folder.resolve("1-2-3").resolve("data"));
		Files.writeString(data.resolveSibling("programs"), programs.toString());
		return data;
	}

}
