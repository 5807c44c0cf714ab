package io.appdbs.bean;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.config.source.SettingKeys;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.migration.MigrationFiles;
import io.appdbs.migration.MigrationLocation;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.Location;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Logs a warning for migrations below {@code db/migration} that no Flyway runs, for
 * example because the name of their folder is misspelt. Runs after all beans have been
 * created, since any Flyway may run them.
 */
class UnusedMigrations implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(UnusedMigrations.class);

	private final Set<String> migrated;

	private final DatabaseLifecycle lifecycle;

	private final Environment environment;

	private final OtherFlyways others;

	/**
	 * Creates new {@link UnusedMigrations}.
	 * @param flyways the names of the starter's Flyway beans, by database
	 * @param lifecycle the lifecycle of the databases
	 * @param environment the environment with the names of all databases
	 * @param beanFactory the bean factory with the Flyway beans of Boot and of the
	 * application
	 */
	UnusedMigrations(Map<String, String> flyways, DatabaseLifecycle lifecycle, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		this.migrated = flyways.keySet();
		this.lifecycle = lifecycle;
		this.environment = environment;
		this.others = new OtherFlyways(beanFactory, Set.copyOf(flyways.values()));
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.others.reportStrategies();
		Map<String, List<String>> scripts = MigrationFiles.find(this.others.beanFactory().getBeanClassLoader())
			.scripts();
		List<MigrationLocation> locations = scripts.isEmpty() ? null : findLocations();
		if (locations == null) {
			return;
		}
		scripts.forEach((folder, paths) -> {
			String problem = locations.stream().anyMatch((location) -> location.isIn(folder)) ? null
					: describe(folder, paths);
			if (problem != null) {
				logger.warn(problem);
			}
		});
	}

	/**
	 * Returns the locations that migrations are run from or {@code null} if they are not
	 * known.
	 */
	private @Nullable List<MigrationLocation> findLocations() {
		List<String> others = this.others.findLocations();
		if (others == null || this.others.haveCustomizer(this.migrated)) {
			return null;
		}
		List<String> locations = new ArrayList<>(others);
		if (!others.isEmpty()) {
			// these still contain the placeholder for the vendor
			Stream.of("spring.flyway.locations", "spring.flyway.callback-locations")
				.map((key) -> Binder.get(this.environment).bind(key, Bindable.listOf(String.class)).orElse(List.of()))
				.forEach(locations::addAll);
		}
		for (String name : this.migrated) {
			Map<String, String> options = options(name);
			locations.addAll(list(options.getOrDefault("locations", "classpath:" + MigrationFiles.ROOT + "/" + name)));
			locations.addAll(list(options.getOrDefault("callbackLocations", "")));
		}
		return locations.stream().map(MigrationLocation::of).toList();
	}

	private static List<String> list(String option) {
		return Arrays.stream(option.split(",")).map(String::trim).filter((location) -> !location.isEmpty()).toList();
	}

	private Map<String, String> options(String name) {
		return this.lifecycle.getDefinition(name).settings().flyway();
	}

	private @Nullable String describe(String folder, List<String> paths) {
		List<String> all = DatabaseNames.getAll(this.environment);
		if (folder.isEmpty()) {
			return "No Flyway runs the migrations directly in '%s': %s. Move them to '%1$s/<name>', where <name> is the name of the database. Known databases: %s."
				.formatted(MigrationFiles.ROOT, String.join(", ", paths), String.join(", ", all));
		}
		String path = MigrationFiles.ROOT + "/" + folder;
		if (!all.contains(folder)) {
			return "No Flyway runs the migrations in '%s': no database has the name '%s'. %s Rename the folder, or add 'classpath:%s' to 'app.dbs.<name>.flyway.locations' of a database."
				.formatted(path, folder, KnownKeys.suggest(folder, "databases", all), path);
		}
		String reason = DatabaseNames.get(this.environment).contains(folder) ? findReason(folder) : null;
		return (reason != null) ? "No Flyway runs the migrations in '%s': %s".formatted(path, reason) : null;
	}

	/**
	 * Returns why the migrations in the folder of a database are not run or {@code null}
	 * if the application has disabled them.
	 */
	private @Nullable String findReason(String name) {
		DatabaseDefinition definition = this.lifecycle.getDefinition(name);
		if (definition.engine().getKind() == DatabaseKind.MONGODB) {
			return "database '%s' is a MongoDB database, which Flyway cannot migrate. Write its migrations as files with commands such as 'V1__create.json', or rename the folder to the name of a relational database."
				.formatted(name);
		}
		if (this.migrated.contains(name)) {
			return "'%s' has other locations. Add 'classpath:%s/%s' to the locations of the database, or remove the folder."
				.formatted(locationsKey(name), MigrationFiles.ROOT, name);
		}
		if ("false".equalsIgnoreCase(options(name).get("enabled"))) {
			return null;
		}
		String flyway = this.others.find(name);
		if (flyway != null) {
			return "the Flyway bean '%s' of the application migrates database '%s' and has other locations. Add 'classpath:%s/%2$s' to them, or remove the folder."
				.formatted(flyway, name, MigrationFiles.ROOT);
		}
		return "a DataSource bean of the application replaces database '%s'. Define a Flyway bean with @Qualifier(\"%1$s\") that migrates it, or remove the folder."
			.formatted(name);
	}

	private String locationsKey(String name) {
		return new SettingKeys(ConfiguredSources.of(this.environment), name).key("flyway.locations");
	}

	/**
	 * The Flyway beans of Boot and of the application.
	 *
	 * @param beanFactory the bean factory with the beans
	 * @param ours the names of the starter's Flyway beans
	 */
	private record OtherFlyways(ConfigurableListableBeanFactory beanFactory, Set<String> ours) {

		private static final String STRATEGY = "org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy";

		/**
		 * Returns the locations or {@code null} if they are not known because a bean has
		 * not been created yet.
		 */
		@Nullable List<String> findLocations() {
			List<String> names = names();
			if (!names.stream().allMatch(this.beanFactory::containsSingleton)) {
				return null;
			}
			return names.stream().flatMap((name) -> Locations.of(this.beanFactory.getBean(name))).toList();
		}

		/**
		 * Returns whether a customizer may have changed the locations of one of the
		 * starter's Flyway beans.
		 */
		boolean haveCustomizer(Set<String> databases) {
			return UserBeans.getNames(this.beanFactory, MigratedDatabases.CUSTOMIZER, databases::contains)
				.findAny()
				.isPresent();
		}

		/**
		 * Reports strategies, which Boot's Flyway uses only, and therefore none if the
		 * application has no other Flyway.
		 */
		void reportStrategies() {
			if (names().isEmpty()) {
				UserBeans.getNames(this.beanFactory, STRATEGY, (qualifier) -> true)
					.forEach((name) -> logger.warn(
							"The FlywayMigrationStrategy bean '%s' is not used, because only Spring Boot's own Flyway uses such beans. Named databases are migrated when they are opened. To repair or baseline one, use its Flyway bean, or keys such as 'app.dbs.<name>.flyway.baseline-on-migrate'."
								.formatted(name)));
			}
		}

		@Nullable String find(String database) {
			return names().stream()
				.filter((name) -> UserBeans.isQualified(this.beanFactory, name, database::equals))
				.findFirst()
				.orElse(null);
		}

		private List<String> names() {
			ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
			return ClassUtils.isPresent("org.flywaydb.core.Flyway", classLoader) ? Locations.names(this) : List.of();
		}

	}

	/**
	 * Loaded only if Flyway is on the class path.
	 */
	private static final class Locations {

		static List<String> names(OtherFlyways flyways) {
			return Stream.of(flyways.beanFactory().getBeanNamesForType(Flyway.class, true, false))
				.filter((name) -> !flyways.ours().contains(name))
				.toList();
		}

		static Stream<String> of(Object flyway) {
			var configuration = ((Flyway) flyway).getConfiguration();
			return Stream.of(configuration.getLocations(), configuration.getCallbackLocations())
				.flatMap(Stream::of)
				.map(Location::getDescriptor);
		}

	}

}
