package io.appdbs.requirement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.settings.DatabaseDefinition;

/**
 * Collects what a database lacks, so that everything is reported together.
 */
public final class MissingRequirements {

	private static final String KEY = "startup.required-";

	private final Map<String, List<String>> missing = new LinkedHashMap<>();

	private boolean different;

	/**
	 * Adds an object that is missing.
	 * @param kind the kind of object in the plural, which ends the name of the setting
	 * @param object the object as the setting has it
	 */
	public void add(String kind, String object) {
		this.missing.computeIfAbsent(kind, (name) -> new ArrayList<>()).add(object);
	}

	/**
	 * Adds an object that is missing or different.
	 * @param kind the kind of object in the plural, which ends the name of the setting
	 * @param object the object as the setting has it
	 * @param reason what there is instead, empty if nothing
	 */
	public void add(String kind, String object, String reason) {
		this.different |= !reason.isEmpty();
		add(kind, reason.isEmpty() ? object : object + " (" + reason + ")");
	}

	/**
	 * Returns whether nothing is missing.
	 * @return whether nothing has been added
	 */
	public boolean isEmpty() {
		return this.missing.isEmpty();
	}

	/**
	 * Returns an exception with all that has been added.
	 * @param definition the database
	 * @param details where the database is
	 * @param hint a sentence for the end of the advice, or empty
	 * @return the exception, which ends the start of the database
	 */
	public DatabaseStartException toException(DatabaseDefinition definition, DatabaseConnectionDetails details,
			String hint) {
		String name = definition.name();
		String objects = this.missing.entrySet()
			.stream()
			.map((entry) -> "the required %s: %s".formatted(entry.getKey(), String.join(", ", entry.getValue())))
			.collect(Collectors.joining("; "));
		List<String> keys = this.missing.keySet()
			.stream()
			.map((kind) -> "'" + definition.key(KEY + kind) + "'")
			.toList();
		return new DatabaseStartException(name,
				"Database '%s' (%s at %s) lacks %s.".formatted(name, definition.engine().getDisplayName(),
						details.address(), objects),
				"%s them, preferably in a migration of the database, or correct %s.%s".formatted(
						this.different ? "Create or change" : "Create", join(keys), hint.isEmpty() ? "" : " " + hint),
				TroubleshootingSection.SCHEMA, null);
	}

	private static String join(List<String> keys) {
		int last = keys.size() - 1;
		return (last == 0) ? keys.get(0) : String.join(", ", keys.subList(0, last)) + " and " + keys.get(last);
	}

}
