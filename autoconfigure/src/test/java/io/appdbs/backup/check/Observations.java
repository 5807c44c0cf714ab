package io.appdbs.backup.check;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.appdbs.backup.BackupFinding;
import io.appdbs.jdbc.Definitions;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Creates what observes the backups of the database {@code orders}.
 */
final class Observations implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	static DatabaseDefinition definition(String... settings) {
		return Definitions.of("orders", "postgresql://localhost:1/orders", settings);
	}

	static BackupFindings findings(String... settings) {
		return new BackupFindings(definition(settings));
	}

	static BackupEvaluation evaluation(String... settings) {
		DatabaseDefinition definition = definition(settings);
		return new BackupEvaluation(new BackupFindings(definition), definition.settings().backup());
	}

	static Clock clock(Instant now) {
		return Clock.fixed(now, ZoneOffset.UTC);
	}

	static List<String> texts(List<BackupFinding> findings) {
		return findings.stream().map((finding) -> finding.kind() + ": " + finding).toList();
	}

	ExecutorService threads() {
		return this.threads;
	}

	DeadlineCall call() {
		return call(Duration.ofSeconds(10));
	}

	DeadlineCall call(Duration timeout) {
		return new DeadlineCall(this.threads, timeout);
	}

	PgBackRest pgBackRest(String stanza, List<String> command) {
		return pgBackRest(stanza, command, Duration.ofSeconds(10));
	}

	PgBackRest pgBackRest(String stanza, List<String> command, Duration timeout) {
		return new PgBackRest(findings(), stanza, command, timeout, this.threads);
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

}
