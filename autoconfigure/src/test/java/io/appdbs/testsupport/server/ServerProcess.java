package io.appdbs.testsupport.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running server. A shell watches over it: as soon as this JVM ends, even if it is
 * killed, the shell stops the server and deletes its folder.
 */
final class ServerProcess {

	// the shell reads nothing more once this JVM has ended
	private static final String WATCH = """
			folder=$1 signal=$2
			shift 2
			"$@" >>"$folder/log" 2>&1 </dev/null &
			server=$!
			echo $server
			read -r answer || answer=delete
			kill -CONT $server 2>/dev/null
			kill -$signal $server 2>/dev/null
			wait $server
			[ "$answer" = keep ] || rm -rf "$folder"
			""";

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private final Process shell;

	private final long pid;

	private ServerProcess(Process shell, long pid) {
		this.shell = shell;
		this.pid = pid;
	}

	/**
	 * Returns a port that is free.
	 */
	static int findFreePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Runs a program, waits until it ends and returns its output.
	 * @throws IOException if the program fails; the message contains its output
	 */
	static String run(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (waitFor(process) != 0) {
			throw new IOException(command + " failed: " + output);
		}
		return output;
	}

	/**
	 * Starts a server and waits until it accepts a connection.
	 * @param folder the folder of the server
	 * @param signal the signal that stops the server at once
	 */
	static ServerProcess start(Path folder, String signal, List<String> command, ConnectionAttempt attempt)
			throws IOException {
		List<String> watched = new ArrayList<>(
				List.of("setsid", "sh", "-c", WATCH, "server", folder.toString(), signal));
		watched.addAll(command);
		Process shell = new ProcessBuilder(watched).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		String pid = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))
			.readLine();
		ServerProcess process = new ServerProcess(shell, Long.parseLong(pid));
		process.awaitStart(attempt, folder.resolve("log"));
		return process;
	}

	private void awaitStart(ConnectionAttempt attempt, Path log) throws IOException {
		long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
		while (true) {
			try (AutoCloseable connection = attempt.connect()) {
				return;
			}
			catch (InterruptedException ex) {
				stop(true);
				throw interrupted(ex);
			}
			catch (Exception ex) {
				if (!isAlive() || System.nanoTime() > deadline) {
					String output = Files.readString(log);
					stop(true);
					throw new IOException("The server does not start: " + output, ex);
				}
				pause();
			}
		}
	}

	private static void pause() throws IOException {
		try {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	// the shell waits for the server only at the end, so that it becomes a zombie
	private boolean isAlive() {
		try {
			return !Files.readString(Path.of("/proc", Long.toString(this.pid), "stat")).contains(") Z ");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Sends a signal to the server, for example {@code STOP}.
	 */
	void signal(String signal) throws IOException {
		run(List.of("kill", "-" + signal, Long.toString(this.pid)));
	}

	/**
	 * Stops the server at once.
	 * @param keep whether to keep its folder
	 */
	void stop(boolean keep) throws IOException {
		try (OutputStream input = this.shell.getOutputStream()) {
			if (this.shell.isAlive()) {
				input.write((keep ? "keep\n" : "delete\n").getBytes(StandardCharsets.US_ASCII));
			}
		}
		catch (IOException ex) {
			// the shell has ended
		}
		waitFor(this.shell);
	}

	private static int waitFor(Process process) throws IOException {
		try {
			return process.waitFor();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private static IOException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new IOException(ex);
	}

	/**
	 * Opens a connection to the server.
	 */
	interface ConnectionAttempt {

		AutoCloseable connect() throws Exception;

	}

}
