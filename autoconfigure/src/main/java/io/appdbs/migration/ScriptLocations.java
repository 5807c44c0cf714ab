package io.appdbs.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.url.ShownLocation;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.SqlInitSettings;
import io.appdbs.settings.SqlInitSettings.Mode;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The locations of the SQL scripts of a database. As in Spring Boot, a location can
 * contain wildcards, and one that begins with {@code optional:} need not exist.
 *
 * @param database the name of the database
 * @param settings the settings of the scripts
 * @param classLoader the class loader of the application or {@code null} for the default
 * one
 */
public record ScriptLocations(String database, SqlInitSettings settings, @Nullable ClassLoader classLoader) {

	/**
	 * The folder that contains one folder of scripts per database.
	 */
	public static final String ROOT = "db/init";

	private static final String OPTIONAL = "optional:";

	private static final Pattern IN_MEMORY = Pattern.compile("jdbc:\\w+:mem(ory)?:.*");

	/**
	 * Returns whether scripts are executed on a database.
	 * @param settings the settings of the database
	 * @return whether the mode allows it
	 */
	static boolean isActive(DatabaseSettings settings) {
		String url = String.valueOf(settings.url());
		return switch (settings.sqlInit().mode()) {
			case ALWAYS -> true;
			case EMBEDDED -> EmbeddedServers.isEmbedded(url) || IN_MEMORY.matcher(url).matches();
			case NEVER -> false;
		};
	}

	/**
	 * Returns whether a schema is created that Hibernate must not change.
	 * @param database the name of the database
	 * @param settings the settings of the database
	 * @param classLoader the class loader of the application or {@code null} for the
	 * default one
	 * @return whether there are scripts for the schema that are executed
	 */
	public static boolean haveSchema(String database, DatabaseSettings settings, @Nullable ClassLoader classLoader) {
		return isActive(settings)
				&& !new ScriptLocations(database, settings.sqlInit(), classLoader).findSchema().isEmpty();
	}

	/**
	 * Returns the configured locations that do not exist.
	 * @return the locations, without those of databases that never execute scripts
	 */
	public List<Missing> findMissing() {
		if (this.settings.mode() == Mode.NEVER) {
			return List.of();
		}
		return Stream
			.concat(findMissing("schema-locations", this.settings.schemaLocations()),
					findMissing("data-locations", this.settings.dataLocations()))
			.toList();
	}

	private Stream<Missing> findMissing(String key, List<String> locations) {
		return Stream.iterate(0, (index) -> index < locations.size(), (index) -> index + 1)
			.filter((index) -> !locations.get(index).startsWith(OPTIONAL) && find(locations.get(index)).isEmpty())
			.map((index) -> new Missing(key, index, locations.get(index)));
	}

	List<Script> findSchema() {
		return find("schema", this.settings.schemaLocations());
	}

	List<Script> findData() {
		return find("data", this.settings.dataLocations());
	}

	private List<Script> find(String kind, List<String> configured) {
		String folder = "classpath*:" + ROOT + "/" + this.database + "/" + kind;
		List<String> locations = !configured.isEmpty() ? configured
				: List.of(folder + "-" + this.settings.platform() + ".sql", folder + ".sql");
		return locations.stream().flatMap((location) -> find(location).stream()).toList();
	}

	private List<Script> find(String location) {
		String pattern = location.startsWith(OPTIONAL) ? location.substring(OPTIONAL.length()) : location;
		try {
			List<Script> scripts = new ArrayList<>();
			for (Resource resource : new PathMatchingResourcePatternResolver(this.classLoader).getResources(pattern)) {
				if (resource.isReadable()) {
					scripts.add(new Script(resource, resource.getURL().toString()));
				}
			}
			scripts.sort(Comparator.comparing(Script::url));
			return scripts;
		}
		catch (IOException ex) {
			String shown = ShownLocation.of(location);
			throw new UncheckedIOException("Failed to search for scripts at '%s'".formatted(shown),
					shown.equals(location) ? ex : new IOException(ex.getClass().getName()));
		}
	}

	/**
	 * A script.
	 *
	 * @param resource the script
	 * @param url its URL
	 */
	record Script(Resource resource, String url) {

		/**
		 * Returns the path, for messages.
		 */
		String path() {
			String shown = ShownLocation.of(this.url);
			int root = shown.lastIndexOf(ROOT + "/");
			return (root >= 0) ? shown.substring(root) : shown;
		}

		/**
		 * Returns a text without secrets.
		 */
		@Override
		public String toString() {
			return path();
		}

	}

	/**
	 * A location that does not exist.
	 *
	 * @param key the key of the list that has the location, below {@code sql-init}
	 * @param index the index in the list
	 * @param location the location
	 */
	public record Missing(String key, int index, String location) {

	}

}
