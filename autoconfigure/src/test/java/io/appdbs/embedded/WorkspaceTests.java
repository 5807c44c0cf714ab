package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Workspace}.
 */
class WorkspaceTests {

	@TempDir
	Path directory;

	private Workspace workspace;

	@BeforeEach
	void setUp() {
		this.workspace = new Workspace(this.directory);
	}

	@Test
	void programsAreInstalledOnce() throws Exception {
		Path home = this.workspace.install("server-1", (part) -> Files.writeString(part.resolve("program"), "first"));
		this.workspace.install("server-1", (part) -> Files.writeString(part.resolve("program"), "second"));
		assertThat(home.resolve("program")).hasContent("first");
	}

	@Test
	void whenAnInstallationFailsThenTheNextOneStartsOver() throws Exception {
		assertThatIOException().isThrownBy(() -> this.workspace.install("server-1", (part) -> {
			Files.writeString(part.resolve("leftover"), "");
			throw new IOException("disk full");
		})).withMessage("disk full");
		Path home = this.workspace.install("server-1", (part) -> Files.writeString(part.resolve("program"), ""));
		assertThat(home).isDirectoryContaining("glob:**/program").isDirectoryNotContaining("glob:**/leftover");
	}

	@Test
	void whenProgramsAreOldThenTheirTimestampsAreUpdated() throws Exception {
		Path home = this.workspace.install("server-1", (part) -> Files.writeString(part.resolve("program"), ""));
		Instant old = Instant.now().minus(Duration.ofDays(9));
		Files.setLastModifiedTime(home.resolve("program"), FileTime.from(old));
		Files.setLastModifiedTime(home, FileTime.from(old));
		this.workspace.install("server-1", (part) -> {
			throw new IllegalStateException("Not again");
		});
		assertThat(Files.getLastModifiedTime(home.resolve("program")).toInstant()).isAfter(old.plusSeconds(60));
	}

	@Test
	void sweepDeletesDirectoriesThatAreNotLocked() throws IOException {
		Path abandoned = Files.createDirectories(this.directory.resolve("1-2-3").resolve("data")).getParent();
		Files.writeString(abandoned.resolve("lock"), "");
		Workspace.LockedFolder own = this.workspace.createFolder();
		try (LockFile lock = own.lock()) {
			this.workspace.sweep();
			assertThat(abandoned).doesNotExist();
			assertThat(own.path()).isDirectory();
		}
	}

	@Test
	void sweepKeepsDirectoriesThatAreLocked() throws IOException {
		Path folder = Files.createDirectory(this.directory.resolve("1-2-3"));
		try (LockFile lock = LockFile.tryLock(folder.resolve("lock"))) {
			assertThat(lock).isNotNull();
			this.workspace.sweep();
			assertThat(folder).isDirectory();
		}
		this.workspace.sweep();
		assertThat(folder).doesNotExist();
	}

}
