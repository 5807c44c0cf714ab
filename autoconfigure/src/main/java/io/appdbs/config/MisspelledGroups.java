package io.appdbs.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Finds keys that are not read because {@code app.dbs}, {@code app.dbs-defaults},
 * {@code app.dbs-runtime}, {@code app.dbs-routes} or {@code app.dbs-include} is misspelt
 * or at another level. An application can have other keys under {@code app}, so a name
 * that is similar to {@code dbs} must also have a key of a database below it.
 *
 * @param environment the environment of the application
 * @param sources the sources of the configuration
 * @param names the names of the databases
 * @param problems where problems are reported
 */
public record MisspelledGroups(Environment environment, ConfiguredSources sources, Collection<String> names,
		ConfigurationProblems problems) {

	private static final String ROOT = "app";

	private static final String DATABASES = "dbs";

	/** Keys of an application are indented below it by mistake. */
	private static final String SPRING = "spring";

	/** The groups below the root in uniform and in dashed form. */
	private static final Map<String, String> GROUPS = Map.of(DATABASES, DATABASES, "dbsdefaults", "dbs-defaults",
			"dbsinclude", "dbs-include", "dbsonly", "dbs-include", "dbsruntime", "dbs-runtime", "dbsroutes",
			"dbs-routes");

	/** Maximum number of wrong letters in a long name. */
	private static final int LIMIT = 2;

	public void validate() {
		this.sources.declaring().forEach((source) -> source.stream().forEach((key) -> validate(source, key)));
	}

	private void validate(IterableConfigurationPropertySource source, ConfigurationPropertyName key) {
		String root = key.getElement(0, Form.UNIFORM);
		String group = (key.getNumberOfElements() > 1) ? key.getElement(1, Form.UNIFORM) : "";
		if (root.equals(ROOT)) {
			String meant = GROUPS.containsKey(group) ? null : nearest(group);
			if (meant != null && (!meant.equals(DATABASES) || isDatabase(source, key, 2))) {
				report(source, key, 2, meant);
			}
		}
		else if (root.startsWith(ROOT) && GROUPS.containsKey(root.substring(ROOT.length()))) {
			reportRoot(source, key, 1, root.substring(ROOT.length()));
		}
		else if (GROUPS.containsKey(root)) {
			reportRoot(source, key, 1, root);
		}
		else if (GROUPS.containsKey(group)
				&& (root.equals(SPRING) || NearestName.find(root, List.of(ROOT), 1) != null)) {
			reportRoot(source, key, 2, group);
		}
		else if (root.equals(SPRING) && group.equals(ROOT) && key.getNumberOfElements() > 2
				&& GROUPS.containsKey(key.getElement(2, Form.UNIFORM))) {
			reportRoot(source, key, 3, key.getElement(2, Form.UNIFORM));
		}
	}

	/**
	 * Returns whether a key is under the defaults, the settings for databases that are
	 * added at run time, or the included names, or under a name that is similar.
	 */
	static boolean isLongGroup(ConfigurationPropertyName key) {
		return key.getNumberOfElements() > 1 && key.getElement(0, Form.UNIFORM).equals(ROOT)
				&& !DATABASES.equals(key.getElement(1, Form.UNIFORM))
				&& NearestName.find(key.getElement(1, Form.UNIFORM),
						List.of("dbsdefaults", "dbsinclude", "dbsonly", "dbsruntime", "dbsroutes"), LIMIT) != null;
	}

	private static @Nullable String nearest(String group) {
		String nearest = NearestName.find(group, GROUPS.keySet(), LIMIT);
		// one of the three letters
		return DATABASES.equals(nearest) ? NearestName.find(group, List.of(DATABASES), 1) : nearest;
	}

	private void reportRoot(IterableConfigurationPropertySource source, ConfigurationPropertyName key, int end,
			String group) {
		if (!group.equals(DATABASES) || isDatabase(source, key, end)) {
			report(source, key, end, group);
		}
	}

	/**
	 * Returns whether a key is that of a configured database, or a URL of a database.
	 */
	private boolean isDatabase(IterableConfigurationPropertySource source, ConfigurationPropertyName key, int index) {
		if (key.getNumberOfElements() < index + 2) {
			return false;
		}
		String setting = KnownKeys.of(DatabaseSettings.class).find(key.getElement(index + 1, Form.ORIGINAL));
		boolean known = this.names.contains(key.getElement(index, Form.ORIGINAL));
		return setting != null
				&& (known || (setting.equals("url") && isDatabaseUrl(source.getConfigurationProperty(key))))
				&& !isReferredTo(key, index);
	}

	private boolean isDatabaseUrl(@Nullable ConfigurationProperty property) {
		try {
			return property != null
					&& EmbeddedServers.findEngine(this.environment.resolvePlaceholders(property.getValue().toString()),
							Engines.load(null)) != null;
		}
		catch (PlaceholderResolutionException ex) {
			return false;
		}
	}

	/**
	 * Values to which others refer are read.
	 */
	private boolean isReferredTo(ConfigurationPropertyName key, int end) {
		String reference = "${" + written(key, end) + ".";
		return this.sources.declaring()
			.flatMap((source) -> source.stream().map(source::getConfigurationProperty))
			.anyMatch((property) -> property != null && property.getValue().toString().contains(reference));
	}

	private void report(IterableConfigurationPropertySource source, ConfigurationPropertyName key, int end,
			String group) {
		String written = written(key, end);
		String meant = ROOT + "." + GROUPS.get(group);
		ConfigurationProperty property = source.getConfigurationProperty(key);
		this.problems.add(null, written, (property != null) ? property.getOrigin() : null,
				"AppDBs does not read '%s'.".formatted(key),
				"Did you mean '%s'? If '%s' is a key of the application itself, give it a name that is less similar."
					.formatted(meant, written))
			.in(TroubleshootingSection.UNKNOWN_KEY);
	}

	private static String written(ConfigurationPropertyName key, int end) {
		return IntStream.range(0, end)
			.mapToObj((i) -> key.getElement(i, Form.ORIGINAL))
			.collect(Collectors.joining("."));
	}

}
