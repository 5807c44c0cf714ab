package io.appdbs.restore.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One run of an external program, without a shell. If the thread is interrupted, the
 * program and its children are stopped.
 */
public final class ProgramRun {

	private static final int LINES = 10;

	private static final int LINE_LENGTH = 300;

	private final List<String> command;

	private final Map<String, String> environment = new LinkedHashMap<>();

	private final List<String> secrets = new ArrayList<>();

	private @Nullable String removedPrefix;

	private @Nullable Input input;

	/**
	 * Creates a new {@link ProgramRun}.
	 * @param command the program and its arguments
	 */
	public ProgramRun(List<String> command) {
		this.command = List.copyOf(command);
	}

	/**
	 * Sets a variable.
	 * @param name the name
	 * @param value the value
	 * @return this run
	 */
	public ProgramRun environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Removes inherited variables, which could lead to another server.
	 * @param prefix the prefix of their names
	 * @return this run
	 */
	public ProgramRun withoutEnvironment(String prefix) {
		this.removedPrefix = prefix;
		return this;
	}

	/**
	 * Adds a value that messages must not contain.
	 * @param secret the value or {@code null}
	 * @return this run
	 */
	public ProgramRun secret(@Nullable String secret) {
		if (secret != null && !secret.isEmpty()) {
			this.secrets.add(secret);
		}
		return this;
	}

	/**
	 * Sets the standard input, which is empty otherwise.
	 * @param input the input
	 * @return this run
	 */
	public ProgramRun input(Input input) {
		this.input = input;
		return this;
	}

	/**
	 * Runs the program and waits until it has ended.
	 * @return the first 16 KiB of its output
	 * @throws RestoreFailure if it cannot be started or fails; the message contains the
	 * end of what it printed to its error stream
	 * @throws InterruptedException if the thread is interrupted; the program has been
	 * stopped then
	 */
	public String run() throws RestoreFailure, InterruptedException {
		Process process = start();
		String name = getName();
		try {
			OutputTail output = OutputTail.keepFirst(process.getInputStream(), "appdbs-restore-" + name + "-output");
			OutputTail error = OutputTail.keepLast(process.getErrorStream(), "appdbs-restore-" + name + "-error");
			AtomicReference<@Nullable IOException> inputFailure = feed(process);
			int exitCode = process.waitFor();
			if (exitCode != 0) {
				throw new RestoreFailure(name + " failed with exit code " + exitCode + describe(error.get()));
			}
			IOException failure = inputFailure.get();
			if (failure != null) {
				throw new RestoreFailure("The backup could not be read: " + describe(failure), failure);
			}
			return output.get();
		}
		finally {
			stop(process);
		}
	}

	private Process start() throws RestoreFailure {
		ProcessBuilder builder = new ProcessBuilder(this.command);
		String prefix = this.removedPrefix;
		if (prefix != null) {
			builder.environment().keySet().removeIf((variable) -> variable.startsWith(prefix));
			builder.environment().put("LC_ALL", "C.UTF-8");
		}
		builder.environment().putAll(this.environment);
		try {
			return builder.start();
		}
		catch (IOException ex) {
			// the message has the command without its arguments
			throw new RestoreFailure(getName() + " could not be started: " + describe(ex), ex);
		}
	}

	private static String describe(IOException ex) {
		return (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
	}

	private AtomicReference<@Nullable IOException> feed(Process process) {
		AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
		Input input = this.input;
		Thread thread = new Thread(() -> {
			try (OutputStream target = process.getOutputStream()) {
				if (input != null) {
					copy(input, target, failure);
				}
			}
			catch (IOException ex) {
				// the input could not be read, or the program ended before it
			}
		}, "appdbs-restore-" + getName() + "-input");
		thread.setDaemon(true);
		thread.start();
		return failure;
	}

	private static void copy(Input input, OutputStream target, AtomicReference<@Nullable IOException> failure)
			throws IOException {
		byte[] buffer = new byte[64 * 1024];
		try (InputStream source = input.open()) {
			for (int count = read(source, buffer, failure); count >= 0; count = read(source, buffer, failure)) {
				target.write(buffer, 0, count);
			}
		}
	}

	private static int read(InputStream source, byte[] buffer, AtomicReference<@Nullable IOException> failure)
			throws IOException {
		try {
			return source.read(buffer);
		}
		catch (IOException ex) {
			failure.set(ex);
			throw ex;
		}
	}

	// rows of the backup, which servers print after these words, do not belong in
	// messages
	private String describe(String error) {
		List<String> lines = error.lines()
			.filter((line) -> !line.isBlank() && !line.startsWith("CONTEXT:") && !line.startsWith("DETAIL:"))
			.map(this::withoutSecrets)
			// afterwards, as it could leave a part of a secret
			.map((line) -> (line.length() > LINE_LENGTH) ? line.substring(0, LINE_LENGTH) + "…" : line)
			.toList();
		if (lines.isEmpty()) {
			return ".";
		}
		return lines.subList(Math.max(0, lines.size() - LINES), lines.size())
			.stream()
			.collect(Collectors.joining("\n  ", ": ", ""));
	}

	private String withoutSecrets(String line) {
		String result = line;
		for (String secret : this.secrets) {
			result = result.replace(secret, "***");
		}
		return result;
	}

	private String getName() {
		return String.valueOf(Path.of(this.command.get(0)).getFileName());
	}

	private static void stop(Process process) {
		if (!process.isAlive()) {
			return;
		}
		List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
		all.forEach(ProcessHandle::destroy);
		boolean interrupted = Thread.interrupted();
		try {
			if (!process.waitFor(2, TimeUnit.SECONDS) || all.stream().anyMatch(ProcessHandle::isAlive)) {
				Stream.concat(process.descendants(), all.stream()).forEach(ProcessHandle::destroyForcibly);
				process.waitFor(10, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			all.forEach(ProcessHandle::destroyForcibly);
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Opens the standard input of a program.
	 */
	public interface Input {

		/**
		 * Opens the input.
		 * @return the stream
		 * @throws IOException if it cannot be read
		 */
		InputStream open() throws IOException;

	}

}
