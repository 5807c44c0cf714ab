package io.appdbs.config.source;

import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.settings.NearestName;
import io.appdbs.settings.ReplicaSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Locates the settings of a database: at the database or in the defaults, and those of a
 * replica first at the replica.
 *
 * @param sources the property sources
 * @param database the name of the database
 * @param replica the key of the replica below the database, for example
 * {@code replicas[0]}, or {@code null} for the database itself
 */
public record SettingKeys(ConfiguredSources sources, String database, @Nullable String replica) {

	public SettingKeys(ConfiguredSources sources, String database) {
		this(sources, database, null);
	}

	SettingKeys ofReplica(int index) {
		return new SettingKeys(this.sources, this.database, "replicas[%d]".formatted(index));
	}

	/**
	 * Returns the place where a setting is written.
	 * @param setting the key below the database, for example {@code pool.max-size}
	 * @return the place or {@code null} if there is none
	 */
	@Nullable Place place(String setting) {
		Place own = hasReplica(setting)
				? this.sources.locate(this.database, ConfigurationPropertyName.of(this.replica + "." + setting), true)
				: null;
		// only the URL is not inherited from the database
		return (own != null || (this.replica != null && setting.equals("url"))) ? own
				: this.sources.locate(this.database, setting);
	}

	/**
	 * Returns the place of an entry of a group whose name is not a key of AppDBs, so it
	 * can have any letters.
	 * @param group the key of the group, for example {@code flyway.jdbc-properties}
	 * @param name the name of the entry
	 * @return the place, with the name in its key, or {@code null} if there is none
	 */
	@Nullable Place entryOf(String group, String name) {
		for (ConfigurationPropertyName prefix : this.sources.groups(this.database)) {
			boolean own = prefix.equals(ConfiguredSources.database(this.database));
			ConfigurationPropertyName parent = prefix.append(group);
			Place place = this.sources.keysBelow(parent)
				.filter((key) -> NearestName.uniform(key.subName(parent.getNumberOfElements()).toString())
					.equals(NearestName.uniform(name)))
				.findFirst()
				.map((key) -> this.sources.locate(key, own))
				.orElse(null);
			if (place != null) {
				return new Place(parent + "." + name, own, place.value(), place.origin());
			}
		}
		return null;
	}

	/**
	 * Finds a key of a group that is written at the database itself.
	 * @param group the key of the group, for example {@code flyway}
	 * @return the key below the database or {@code null} if there is none
	 */
	public @Nullable String findOwn(String group) {
		ConfigurationPropertyName prefix = ConfiguredSources.database(this.database);
		return this.sources.keysBelow(prefix.append(group))
			.findFirst()
			.map((key) -> key.subName(prefix.getNumberOfElements()).toString())
			.orElse(null);
	}

	/**
	 * Returns the full key of a setting or group of settings: as written or, if it is not
	 * set, the one to write.
	 * @param setting the key below the database, for example {@code pool.max-size}
	 * @return the full key
	 */
	public String key(String setting) {
		Place place = place(setting);
		if (place != null) {
			return place.key();
		}
		ConfigurationPropertyName own = ConfiguredSources.database(this.database).append(setting);
		ConfigurationPropertyName ofReplica = hasReplica(setting)
				? ConfiguredSources.database(this.database).append(this.replica + "." + setting) : own;
		return Stream
			.concat(Stream.of(ofReplica, own), this.sources.defaults().stream().map((group) -> group.append(setting)))
			.filter(this.sources::isGroup)
			.findFirst()
			.orElse(ofReplica)
			.toString();
	}

	/**
	 * Returns the full key of a setting of the database itself, which overrides a
	 * default.
	 * @param setting the key below the database
	 * @return the full key
	 */
	public String ownKey(String setting) {
		return ConfiguredSources.database(this.database).append(setting).toString();
	}

	/**
	 * Returns the key of the database or of the replica, without values.
	 */
	@Override
	public String toString() {
		ConfigurationPropertyName name = ConfiguredSources.database(this.database);
		return ((this.replica != null) ? name.append(this.replica) : name).toString();
	}

	private boolean hasReplica(String setting) {
		return this.replica != null
				&& KnownKeys.of(ReplicaSettings.class).find(setting.replaceFirst("[.\\[].*", "")) != null;
	}

}
