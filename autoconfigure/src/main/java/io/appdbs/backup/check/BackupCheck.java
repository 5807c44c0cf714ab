package io.appdbs.backup.check;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus;
import io.appdbs.engine.archive.ArchiverReading;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks everyone who knows something about the backups of a database, and derives the
 * status. Used by one thread at a time.
 */
final class BackupCheck {

	private static final Log logger = LogFactory.getLog(BackupCheck.class);

	private final BackupEvaluation evaluation;

	private final @Nullable BackupSource source;

	/** Has verified restores in addition to the source. */
	private final @Nullable BackupFile verifications;

	private final @Nullable ArchiveSource archive;

	private final DeadlineCall archiveCall;

	private final Clock clock;

	private final ArchiveObservation observation = new ArchiveObservation();

	private @Nullable ArchiveStatus archiveStatus;

	private List<BackupFinding> archiveFindings = List.of();

	private boolean archiveRead;

	/**
	 * Creates a new {@link BackupCheck}.
	 * @param evaluation derives findings
	 * @param source knows the backups or {@code null}
	 * @param verifications has verified restores in addition or {@code null}
	 * @param archive reads the archiving of the server or {@code null}
	 * @param archiveCall makes the calls to it
	 * @param clock the present time
	 */
	BackupCheck(BackupEvaluation evaluation, @Nullable BackupSource source, @Nullable BackupFile verifications,
			@Nullable ArchiveSource archive, DeadlineCall archiveCall, Clock clock) {
		this.evaluation = evaluation;
		this.source = source;
		this.verifications = verifications;
		this.archive = archive;
		this.archiveCall = archiveCall;
		this.clock = clock;
	}

	/**
	 * Returns whether there is a server whose archiving has not been read yet, because it
	 * could not be asked.
	 */
	boolean isIncomplete() {
		return this.archive != null && !this.archiveRead;
	}

	/**
	 * Checks the backups.
	 * @return the status or {@code null} if there is nothing to observe
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable BackupStatus execute() throws InterruptedException {
		BackupReading reading = (this.source != null) ? this.source.read() : BackupReading.NONE;
		if (this.verifications != null) {
			BackupReading further = this.verifications.readVerification();
			reading = reading.withVerification(further.verified(), further.findings());
		}
		if (this.archive != null) {
			readArchive(this.archive);
		}
		Instant now = this.clock.instant();
		List<BackupFinding> findings = new ArrayList<>(this.evaluation.evaluate(reading, now));
		findings.addAll(this.archiveFindings);
		if (reading.state() == null && this.archiveStatus == null && findings.isEmpty()) {
			return null;
		}
		return new BackupStatus(now, reading.state(), reading.last(), reading.lastFull(), this.archiveStatus,
				reading.verified(), findings);
	}

	/**
	 * Keeps what is known if the database is down.
	 */
	private void readArchive(ArchiveSource archive) throws InterruptedException {
		try {
			Optional<ArchiverReading> reading = this.archiveCall.call(archive::read);
			if (reading != null) {
				this.archiveRead = true;
				this.archiveStatus = reading.map(this.observation::add).orElse(null);
				this.archiveFindings = this.evaluation.evaluate(this.archiveStatus);
			}
		}
		catch (TimeoutException | ExecutionException ex) {
			// not again soon, as a server that rejects the query logs an error
			this.archiveRead = true;
			Throwable failure = (ex.getCause() != null) ? ex.getCause() : ex;
			logger.debug("The archiving of the server could not be read", failure);
			if (this.evaluation.settings().maxArchiveLag() != null) {
				this.archiveFindings = List.of(this.evaluation.unreadableArchive(String.valueOf(failure.getMessage())));
			}
		}
	}

}
