package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.Map;

import io.appdbs.Database;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes the injection of a bean that a database has only if it is migrated or has
 * entities, of a persistence unit with an unknown name, and of a {@link Database}, which
 * is no bean.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConditionalBeanFailureAnalyzer extends MissingBeanFailureAnalyzer {

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	/** The modules of the types that exist with entities. */
	private static final Map<String, String> MODULES = Map.of("jakarta.persistence.EntityManagerFactory", "JPA",
			"jakarta.persistence.EntityManager", "JPA", "org.springframework.data.jdbc.core.JdbcAggregateTemplate",
			"Spring Data JDBC", "org.springframework.data.jdbc.core.JdbcAggregateOperations", "Spring Data JDBC");

	private final Environment environment;

	private final BeanFactory beanFactory;

	ConditionalBeanFailureAnalyzer(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	@Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		List<DeclaredDatabase> databases = DeclaredDatabase.readAll(this.environment, getClass().getClassLoader());
		if (cause instanceof NoUniqueBeanDefinitionException || databases.isEmpty()) {
			return null;
		}
		FailedInjection injection = FailedInjection.find(rootFailure, cause, description, this.beanFactory);
		Class<?> type = injection.type();
		List<String> names = databases.stream().map(DeclaredDatabase::name).toList();
		if (type == null) {
			return analyzeName(cause, injection.description(), names);
		}
		String required = injection.required(type);
		if (type == Database.class) {
			return analyzeDatabase(cause, required, injection.qualifier(), names);
		}
		boolean ours = type.getName().equals(FLYWAY) || MODULES.containsKey(type.getName());
		boolean disabled = DisabledDatabase.findAll(this.environment).containsKey(injection.qualifier());
		return (ours && injection.qualifier() != null && !disabled)
				? analyzeQualified(cause, required, type, injection.qualifier(), databases) : null;
	}

	/**
	 * The name of a persistence unit is that of its database.
	 */
	private static @Nullable FailureAnalysis analyzeName(NoSuchBeanDefinitionException cause, String description,
			List<String> names) {
		String name = cause.getBeanName();
		String nearest = (name != null) ? NearestName.find(name, names, name.length() / 4) : null;
		return (nearest != null && !nearest.equals(name)) ? new FailureAnalysis(
				"%s required a bean named '%s', and neither a bean nor a persistence unit of a database has that name."
					.formatted(description, name),
				"Did you mean '%s'? Known databases: %s.".formatted(nearest, String.join(", ", names)), cause) : null;
	}

	private static FailureAnalysis analyzeDatabase(NoSuchBeanDefinitionException cause, String required,
			@Nullable String qualifier, List<String> names) {
		String name = (qualifier != null) ? "get(\"%s\")".formatted(qualifier) : "get with the name of the database";
		return new FailureAnalysis("%s, and databases are not beans.".formatted(required),
				"Inject 'io.appdbs.Databases' without a qualifier, and call %s. Known databases: %s.".formatted(name,
						String.join(", ", names)),
				cause);
	}

	private FailureAnalysis analyzeQualified(NoSuchBeanDefinitionException cause, String required, Class<?> type,
			String qualifier, List<DeclaredDatabase> databases) {
		List<String> names = databases.stream().map(DeclaredDatabase::name).toList();
		DeclaredDatabase database = databases.stream()
			.filter((candidate) -> candidate.name().equals(qualifier))
			.findFirst()
			.orElse(null);
		if (database == null) {
			return new UndeclaredDatabase(this.environment).analyze(cause, required, qualifier, names, Map.of());
		}
		String ofDatabase = "%s of the database '%s', which".formatted(required, qualifier);
		if (!database.isRelational()) {
			return new FailureAnalysis(ofDatabase + " is a MongoDB database and has no such bean.",
					"Use the name of a relational database, or remove the injection point. Known databases: %s."
						.formatted(String.join(", ", names)),
					cause);
		}
		return type.getName().equals(FLYWAY) ? analyzeFlyway(cause, ofDatabase, qualifier)
				: analyzeEntities(cause, ofDatabase, qualifier, MODULES.getOrDefault(type.getName(), ""));
	}

	private FailureAnalysis analyzeFlyway(NoSuchBeanDefinitionException cause, String ofDatabase, String name) {
		String enabled = DatabaseDefinition.key(name, "flyway.enabled");
		ConfiguredSources.Place place = ConfiguredSources.of(this.environment).locate(name, "flyway.enabled");
		if (place != null) {
			return new FailureAnalysis(
					"%s Flyway does not migrate: '%s' is '%s'.".formatted(ofDatabase, place.key(), place.value()),
					"Set '%s' to true, or remove the injection point.".formatted(enabled), cause);
		}
		return new FailureAnalysis(
				"%s Flyway does not migrate: 'db/migration/%s' on the class path has no migrations."
					.formatted(ofDatabase, name),
				"Add a migration, for example 'src/main/resources/db/migration/%s/V1__create.sql', or remove the injection point."
					.formatted(name),
				cause);
	}

	private FailureAnalysis analyzeEntities(NoSuchBeanDefinitionException cause, String ofDatabase, String name,
			String module) {
		String key = DatabaseDefinition.key(name, "packages");
		ConfiguredSources sources = ConfiguredSources.of(this.environment);
		boolean set = sources.locate(name, "packages") != null || sources.locate(name, "packages[0]") != null;
		return new FailureAnalysis(
				set ? "%s has no entities of %s in the packages of '%s'.".formatted(ofDatabase, module, key)
						: "%s has no packages: '%s' is not set.".formatted(ofDatabase, key),
				set ? "Add the packages of the entities and repositories to '%s', or remove the injection point."
					.formatted(key)
						: "Set '%s' to the packages of the entities and repositories, or remove the injection point."
							.formatted(key),
				cause);
	}

}
