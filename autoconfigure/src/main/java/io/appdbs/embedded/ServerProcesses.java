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
 * The processes of the server on one data directory. A process counts only if it runs a
 * program from below the given binaries and was started for exactly that directory, so
 * that a process identifier that was given to somebody else is never stopped.
 */
final class ServerProcesses {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Path binaries;

	private final Path data;

	ServerProcesses(Path binaries, Path data) {
		this.binaries = binaries;
		this.data = data;
	}

	List<ProcessHandle> find() {
		return ProcessHandle.allProcesses().filter(this::matches).toList();
	}

	/**
	 * Stop the processes, first gently, then by force.
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
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		boolean interrupted = false;
		// Not isAlive(): that is true of a zombie, whose parent may never collect it.
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
			// Windows tells no arguments.
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
			// Without a readable record the process is not known to be ours.
		}
		return false;
	}

}
