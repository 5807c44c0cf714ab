package io.appdbs.config.validator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.privilege.GrantSyntax;
import io.appdbs.privilege.AllowedFinding;
import io.appdbs.settings.TableName;
import io.appdbs.settings.security.PrivilegesSettings;
import io.appdbs.settings.security.VerificationMode;
import org.jspecify.annotations.Nullable;

/**
 * Validates the settings under {@code privileges}.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record PrivilegesValidator(SettingProblems problems, PrivilegesSettings settings, Engine engine) {

	private static final String VERIFY = "privileges.verify";

	private static final String SUPPORTED = "Privileges are verified on PostgreSQL, MySQL, MariaDB, H2 and MongoDB.";

	private static final List<String> KEYS = List.of(VERIFY, "privileges.allow", "privileges.needed");

	void validate() {
		GrantSyntax syntax = this.engine.getGrantSyntax();
		if (syntax == null) {
			rejectUnsupported();
		}
		validateAllowed(this.settings.allow());
		if (syntax != null) {
			// the map has no order
			new TreeMap<>(this.settings.needed()).forEach((table, words) -> validateNeeded(table, words, syntax));
		}
	}

	/**
	 * A default is for the databases whose engine can do it, unless the login must be
	 * verified.
	 */
	private void rejectUnsupported() {
		for (String key : KEYS) {
			Place place = findPlace(key);
			if (place != null && place.own()
					&& !(key.equals(VERIFY) && this.settings.verify() == VerificationMode.OFF)) {
				this.problems.addOwn(key, "'%s' is set, but privileges of %s are not verified."
					.formatted(this.problems.key(key), this.engine.getDisplayName()), "Remove it. " + SUPPORTED);
			}
			else if (place != null && key.equals(VERIFY) && this.settings.verify() == VerificationMode.FAIL) {
				this.problems.addOwn(key,
						"'%s' is 'fail', but privileges of %s are not verified.".formatted(this.problems.key(key),
								this.engine.getDisplayName()),
						"Set '%s' to 'off' if the login is verified otherwise. %s"
							.formatted(this.problems.keys().ownKey(key), SUPPORTED));
			}
		}
	}

	private @Nullable Place findPlace(String key) {
		Map<String, List<String>> needed = this.settings.needed();
		if (key.equals("privileges.needed") && !needed.isEmpty()) {
			return this.problems.entryOf(key, new TreeMap<>(needed).firstKey());
		}
		Place place = this.problems.place(key);
		return (place != null) ? place : this.problems.place(key + "[0]");
	}

	private void validateAllowed(List<String> entries) {
		for (int i = 0; i < entries.size(); i++) {
			String entry = entries.get(i);
			if (AllowedFinding.parse(entry) == null) {
				this.problems.add(this.problems.entry("privileges.allow", i), entry, "which is not a finding",
						"Write the name of a finding and, optionally, its object: 'may-truncate staging.*'. "
								+ KnownKeys.suggest(entry.strip().split("\\s+")[0], "findings",
										AllowedFinding.names()));
			}
		}
	}

	private void validateNeeded(String table, List<String> words, GrantSyntax syntax) {
		if (syntax.isSql() && TableName.parse(table) == null) {
			addNeeded(table, "is not the name of a table.",
					"Write 'table' or 'schema.table', with double quotes around a part that has capital letters or "
							+ "other characters than letters, digits, '_' and '$', and the key in brackets: "
							+ "'[sales.\"Order Lines\"]'.");
		}
		for (String word : words) {
			if (syntax.getTablePrivileges().stream().noneMatch(word::equalsIgnoreCase)) {
				addNeeded(table,
						"has '%s', which is not a privilege of %s.".formatted(word, this.engine.getDisplayName()),
						KnownKeys.suggest(word, "privileges", syntax.getTablePrivileges()));
			}
		}
	}

	private void addNeeded(String table, String what, String action) {
		Place place = this.problems.entryOf("privileges.needed", table);
		if (place == null) {
			place = this.problems.entryOf("privileges.needed", table + "[0]");
		}
		String key = this.problems.key("privileges.needed") + "." + table;
		String message = "'%s' %s".formatted(key, what);
		if (place != null) {
			this.problems.addAt(new Place(key, place.own(), place.value(), place.origin()), message, action);
		}
		else {
			this.problems.addOwn("privileges.needed", message, action);
		}
	}

}
