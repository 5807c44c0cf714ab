package io.appdbs.config.validator;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.settings.mongo.MongoSettings;
import org.jspecify.annotations.Nullable;

/**
 * Validates read preference, read concern and write concern of MongoDB databases, which
 * the URL may have as well.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param parameters the parameters of the URL
 */
record MongoConcernValidator(SettingProblems problems, MongoSettings settings, Map<String, String> parameters) {

	private static final Pattern WRITE_CONCERN = Pattern.compile("[1-9]\\d?|[\\p{L}_][\\p{L}\\p{N}_.-]*");

	private static final String WRITE_CONCERN_KEY = "mongo.write-concern";

	void validate() {
		String writeConcern = this.settings.writeConcern();
		if (writeConcern != null && !WRITE_CONCERN.matcher(writeConcern).matches()) {
			this.problems.add(WRITE_CONCERN_KEY, writeConcern,
					writeConcern.equals("0") ? "but the application would not notice that a write has failed"
							: "which is not a write concern",
					"Write 'majority', the number of servers from 1 to 99, or the name of a custom write concern.");
		}
		checkUrl("mongo.read-preference", this.settings.readPreference(), "readPreference");
		checkUrl("mongo.read-concern", this.settings.readConcern(), "readConcernLevel");
		checkUrl(WRITE_CONCERN_KEY, writeConcern, "w");
	}

	/**
	 * A default is for databases whose URL says nothing.
	 */
	private void checkUrl(String key, @Nullable Object value, String parameter) {
		Place place = this.problems.place(key);
		String other = find(parameter);
		if (value == null || other == null || place == null || !place.own()
				|| normalize(value).equals(normalize(other))) {
			return;
		}
		this.problems.addOwn(key,
				"'%s' is '%s', but '%s' has the parameter '%s=%s'.".formatted(place.key(),
						value.toString().toLowerCase(Locale.ROOT).replace('_', '-'), this.problems.key("url"),
						parameter, other),
				"Remove one of them.");
	}

	private @Nullable String find(String parameter) {
		return this.parameters.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().equalsIgnoreCase(parameter))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	private static String normalize(Object value) {
		return value.toString().replaceAll("[_-]", "").toLowerCase(Locale.ROOT);
	}

}
