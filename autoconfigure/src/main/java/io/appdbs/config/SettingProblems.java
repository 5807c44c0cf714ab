package io.appdbs.config;

import java.time.Duration;
import java.util.List;

import io.appdbs.config.ConfiguredSources.Place;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Reports problems with settings of one database under the key that they were written at,
 * which may be one of the defaults.
 */
class SettingProblems {

	private final SettingKeys keys;

	private final ConfigurationProblems problems;

	SettingProblems(ConfiguredSources sources, String database, ConfigurationProblems problems) {
		this(new SettingKeys(sources, database), problems);
	}

	private SettingProblems(SettingKeys keys, ConfigurationProblems problems) {
		this.keys = keys;
		this.problems = problems;
	}

	/**
	 * Return what reports problems with the settings of one of the replicas.
	 */
	SettingProblems ofReplica(int index) {
		return new SettingProblems(this.keys.ofReplica(index), this.problems);
	}

	SettingKeys keys() {
		return this.keys;
	}

	@Nullable Place place(String key) {
		return this.keys.place(key);
	}

	/**
	 * Return where an entry of a group is written, as {@link SettingKeys#entryOf} does.
	 */
	@Nullable Place entryOf(String group, String name) {
		return this.keys.entryOf(group, name);
	}

	/**
	 * Add a problem with an {@linkplain #entryOf entry} of a group.
	 */
	void addAt(Place place, String message, String action) {
		this.problems.add(place.own() ? this.keys.database() : null, place.key(), place.origin(), message, action);
	}

	/**
	 * Return the full key, as written or, if it is not written, as the database's own.
	 */
	String key(String key) {
		return this.keys.key(key);
	}

	/**
	 * Add a problem with a value that is no secret. A default is told of once, not for
	 * each database.
	 */
	void add(String key, Object value, String what, String action) {
		Place place = place(key);
		add((place == null || place.own()) ? this.keys.database() : null, key,
				"'%s' is '%s', %s.".formatted(key(key), value, what), action, null);
	}

	/**
	 * Add a problem of this very database.
	 */
	void addOwn(String key, String message, String action, @Nullable Throwable cause) {
		add(this.keys.database(), key, message, action, cause);
	}

	private void add(@Nullable String database, String key, String message, String action, @Nullable Throwable cause) {
		Place place = place(key);
		Origin origin = (place != null) ? place.origin() : null;
		this.problems.add(database, key(key), origin, message, action, cause);
	}

	/**
	 * Add a problem with a duration that is too short.
	 * @return whether it is long enough
	 */
	boolean checkAtLeast(String key, Duration value, Duration least) {
		if (value.compareTo(least) >= 0) {
			return true;
		}
		add(key, text(value), "but must be at least " + text(least), "Write %s or more.".formatted(text(least)));
		return false;
	}

	boolean checkPositive(String key, Duration value) {
		return checkAtLeast(key, value, Duration.ofMillis(1));
	}

	/**
	 * Add a problem with a duration that is shorter than another, at the one of them that
	 * is written.
	 * @param why the end of the advice, after the two keys
	 */
	void checkNotShorter(String key, Duration value, String other, Duration least, String why) {
		if (value.compareTo(least) >= 0) {
			return;
		}
		String action = "Raise '%s' or lower '%s'%s.".formatted(key(key), key(other), why);
		if (place(key) == null) {
			add(other, text(least),
					"which is longer than the %s that '%s' is by default".formatted(text(value), key(key)), action);
			return;
		}
		add(key, text(value),
				(place(other) != null) ? "which is shorter than '%s', which is '%s'".formatted(key(other), text(least))
						: "which is shorter than the %s that '%s' is by default".formatted(text(least), key(other)),
				action);
	}

	/**
	 * Add a problem with each entry of a list that is not the name of a table.
	 */
	void checkTables(String key, List<String> tables) {
		for (int i = 0; i < tables.size(); i++) {
			if (TableName.parse(tables.get(i)) == null) {
				add(entry(key, i), tables.get(i), "which is not the name of a table",
						"Write 'table' or 'schema.table', with double quotes around a part that has capital letters "
								+ "or other characters than letters, digits, '_' and '$': sales.\"Order Lines\".");
			}
		}
	}

	/**
	 * Return the key of an entry of a list, which is written as several keys, or as one
	 * with commas.
	 */
	String entry(String list, int index) {
		String key = list + "[" + index + "]";
		return (place(key) != null) ? key : list;
	}

	/**
	 * Return a duration as one would write it.
	 */
	static String text(Duration duration) {
		long millis = duration.toMillis();
		if (!Duration.ofMillis(millis).equals(duration)) {
			return duration.toNanos() + "ns";
		}
		if (millis % 1000 != 0) {
			return millis + "ms";
		}
		return (millis == 0 || millis % 60_000 != 0) ? millis / 1000 + "s" : millis / 60_000 + "m";
	}

}
