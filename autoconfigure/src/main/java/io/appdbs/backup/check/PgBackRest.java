package io.appdbs.backup.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.appdbs.backup.BackupFinding;

import org.springframework.boot.json.JsonParseException;

/**
 * Asks the command {@code pgbackrest info}, without a shell. It reads the configuration
 * and the repository of pgBackRest, and does not connect to the database.
 */
final class PgBackRest implements BackupSource {

	static final List<String> COMMAND = List.of("pgbackrest");

	static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** A backup takes about 600 bytes. */
	private static final int MAX_OUTPUT = 8 * 1024 * 1024;

	private static final int MAX_ERRORS = 8 * 1024;

	/** For the rest of the output when the process has ended. */
	private static final Duration REST_TIMEOUT = Duration.ofSeconds(1);

	private final BackupFindings findings;

	private final String stanza;

	private final List<String> command;

	private final Duration timeout;

	private final ExecutorService readers;

	/**
	 * Creates a new {@link PgBackRest}.
	 * @param findings creates findings
	 * @param stanza the stanza of the database
	 * @param command the command with further options
	 * @param timeout how long the command may take
	 * @param readers read the output, without limit
	 */
	PgBackRest(BackupFindings findings, String stanza, List<String> command, Duration timeout,
			ExecutorService readers) {
		this.findings = findings;
		this.stanza = stanza;
		this.command = List.copyOf(command);
		this.timeout = timeout;
		this.readers = readers;
	}

	@Override
	public BackupReading read() throws InterruptedException {
		Process process;
		try {
			process = new ProcessBuilder(arguments()).start();
			process.getOutputStream().close();
		}
		catch (IOException ex) {
			return BackupReading.unknown(notStarted(ex));
		}
		try {
			return read(process);
		}
		finally {
			kill(process);
		}
	}

	private List<String> arguments() {
		List<String> arguments = new ArrayList<>(this.command);
		arguments.addAll(List.of("--output=json", "info", "--stanza=" + this.stanza));
		return arguments;
	}

	/**
	 * Returns the command as a user would write it.
	 */
	private String line() {
		return "pgbackrest info --stanza=" + this.stanza;
	}

	private long millis() {
		return this.timeout.toMillis();
	}

	private BackupFinding notStarted(IOException failure) {
		return this.findings.unknown("the command 'pgbackrest' could not be started.", failure.getMessage(),
				"Install pgBackRest where the application runs and let the PATH contain it, or set '%s' to 'file' or 'bean'."
					.formatted(this.findings.key("report")));
	}

	private BackupReading read(Process process) throws InterruptedException {
		Future<byte[]> output = this.readers.submit(() -> readOutput(process));
		Future<String> errors = this.readers.submit(() -> readErrors(process.getErrorStream()));
		if (!process.waitFor(millis(), TimeUnit.MILLISECONDS)) {
			return BackupReading.unknown(notEnded("did not end within %d ms and was killed".formatted(millis())));
		}
		try {
			byte[] json = output.get(REST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			if (json.length == MAX_OUTPUT) {
				return BackupReading.unknown(tooLong());
			}
			return parse(process.exitValue(), new String(json, StandardCharsets.UTF_8),
					errors.get(REST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (ExecutionException ex) {
			return BackupReading
				.unknown(this.findings.unknown("the output of '%s' could not be read.".formatted(line()),
						String.valueOf(ex.getCause()), "Execute it as the user of the application."));
		}
		catch (TimeoutException ex) {
			return BackupReading.unknown(notEnded("ended, but a process that it started keeps its output open"));
		}
	}

	private BackupFinding notEnded(String what) {
		return this.findings.unknown("'%s' %s.".formatted(line(), what), null,
				"Execute it as the user of the application to see what it waits for.");
	}

	private BackupFinding tooLong() {
		return this.findings.unknown("'%s' wrote more than %d MiB.".formatted(line(), MAX_OUTPUT / 1024 / 1024), null,
				"Let pgBackRest keep fewer backups, or set '%s' to 'file' or 'bean'."
					.formatted(this.findings.key("report")));
	}

	private BackupReading parse(int status, String json, String error) {
		if (status != 0) {
			return BackupReading
				.unknown(this.findings.unknown("'%s' ended with the status %d.".formatted(line(), status), error,
						"Execute it as the user of the application, and correct what it says."));
		}
		try {
			return new PgBackRestInfo(this.findings, this.stanza).parse(json);
		}
		catch (JsonParseException ex) {
			return BackupReading.unknown(this.findings.unknown(
					"'%s' did not write what is expected of it.".formatted(line()), error.isBlank() ? json : error,
					"Let the PATH contain pgBackRest 2.30 or later as the command 'pgbackrest'."));
		}
	}

	/**
	 * Kills a process that writes too much, as it would wait for a reader otherwise.
	 */
	private static byte[] readOutput(Process process) throws IOException {
		byte[] bytes = process.getInputStream().readNBytes(MAX_OUTPUT);
		if (bytes.length == MAX_OUTPUT) {
			kill(process);
		}
		return bytes;
	}

	private static String readErrors(InputStream errors) throws IOException {
		String text = new String(errors.readNBytes(MAX_ERRORS), StandardCharsets.UTF_8);
		errors.transferTo(OutputStream.nullOutputStream());
		return text;
	}

	/**
	 * Kills a process that is still running, and those that it has started.
	 */
	private static void kill(Process process) {
		process.descendants().forEach(ProcessHandle::destroyForcibly);
		process.destroyForcibly();
	}

}
