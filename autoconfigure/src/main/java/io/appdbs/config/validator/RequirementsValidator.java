package io.appdbs.config.validator;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Engine;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.requirement.RequiredColumn;
import io.appdbs.requirement.RequiredIndex;
import io.appdbs.schema.TypeFamily;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.StartupSettings;
import org.jspecify.annotations.Nullable;

/**
 * Rejects requirements of {@code startup} that cannot be checked.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 */
record RequirementsValidator(SettingProblems problems, StartupSettings settings, Engine engine) {

	private static final String TABLES = "startup.required-tables";

	private static final String COLUMNS = "startup.required-columns";

	private static final String INDEXES = "startup.required-indexes";

	private static final String COLLECTIONS = "startup.required-collections";

	private static final String QUOTES = " Write double quotes around a name that has capital letters or other characters than letters, digits, '_' and '$'.";

	private static final List<String> FAMILIES = Stream.of(TypeFamily.values()).map(TypeFamily::toString).toList();

	/** Names of types that are similar to a family, but of a server. */
	private static final Set<String> TYPES = Set.of("jsonb", "timestamptz");

	void validate() {
		if (this.engine instanceof JdbcEngine) {
			validateRelational();
		}
		else {
			validateMongo();
		}
	}

	private void validateRelational() {
		rejectOtherKind(COLLECTIONS, this.settings.requiredCollections(), "collections", TABLES);
		this.problems.checkTables(TABLES, this.settings.requiredTables());
		List<String> columns = this.settings.requiredColumns();
		check(COLUMNS, columns, (entry) -> toName(RequiredColumn.parse(entry)), "which is not the name of a column",
				"Write 'table.column' or 'schema.table.column', followed by ': type' if the type matters: \"purchase.amount: number\"."
						+ QUOTES);
		for (int i = 0; i < columns.size(); i++) {
			RequiredColumn column = RequiredColumn.parse(columns.get(i));
			if (column != null && column.type() != null && column.family() == null) {
				validateType(this.problems.entry(COLUMNS, i), columns.get(i), column.type());
			}
		}
		check(INDEXES, this.settings.requiredIndexes(), RequiredIndex::parse, "which is not an index",
				"Write 'table(column, column)' or 'schema.table(column, column)', followed by 'unique' if it must be unique: \"purchase(customer_id, created) unique\". An expression cannot be required."
						+ QUOTES);
	}

	private static @Nullable String toName(@Nullable RequiredColumn column) {
		return (column != null) ? column.name() : null;
	}

	/**
	 * Servers have many types, and applications create some. What is similar to a family
	 * is a misspelled one.
	 */
	private void validateType(String key, String entry, String type) {
		String nearest = NearestName.find(type, FAMILIES, (type.length() > 5) ? 2 : 1);
		if (nearest != null && type.indexOf('"') < 0 && !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
			this.problems.add(key, entry, "but there is no type '%s'".formatted(type), KnownKeys.suggest(type, "types",
					FAMILIES)
					+ " Write the name that the server has for a type in double quotes if it is similar to one of these.");
		}
	}

	private void validateMongo() {
		rejectOtherKind(TABLES, this.settings.requiredTables(), "tables", COLLECTIONS);
		rejectOtherKind(COLUMNS, this.settings.requiredColumns(), "columns", null);
		check(COLLECTIONS, this.settings.requiredCollections(),
				(entry) -> (entry.isBlank() || entry.indexOf('$') >= 0 || entry.startsWith("system.")) ? null : entry,
				"which is not the name of a collection",
				"Write a name that is not empty, has no '$', and does not begin with 'system.'.");
		check(INDEXES, this.settings.requiredIndexes(), RequiredIndex::parseOfCollection, "which is not an index",
				"Write 'collection(field, field)', followed by 'unique' if it must be unique: \"product(sku) unique\".");
	}

	private void check(String list, List<String> entries, Function<String, @Nullable Object> parser, String what,
			String action) {
		Set<Object> known = new HashSet<>();
		for (int i = 0; i < entries.size(); i++) {
			Object parsed = parser.apply(entries.get(i));
			if (parsed == null) {
				this.problems.add(this.problems.entry(list, i), entries.get(i), what, action);
			}
			else if (!known.add(parsed)) {
				this.problems.add(this.problems.entry(list, i), entries.get(i), "which is in the list twice",
						"Remove one of the two entries.");
			}
		}
	}

	private void rejectOtherKind(String list, List<String> entries, String kind, @Nullable String other) {
		if (entries.isEmpty()) {
			return;
		}
		String setting = this.problems.entry(list, 0);
		String key = this.problems.key(setting);
		Place place = this.problems.place(setting);
		String action = (place == null || place.own()) ? "Remove '%s'.".formatted(key)
				: "Move '%s' to the databases that have %s.".formatted(key, kind);
		this.problems.addOwn(setting,
				"'%s' is set, but %s has no %s.".formatted(key, this.engine.getDisplayName(), kind), (other != null)
						? action + " For %s, use '%s'.".formatted(this.engine.getDisplayName(), other) : action);
	}

}
