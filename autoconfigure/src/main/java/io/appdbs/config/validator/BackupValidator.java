package io.appdbs.config.validator;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.url.ShownLocation;
import io.appdbs.settings.BackupSettings;
import io.appdbs.settings.BackupSettings.Report;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings under {@code backup}. A default is for the databases for which
 * it has an effect.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record BackupValidator(SettingProblems problems, BackupSettings settings, Engine engine) {

	private static final String REPORT = "backup.report";

	private static final String STANZA = "backup.stanza";

	private static final String FILE = "backup.file";

	private static final String MAX_AGE = "backup.max-age";

	private static final String MAX_ARCHIVE_LAG = "backup.max-archive-lag";

	private static final String CHECK_INTERVAL = "backup.check-interval";

	void validate() {
		validateDuration(MAX_AGE, this.settings.maxAge());
		validateDuration(MAX_ARCHIVE_LAG, this.settings.maxArchiveLag());
		this.problems.checkAtLeast(CHECK_INTERVAL, this.settings.checkInterval(), Duration.ofSeconds(1));
		validateReport();
		validateStanza();
		validateFile();
		if (!hasArchiver() && isOwn(MAX_ARCHIVE_LAG)) {
			this.problems.addOwn(MAX_ARCHIVE_LAG, "'%s' is set, but %s does not archive its log."
				.formatted(key(MAX_ARCHIVE_LAG), this.engine.getDisplayName()),
					"Remove it. Archiving is observed on PostgreSQL.");
		}
	}

	private void validateReport() {
		Report report = this.settings.reportFor(this.engine);
		if (report != this.settings.report() && isOwn(REPORT)) {
			this.problems.addOwn(REPORT, "'%s' is 'pgbackrest', but pgBackRest makes backups of PostgreSQL, not of %s."
				.formatted(key(REPORT), this.engine.getDisplayName()), "Set it to 'file' or 'bean', or remove it.");
		}
		else if (report == null) {
			rejectWithoutReport(MAX_AGE);
			if (!hasArchiver()) {
				rejectWithoutReport(CHECK_INTERVAL);
			}
		}
	}

	private void validateStanza() {
		String stanza = this.settings.stanza();
		if (stanza != null && stanza.isBlank()) {
			this.problems.addOwn(STANZA, "'%s' is empty.".formatted(key(STANZA)),
					"Write the stanza as in the configuration of pgBackRest, or remove it if that is the name of the database.");
		}
		else if (isOwn(STANZA) && !hasArchiver()) {
			this.problems.addOwn(STANZA, "'%s' is set, but pgBackRest makes backups of PostgreSQL, not of %s."
				.formatted(key(STANZA), this.engine.getDisplayName()), "Remove it.");
		}
		else if (isOwn(STANZA) && this.settings.report() != Report.PGBACKREST) {
			this.problems.addOwn(STANZA,
					"'%s' is set, but '%s' is %s.".formatted(key(STANZA), key(REPORT),
							describe(this.settings.report())),
					"Set '%s' to 'pgbackrest', or remove '%s'.".formatted(key(REPORT), key(STANZA)));
		}
	}

	private void validateFile() {
		String file = this.settings.file();
		Report report = this.settings.reportFor(this.engine);
		if (report == null) {
			rejectWithoutReport(FILE);
		}
		else if (report == Report.FILE && (file == null || file.isBlank())) {
			this.problems.addOwn(FILE, "'%s' is missing, but '%s' is 'file'.".formatted(key(FILE), key(REPORT)),
					"Set it to the file that the job that makes backups writes.");
		}
		else if (file != null && !isPath(file)) {
			this.problems.add(FILE, ShownLocation.of(file), "which is not a path",
					"Write for example '/backups/orders.json'.");
		}
	}

	private static boolean isPath(String file) {
		try {
			return !file.isBlank() && Path.of(file).getFileName() != null;
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

	private void rejectWithoutReport(String key) {
		if (isOwn(key)) {
			this.problems.addOwn(key, "'%s' is set, but '%s' is not.".formatted(key(key), key(REPORT)),
					"Set '%s' to %s'file' or 'bean', or remove '%s'.".formatted(key(REPORT),
							hasArchiver() ? "'pgbackrest', " : "", key(key)));
		}
	}

	private void validateDuration(String key, @Nullable Duration value) {
		if (value != null) {
			this.problems.checkPositive(key, value);
		}
	}

	private static String describe(@Nullable Report report) {
		return (report != null) ? "'%s'".formatted(report.name().toLowerCase(Locale.ROOT)) : "not set";
	}

	private boolean hasArchiver() {
		return this.engine.getArchiver() != null;
	}

	private boolean isOwn(String key) {
		Place place = this.problems.place(key);
		return place != null && place.own();
	}

	private String key(String key) {
		return this.problems.key(key);
	}

}
