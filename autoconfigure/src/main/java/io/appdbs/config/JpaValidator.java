package io.appdbs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.settings.JpaSettings;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings of a persistence unit.
 *
 * @param problems where problems are reported
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record JpaValidator(SettingProblems problems, @Nullable ClassLoader classLoader) {

	private static final List<String> DDL_MODES = List.of("none", "validate", "update", "create", "create-drop",
			"create-only", "drop", "truncate", "populate");

	/** Spring's names of target databases. */
	private static final String DATABASE = "org.springframework.orm.jpa.vendor.Database";

	private static final String STARTER = "org.springframework.boot:spring-boot-starter-data-jpa";

	/**
	 * Validates the settings.
	 * @param settings the settings as bound, those of the defaults included
	 * @param engine the engine of the database
	 */
	void validate(JpaSettings settings, Engine engine) {
		String own = this.problems.keys().findOwn("jpa");
		if (engine.getKind() != DatabaseKind.RELATIONAL) {
			if (own != null) {
				this.problems.addOwn(own, "'%s' has no effect: %s has no persistence unit."
					.formatted(this.problems.key(own), engine.getDisplayName()), "Remove it.");
			}
			return;
		}
		if (own != null && !(isPresent("org.hibernate.jpa.HibernatePersistenceProvider") && isPresent(DATABASE))) {
			this.problems
				.addOwn(own,
						"'%s' needs '%s', which is not on the class path.".formatted(this.problems.key(own), STARTER),
						Dependency.advice(List.of(STARTER)))
				.in(TroubleshootingSection.LIBRARY);
		}
		String ddlAuto = settings.ddlAuto();
		if (ddlAuto != null && !DDL_MODES.contains(ddlAuto)) {
			this.problems.add("jpa.ddl-auto", ddlAuto, "which is not a DDL mode",
					KnownKeys.suggest(ddlAuto, "modes", DDL_MODES));
		}
		validateDatabase(settings.database());
	}

	private void validateDatabase(@Nullable String database) {
		if (database == null || !isPresent(DATABASE)) {
			return;
		}
		List<String> known = Arrays.stream(ClassUtils.resolveClassName(DATABASE, this.classLoader).getEnumConstants())
			.map((value) -> value.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
		if (known.stream().map(NearestName::uniform).noneMatch(NearestName.uniform(database)::equals)) {
			this.problems.add("jpa.database", database, "which is not a target database of JPA",
					KnownKeys.suggest(database, "databases", known));
		}
	}

	private boolean isPresent(String className) {
		return ClassUtils.isPresent(className, this.classLoader);
	}

	/**
	 * Returns the advice for a key of {@code spring.jpa} that is different here.
	 * @param parent the full key of its parent
	 * @param element the name of the key
	 * @return the advice or {@code null} if there is none
	 */
	static @Nullable String advise(String parent, String element) {
		if (!parent.endsWith(".jpa")) {
			return null;
		}
		return switch (element.toLowerCase(Locale.ROOT)) {
			case "hibernate" ->
				"Write the keys of 'spring.jpa.hibernate' directly below '%s', for example '%s.ddl-auto'."
					.formatted(parent, parent);
			case "bootstrap" -> "Remove it. Persistence units are always built in the background.";
			default -> null;
		};
	}

}
