package io.appdbs.backup.check;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

import io.appdbs.backup.BackupReporter;
import io.appdbs.settings.BackupSettings;
import io.appdbs.settings.BackupSettings.Report;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Creates the observation of the backups of databases.
 */
public final class BackupObservations {

	/** How long a file, a bean or the server may take to answer. */
	private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

	private final BackupThreads threads = new BackupThreads();

	private final Clock clock;

	/** The command with options. */
	private final List<String> pgBackRest;

	/**
	 * Creates new {@link BackupObservations}.
	 * @param clock the present time
	 */
	public BackupObservations(Clock clock) {
		this(clock, PgBackRest.COMMAND);
	}

	BackupObservations(Clock clock, List<String> pgBackRest) {
		this.clock = clock;
		this.pgBackRest = List.copyOf(pgBackRest);
	}

	/**
	 * Creates the observation of a database.
	 * @param definition the database
	 * @param archive reads the archiving of its server, or {@code null} if there is none
	 * @param reporter supplies the bean that reports, if one does
	 * @return the observation, to be closed before the database, or {@code null} if there
	 * is nothing to observe
	 */
	public @Nullable DatabaseBackups create(DatabaseDefinition definition, @Nullable ArchiveSource archive,
			Supplier<BackupReporter> reporter) {
		BackupSettings settings = definition.settings().backup();
		Report report = settings.reportFor(definition.engine());
		if (report == null && archive == null) {
			return null;
		}
		BackupFindings findings = new BackupFindings(definition);
		BackupThreads.Threads threads = this.threads.acquire();
		BackupFile file = (settings.file() != null && report != null)
				? new BackupFile(findings, Path.of(settings.file()), new DeadlineCall(threads.calls(), CALL_TIMEOUT))
				: null;
		BackupSource source = (report != null) ? createSource(report, findings, file, reporter, threads.calls()) : null;
		BackupCheck check = new BackupCheck(new BackupEvaluation(findings, settings), source,
				(source != file) ? file : null, archive, new DeadlineCall(threads.calls(), CALL_TIMEOUT), this.clock);
		return new DatabaseBackups(definition.name(), check, settings.checkInterval(),
				report != null || settings.maxArchiveLag() != null, this.threads, threads);
	}

	private BackupSource createSource(Report report, BackupFindings findings, @Nullable BackupFile file,
			Supplier<BackupReporter> reporter, ExecutorService calls) {
		DatabaseDefinition definition = findings.definition();
		return switch (report) {
			case PGBACKREST -> new PgBackRest(findings,
					Objects.requireNonNullElse(definition.settings().backup().stanza(), definition.name()),
					this.pgBackRest, PgBackRest.TIMEOUT, calls);
			case FILE -> Objects.requireNonNull(file, "validated");
			case BEAN -> new BackupBean(findings, reporter, new DeadlineCall(calls, CALL_TIMEOUT));
		};
	}

}
