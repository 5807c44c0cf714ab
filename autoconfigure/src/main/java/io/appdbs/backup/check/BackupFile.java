package io.appdbs.backup.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import io.appdbs.engine.url.ShownLocation;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;

/**
 * Reads the file that the job that makes backups, and verified restores, write.
 */
final class BackupFile implements BackupSource {

	private static final int MAX_SIZE = 64 * 1024;

	private final BackupFindings findings;

	private final Path path;

	private final String shown;

	private final DeadlineCall call;

	/**
	 * Creates a new {@link BackupFile}.
	 * @param findings creates findings
	 * @param path the file
	 * @param call reads the file, which may be on a file system that does not answer
	 */
	BackupFile(BackupFindings findings, Path path, DeadlineCall call) {
		this.findings = findings;
		this.path = path;
		this.shown = ShownLocation.of(path.toString());
		this.call = call;
	}

	@Override
	public BackupReading read() throws InterruptedException {
		Content content = readContent();
		if (content.values() == null) {
			return BackupReading.unknown(toFinding("unknown", "are unknown", content));
		}
		JsonValues values = content.values();
		BackupReading verification = readVerification(content);
		return readBackup(values).withVerification(verification.verified(), verification.findings());
	}

	/**
	 * Reads only what the file says about verified restores.
	 */
	BackupReading readVerification() throws InterruptedException {
		Content content = readContent();
		return (content.values() != null) ? readVerification(content) : new BackupReading(null, null, null, null,
				List.of(toFinding("restore-unknown", "may not have been restored", content)));
	}

	private BackupReading readBackup(JsonValues values) {
		Instant finished = values.time("finished");
		Boolean ok = values.bool("ok");
		if (finished == null || ok == null) {
			return BackupReading.unknown(this.findings.unknown(
					"'%s' has no valid '%s'.".formatted(this.shown, (finished != null) ? "ok" : "finished"), null,
					"Let the job that makes backups write for example {\"finished\":\"2026-11-25T21:21:37Z\",\"type\":\"full\",\"ok\":true}."));
		}
		if (!ok) {
			return BackupReading
				.unknown(this.findings.of("failed", "failed at %s, says '%s'.".formatted(finished, this.shown),
						values.text("message"), "Look at the log of the job that makes backups."));
		}
		Backup backup = new Backup((values.text("type") != null) ? String.valueOf(values.text("type")) : "unknown",
				finished);
		return new BackupReading(State.KNOWN, backup, backup.hasType(Backup.FULL) ? finished : null, null, List.of());
	}

	private BackupReading readVerification(Content content) {
		JsonValues values = content.values();
		if (values == null || !values.has("verified")) {
			return BackupReading.NONE;
		}
		JsonValues verified = values.object("verified");
		Instant at = verified.time("at");
		Boolean ok = verified.bool("ok");
		if (at == null || ok == null) {
			return new BackupReading(null, null, null, null, List.of(this.findings.of("restore-unknown",
					"may not have been restored: '%s' has no valid 'verified.%s'.".formatted(this.shown,
							(at != null) ? "ok" : "at"),
					null,
					"Let the verified restore write for example \"verified\":{\"at\":\"2026-11-25T21:21:37Z\",\"ok\":true}.")));
		}
		return new BackupReading(null, null, null,
				new RestoreVerification(at, ok, verified.text("of"), verified.duration("duration")), List.of());
	}

	private BackupFinding toFinding(String kind, String consequence, Content content) {
		return this.findings.of(kind, "%s: '%s' %s.".formatted(consequence, this.shown, content.problem()), null,
				"Correct '%s', or let the job that makes backups write the file under another name and move it."
					.formatted(this.findings.key("file")));
	}

	private Content readContent() throws InterruptedException {
		try {
			return this.call.call(this::parse);
		}
		catch (TimeoutException ex) {
			return new Content(null, "cannot be read in time");
		}
		catch (ExecutionException ex) {
			return new Content(null, describe(ex.getCause()));
		}
	}

	private static String describe(@Nullable Throwable failure) {
		if (failure instanceof NoSuchFileException) {
			return "does not exist";
		}
		return (failure instanceof JsonParseException) ? "is not a JSON object, or not complete" : "cannot be read";
	}

	private Content parse() throws IOException {
		try (InputStream input = Files.newInputStream(this.path)) {
			byte[] bytes = input.readNBytes(MAX_SIZE + 1);
			if (bytes.length > MAX_SIZE) {
				return new Content(null, "is larger than %d KiB".formatted(MAX_SIZE / 1024));
			}
			return new Content(JsonValues.parse(new String(bytes, StandardCharsets.UTF_8)), "");
		}
	}

	/**
	 * The content of the file.
	 *
	 * @param values the values or {@code null}
	 * @param problem why there are none, the end of a sentence
	 */
	private record Content(@Nullable JsonValues values, String problem) {

	}

}
