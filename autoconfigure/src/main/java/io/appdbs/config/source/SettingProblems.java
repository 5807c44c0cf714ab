package io.appdbs.config.source;

import java.time.Duration;
import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Reports problems with settings of one database with the key as written, which may be
 * one of the defaults.
 *
 * @param keys the keys of the database
 * @param problems where problems are reported
 */
public record SettingProblems(SettingKeys keys, ConfigurationProblems problems) {

	public SettingProblems(ConfiguredSources sources, String database, ConfigurationProblems problems) {
		this(new SettingKeys(sources, database), problems);
	}

	/**
	 * Returns the problems of a replica's settings.
	 * @param index the index of the entry
	 * @return the problems of the replica
	 */
	public SettingProblems ofReplica(int index) {
		return new SettingProblems(this.keys.ofReplica(index), this.problems);
	}

	public @Nullable Place place(String key) {
		return this.keys.place(key);
	}

	/**
	 * Returns the place of an entry of a group (see {@link SettingKeys#entryOf}).
	 * @param group the key of the group
	 * @param name the name of the entry
	 * @return the place or {@code null} if there is none
	 */
	public @Nullable Place entryOf(String group, String name) {
		return this.keys.entryOf(group, name);
	}

	/**
	 * Adds a problem with an {@linkplain #entryOf entry} of a group.
	 * @param place the place of the entry
	 * @param message the message
	 * @param action what to do
	 * @return the problem
	 */
	public InvalidDatabaseConfigurationException addAt(Place place, String message, String action) {
		return this.problems.add(place.own() ? this.keys.database() : null, place.key(), place.origin(), message,
				action);
	}

	/**
	 * Returns the full key, as written or, if it is not written, as the database's own.
	 * @param key the key below the database
	 * @return the key as written
	 */
	public String key(String key) {
		return this.keys.key(key);
	}

	/**
	 * Adds a problem with a value that is not a secret. A problem with a default is
	 * reported once, not for each database.
	 * @param key the key below the database
	 * @param value the value
	 * @param what what is wrong with it, the end of the message
	 * @param action what to do
	 * @return the problem
	 */
	public InvalidDatabaseConfigurationException add(String key, Object value, String what, String action) {
		Place place = place(key);
		return add((place == null || place.own()) ? this.keys.database() : null, key,
				"'%s' is '%s', %s.".formatted(key(key), value, what), action, null);
	}

	/**
	 * Adds a problem of this database.
	 * @param key the key below the database
	 * @param message the message
	 * @param action what to do
	 * @return the problem
	 */
	public InvalidDatabaseConfigurationException addOwn(String key, String message, String action) {
		return addOwn(key, message, action, null);
	}

	/**
	 * Adds a problem of this database that an exception caused.
	 * @param key the key below the database
	 * @param message the message
	 * @param action what to do
	 * @param cause the cause or {@code null}
	 * @return the problem
	 */
	public InvalidDatabaseConfigurationException addOwn(String key, String message, String action,
			@Nullable Throwable cause) {
		return add(this.keys.database(), key, message, action, cause);
	}

	private InvalidDatabaseConfigurationException add(@Nullable String database, String key, String message,
			String action, @Nullable Throwable cause) {
		Place place = place(key);
		Origin origin = (place != null) ? place.origin() : null;
		return this.problems.add(database, key(key), origin, message, action, cause);
	}

	/**
	 * Adds a problem with a duration that is too short.
	 * @param key the key below the database
	 * @param value the value
	 * @param least the least value
	 * @return whether it is long enough
	 */
	public boolean checkAtLeast(String key, Duration value, Duration least) {
		if (value.compareTo(least) >= 0) {
			return true;
		}
		add(key, text(value), "but must be at least " + text(least),
				"Write %s or more.%s".formatted(text(least), unit(key)));
		return false;
	}

	/**
	 * Returns what a number without a unit means, if a duration is written as one.
	 * @param key the key below the database
	 * @return a sentence after a space, or an empty string
	 */
	public String unit(String key) {
		Place place = place(key);
		String value = (place != null) ? place.value().toString() : "";
		return value.matches("[1-9]\\d*")
				? " A number without a unit is in milliseconds: write '%ss' for seconds.".formatted(value) : "";
	}

	public boolean checkPositive(String key, Duration value) {
		return checkAtLeast(key, value, Duration.ofMillis(1));
	}

	/**
	 * Adds a problem with a duration that is shorter than another one, with the key of
	 * the one that is set.
	 * @param key the key below the database
	 * @param value the value
	 * @param other the key of the other setting
	 * @param least the least value
	 * @param why the end of the advice, after the two keys
	 */
	public void checkNotShorter(String key, Duration value, String other, Duration least, String why) {
		if (value.compareTo(least) >= 0) {
			return;
		}
		String unit = unit(key);
		String action = "Raise '%s' or lower '%s'%s.%s".formatted(key(key), key(other), why,
				unit.isEmpty() ? unit(other) : unit);
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
	 * Adds a problem with each entry of a list that is not the name of a table.
	 * @param key the key below the database
	 * @param tables the names
	 */
	public void checkTables(String key, List<String> tables) {
		for (int i = 0; i < tables.size(); i++) {
			if (TableName.parse(tables.get(i)) == null) {
				add(entry(key, i), tables.get(i), "which is not the name of a table",
						"Write 'table' or 'schema.table', with double quotes around a part that has capital letters "
								+ "or other characters than letters, digits, '_' and '$': sales.\"Order Lines\".");
			}
		}
	}

	/**
	 * Returns the key of an entry of a list, which can be written as several keys or as
	 * one with commas.
	 * @param list the key of the list
	 * @param index the index of the entry
	 * @return the key
	 */
	public String entry(String list, int index) {
		String key = list + "[" + index + "]";
		return (place(key) != null) ? key : list;
	}

	/**
	 * Returns a duration as written in a configuration.
	 * @param duration the duration
	 * @return the text
	 */
	public static String text(Duration duration) {
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
