package io.appdbs.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs the programs of a server. They write to a log file: a pipe would close with this
 * JVM, or block the program if it is not read.
 *
 * @param log the file for the output
 * @param environment the additional environment variables
 */
record ServerProgram(Path log, Map<String, String> environment) {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final int LOG_LINES = 5;

	private static final Path SETSID = Path.of("/usr/bin/setsid");

	/**
	 * Returns a port that is free.
	 */
	static int findFreePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Runs a program and waits until it ends.
	 * @throws IOException if the program fails; the message contains the end of its
	 * output
	 */
	void run(List<String> command) throws IOException, InterruptedException {
		Process process = start(command);
		try {
			if (process.waitFor() != 0) {
				throw failure(command, "failed");
			}
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Starts a server and wait until it accepts a connection.
	 * @throws IOException if the server ends or takes too long; the message contains the
	 * end of its output
	 */
	Process startServer(List<String> command, ConnectionAttempt attempt) throws IOException, InterruptedException {
		return startServer(command, START_TIMEOUT, attempt);
	}

	/**
	 * Starts a server and waits until it accepts a connection.
	 * @throws IOException if the server ends or takes longer than the given time; the
	 * message contains the end of its output
	 */
	Process startServer(List<String> command, Duration timeout, ConnectionAttempt attempt)
			throws IOException, InterruptedException {
		Process process = start(detach(command));
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!isReady(attempt)) {
			if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
				throw failure(command, "ended at once");
			}
			if (System.nanoTime() > deadline) {
				throw failure(command, "accepts no connection after " + timeout.toSeconds() + " s");
			}
		}
		return process;
	}

	// Ctrl+C in a terminal reaches the whole session, and would stop the server while
	// the application is still shutting down
	private static List<String> detach(List<String> command) {
		if (!Files.isExecutable(SETSID)) {
			return command;
		}
		List<String> detached = new ArrayList<>(command);
		detached.add(0, SETSID.toString());
		return detached;
	}

	private static boolean isReady(ConnectionAttempt attempt) {
		try (Connection connection = attempt.connect()) {
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private Process start(List<String> command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(Redirect.appendTo(this.log.toFile()));
		builder.environment().putAll(this.environment);
		return builder.start();
	}

	private IOException failure(List<String> command, String what) throws IOException {
		String program = command.stream()
			.map((argument) -> Path.of(argument).getFileName().toString())
			.filter((name) -> !name.equals("unshare") && !name.startsWith("-"))
			.findFirst()
			.orElseThrow();
		List<String> lines = new String(Files.readAllBytes(this.log), StandardCharsets.UTF_8).lines()
			.filter((line) -> !line.isBlank())
			.toList();
		List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
		String end = last.isEmpty() ? "" : ": " + String.join(System.lineSeparator(), last);
		return new IOException(program + " " + what + end);
	}

	/**
	 * Waits for the end of a process that has been stopped.
	 * @throws IOException if the process does not end
	 */
	static void awaitEnd(Process process) throws IOException {
		try {
			if (process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		// ServerFolder kills the remaining processes
		throw new IOException("process " + process.pid() + " did not end");
	}

	/**
	 * Opens a connection to the server, or returns {@code null} if the server accepts
	 * them.
	 */
	interface ConnectionAttempt {

		@Nullable Connection connect() throws SQLException;

	}

}
