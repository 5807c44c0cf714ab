package io.appdbs.config.validator;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.settings.TableName;
import io.appdbs.settings.security.AuditRowsSettings;

/**
 * Validates {@code audit.rows}, and whether the engine of the database supports it.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record RowAuditValidator(SettingProblems problems, AuditRowsSettings settings, Engine engine) {

	private static final String TABLES = "audit.rows.tables";

	private static final String LOG = "audit.rows.log";

	private static final String INTERVAL = "audit.rows.verify-interval";

	/** Each verification has a connection and a few round trips. */
	private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

	void validate() {
		if (this.settings.tables().isEmpty()) {
			List.of(LOG, "audit.rows.verify", INTERVAL).forEach(this::rejectWithoutTables);
		}
		else if (!(this.engine instanceof JdbcEngine jdbc) || !jdbc.isRowAuditSupported()) {
			this.problems.addOwn(TABLES,
					"'%s' is set, but row audit cannot be verified on %s.".formatted(this.problems.key(TABLES),
							this.engine.getDisplayName()),
					isOwn(TABLES) ? "Remove it. Row audit is verified on PostgreSQL."
							: "Move it to the databases on PostgreSQL.");
			return;
		}
		this.problems.checkTables(TABLES, this.settings.tables());
		validateLog(this.settings.log());
		rejectDuplicates(this.settings.tables());
		Duration interval = this.settings.verifyInterval();
		if (!interval.isZero() && interval.compareTo(SHORTEST_INTERVAL) < 0) {
			this.problems.add(INTERVAL, SettingProblems.text(interval), "but must be at least 1s, or 0",
					"Write a duration such as 1h, or 0 to verify only when the database is opened.");
		}
	}

	/**
	 * A default applies to the databases that have tables.
	 */
	private void rejectWithoutTables(String key) {
		if (this.problems.place(key) != null && isOwn(key)) {
			this.problems.addOwn(key, "'%s' is set, but no tables are audited.".formatted(this.problems.key(key)),
					"Set '%s' as well, or remove '%s'.".formatted(this.problems.key(TABLES), this.problems.key(key)));
		}
	}

	private boolean isOwn(String key) {
		Place place = this.problems.place(key);
		return place == null || place.own();
	}

	private void validateLog(String log) {
		TableName name = TableName.parse(log);
		if (name == null || name.schema() == null) {
			this.problems.add(LOG, log, "which is not the name of a table with its schema",
					"Write 'schema.table', such as audit.log, with double quotes around a part that has capital letters "
							+ "or other characters than letters, digits, '_' and '$'.");
		}
	}

	private void rejectDuplicates(List<String> tables) {
		Map<String, String> known = new HashMap<>();
		known.put(normalize(this.settings.log()), this.problems.key(LOG));
		for (int i = 0; i < tables.size(); i++) {
			String key = this.problems.entry(TABLES, i);
			String other = known.putIfAbsent(normalize(tables.get(i)),
					this.problems.key(this.problems.entry(TABLES, i)));
			if (other != null) {
				this.problems.add(key, tables.get(i), "and so is '%s'".formatted(other), "Remove one of them.");
			}
		}
	}

	private static String normalize(String table) {
		return table.contains("\"") ? table : table.toLowerCase(Locale.ROOT);
	}

}
