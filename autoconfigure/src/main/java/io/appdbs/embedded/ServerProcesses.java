package io.appdbs.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes of the server on one data directory. A process matches only if it runs a
 * program below the given directory of binaries and was started for exactly that data
 * directory, so that a process that has reused an identifier is never stopped.
 *
 * @param binaries the folder of the installed servers
 * @param data the data directory
 */
record ServerProcesses(Path binaries, Path data) {

	static final String PROGRAMS = "programs";

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Returns the processes of the server on a data directory. A file beside it names the
	 * folder of the programs if they are not those of the workspace.
	 */
	static ServerProcesses of(Path binaries, Path data) throws IOException {
		Path file = data.resolveSibling(PROGRAMS);
		return new ServerProcesses(Files.exists(file) ? Path.of(Files.readString(file)) : binaries, data);
	}

	List<ProcessHandle> find() {
		return ProcessHandle.allProcesses().filter(this::matches).toList();
	}

	/**
	 * Stops the processes, first normally, then forcibly.
	 * @return whether there were any
	 * @throws IOException if a process cannot be stopped
	 */
	boolean stop() throws IOException {
		List<ProcessHandle> processes = find();
		if (processes.isEmpty()) {
			return false;
		}
		processes.forEach(ProcessHandle::destroy);
		if (!awaitEnd(processes)) {
			List<ProcessHandle> all = processes.stream()
				.flatMap((process) -> Stream.concat(process.descendants(), Stream.of(process)))
				.toList();
			all.forEach(ProcessHandle::destroyForcibly);
			if (!awaitEnd(processes)) {
				throw new IOException("process " + processes.get(0).pid() + " cannot be stopped");
			}
		}
		return true;
	}

	private boolean awaitEnd(List<ProcessHandle> processes) {
		long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
		boolean interrupted = false;
		// isAlive() would be true for a zombie, whose parent may never reap it
		while (processes.stream().anyMatch(this::matches)) {
			if (System.nanoTime() > deadline) {
				return false;
			}
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return true;
	}

	private boolean matches(ProcessHandle process) {
		ProcessHandle.Info info = process.info();
		if (info.command().filter((command) -> Path.of(command).startsWith(this.binaries)).isEmpty()) {
			return false;
		}
		Optional<String[]> arguments = info.arguments();
		if (arguments.isEmpty()) {
			// Windows does not report arguments
			return isRecorded(process.pid());
		}
		String directory = this.data.toString();
		return Arrays.stream(arguments.get())
			.anyMatch((argument) -> argument.equals(directory) || argument.endsWith("=" + directory));
	}

	private boolean isRecorded(long pid) {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.data, "*.pid")) {
			for (Path file : files) {
				if (Files.readString(file).lines().findFirst().orElse("").trim().equals(Long.toString(pid))) {
					return true;
				}
			}
		}
		catch (IOException ex) {
			// without a readable pid file, the process may be another one
		}
		return false;
	}

}
