package io.appdbs.backup.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.appdbs.backup.Backup;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;

/**
 * Reads the output of {@code pgbackrest --output=json info}.
 *
 * @param findings creates findings
 * @param stanza the stanza of the database
 * @see <a href="https://pgbackrest.org/command.html#command-info">Info Command</a>
 */
record PgBackRestInfo(BackupFindings findings, String stanza) {

	private static final int OK = 0;

	private static final int MISSING_STANZA = 1;

	private static final int NO_BACKUP = 2;

	/**
	 * Reads the output.
	 * @throws JsonParseException if it is not that of pgBackRest
	 */
	BackupReading parse(String json) {
		JsonValues info = JsonValues.parseList(json)
			.stream()
			.filter((it) -> this.stanza.equals(it.text("name")))
			.findFirst()
			.orElseThrow(JsonParseException::new);
		Long code = info.object("status").number("code");
		if (code == null) {
			throw new JsonParseException();
		}
		if (code == MISSING_STANZA) {
			return BackupReading.unknown(this.findings.unknown(
					"pgBackRest finds no stanza '%s'.".formatted(this.stanza), null,
					"Correct '%s', create the stanza, or let PGBACKREST_CONFIG in the environment of the application name the configuration that has the repository."
						.formatted(this.findings.key("stanza"))));
		}
		List<Entry> entries = findEntries(info);
		if (entries.isEmpty() && code != OK && code != NO_BACKUP) {
			return BackupReading
				.unknown(this.findings.unknown("pgBackRest cannot read its repository.", describe(info, code),
						"Correct what it says. The user of the application needs to read the repository."));
		}
		return toReading(info, code, entries);
	}

	private BackupReading toReading(JsonValues info, long code, List<Entry> entries) {
		List<BackupFinding> problems = new ArrayList<>();
		if (code != OK && code != NO_BACKUP) {
			problems.add(this.findings.problem(describe(info, code)));
		}
		Entry newest = findLast(entries);
		if (newest != null && newest.damaged()) {
			problems.add(this.findings.of("failed",
					"failed: pgBackRest found pages with wrong checksums for '%s'.".formatted(newest.label()), null,
					"Look at its log, and check the files of the server, for example with 'pg_amcheck'."));
		}
		List<Entry> valid = entries.stream().filter((entry) -> !entry.damaged()).toList();
		Entry last = findLast(valid);
		Entry full = findLast(valid.stream().filter((entry) -> entry.backup().hasType(Backup.FULL)).toList());
		State state = (last != null) ? State.KNOWN : State.NEVER;
		return new BackupReading(state, (last != null) ? last.backup() : null,
				(full != null) ? full.backup().finished() : null, null, problems);
	}

	private static @Nullable Entry findLast(List<Entry> entries) {
		return entries.stream().max(Comparator.comparing((entry) -> entry.backup().finished())).orElse(null);
	}

	private String describe(JsonValues info, long code) {
		List<String> messages = info.objects("repo")
			.stream()
			.filter((repo) -> !Objects.equals(repo.object("status").number("code"), (long) OK))
			.map((repo) -> "repository %s: %s".formatted(repo.text("key"), repo.object("status").text("message")))
			.toList();
		return messages.isEmpty() ? "status %d: %s".formatted(code, info.object("status").text("message"))
				: String.join("; ", messages);
	}

	/**
	 * After an upgrade of the server, backups of the former one cannot restore it.
	 */
	private static List<Entry> findEntries(JsonValues info) {
		Map<Long, Long> servers = new HashMap<>();
		info.objects("db").forEach((server) -> servers.merge(repository(server), id(server), Math::max));
		List<Entry> entries = new ArrayList<>();
		for (JsonValues backup : info.objects("backup")) {
			JsonValues server = backup.object("database");
			Long stop = backup.object("timestamp").number("stop");
			if (stop != null && Objects.equals(servers.get(repository(server)), id(server))) {
				entries.add(new Entry(String.valueOf(backup.text("label")),
						new Backup(String.valueOf(backup.text("type")), Instant.ofEpochSecond(stop)),
						Boolean.TRUE.equals(backup.bool("error"))));
			}
		}
		return entries;
	}

	private static Long repository(JsonValues server) {
		return Objects.requireNonNullElse(server.number("repo-key"), 1L);
	}

	private static Long id(JsonValues server) {
		return Objects.requireNonNullElse(server.number("id"), 0L);
	}

	/**
	 * A backup of the repository.
	 *
	 * @param label its name
	 * @param backup the backup
	 * @param damaged whether pages had wrong checksums
	 */
	private record Entry(String label, Backup backup, boolean damaged) {

	}

}
