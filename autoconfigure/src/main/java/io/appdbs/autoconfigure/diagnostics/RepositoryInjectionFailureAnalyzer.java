package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.bean.data.DatabasePackages;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Analyzes the injection of a repository that Spring Data did not create because Spring
 * Data MongoDB, a dependency of the starter, is not the only module on the class path.
 * With several modules, each creates only the repositories that it identifies as its own.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class RepositoryInjectionFailureAnalyzer extends MissingBeanFailureAnalyzer {

	private static final String REPOSITORY = "org.springframework.data.repository.Repository";

	private static final String MONGO_FACTORY = "org.springframework.data.mongodb.repository.support.MongoRepositoryFactory";

	private static final String DOCUMENT = "org.springframework.data.mongodb.core.mapping.Document";

	/** With Boot's module for it, the application wants Spring Data MongoDB itself. */
	private static final String BOOT_MONGO = "org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration";

	private static final Map<String, String> ANNOTATIONS = Map.of(
			"org.springframework.data.jdbc.repository.support.JdbcRepositoryFactory",
			"org.springframework.data.relational.core.mapping.Table",
			"org.springframework.data.jpa.repository.support.JpaRepositoryFactory", "jakarta.persistence.Entity");

	/** A repository of one of these says what its store is. */
	private static final List<String> TYPES = List.of("org.springframework.data.mongodb.repository.MongoRepository",
			"org.springframework.data.jpa.repository.JpaRepository");

	private final Environment environment;

	RepositoryInjectionFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	@Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		Class<?> repository = (type != null) ? type.resolve() : null;
		if (repository == null || cause instanceof NoUniqueBeanDefinitionException) {
			return null;
		}
		ClassLoader classLoader = repository.getClassLoader();
		FailureAnalysis unused = isOf(REPOSITORY, repository, classLoader)
				? analyzeUnused(repository.getName(), (description != null) ? description : "A component", cause)
				: null;
		if (unused != null) {
			return unused;
		}
		Class<?> entity = findEntity(repository, classLoader);
		List<String> annotations = ANNOTATIONS.keySet()
			.stream()
			.filter((factory) -> ClassUtils.isPresent(factory, classLoader))
			.map(ANNOTATIONS::get)
			.toList();
		if (entity == null || annotations.size() != 1 || !ClassUtils.isPresent(MONGO_FACTORY, classLoader)
				|| ClassUtils.isPresent(BOOT_MONGO, classLoader) || isIdentified(entity, annotations.get(0))) {
			return null;
		}
		return new FailureAnalysis("""
				%s required a bean of type '%s', which Spring Data did not create. The starter of AppDBs brings \
				Spring Data MongoDB. With several modules of Spring Data on the class path, each creates only the \
				repositories that it recognises as its own ('Could not safely identify store assignment for \
				repository candidate'). Neither the repository nor its entity '%s' says what its store is."""
			.formatted((description != null) ? description : "A component", repository.getName(), entity.getName()),
				advise(entity, annotations.get(0), classLoader), cause);
	}

	/**
	 * Analyzes the injection of a repository whose database is not used at present.
	 */
	private @Nullable FailureAnalysis analyzeUnused(String repository, String description,
			NoSuchBeanDefinitionException cause) {
		List<String> names = DatabaseNames.getAll(this.environment);
		String database = DatabasePackages
			.read(this.environment, names, List.of(), List.of(), new ConfigurationProblems())
			.findDatabase(repository);
		if (database == null || DatabaseNames.get(this.environment).contains(database)) {
			return null;
		}
		DisabledDatabase disabled = DisabledDatabase.findAll(this.environment).get(database);
		ConfigurationPropertyName include = DatabaseNames.getIncludeKey(this.environment);
		return new FailureAnalysis(
				"%s required a bean of type '%s', which belongs to the database '%s' ('%s'), %s".formatted(description,
						repository, database, DatabaseDefinition.key(database, "packages"),
						(disabled != null) ? "but the database is disabled: %s".formatted(disabled.reason())
								: "which is not in '%s'.".formatted(include)),
				(disabled != null) ? disabled.advice() + ", or remove the injection point."
						: "Add '%s' to '%s', or remove the injection point.".formatted(database, include),
				cause);
	}

	private String advise(Class<?> entity, String annotation, @Nullable ClassLoader classLoader) {
		String relational = "Annotate '%s' with @%s (%s)".formatted(entity.getName(),
				ClassUtils.getShortName(annotation), annotation);
		boolean mongo = DeclaredDatabase.readAll(this.environment, classLoader)
			.stream()
			.anyMatch((database) -> !database.isRelational());
		return mongo
				? "%s if its store is a relational database, or with @Document (%s) if it is MongoDB."
					.formatted(relational, DOCUMENT)
				: "%s. As the application has no MongoDB database, you can instead exclude 'org.springframework.data:spring-data-mongodb' from the dependency 'io.appdbs:appdbs-spring-boot-starter'."
					.formatted(relational);
	}

	/**
	 * Returns the entity of a repository or {@code null} if the type declares its store
	 * or is not a repository.
	 */
	private static @Nullable Class<?> findEntity(Class<?> repository, @Nullable ClassLoader classLoader) {
		if (!isOf(REPOSITORY, repository, classLoader)
				|| TYPES.stream().anyMatch((type) -> isOf(type, repository, classLoader))) {
			return null;
		}
		return ResolvableType.forClass(repository)
			.as(ClassUtils.resolveClassName(REPOSITORY, classLoader))
			.getGeneric(0)
			.resolve();
	}

	private static boolean isOf(String type, Class<?> repository, @Nullable ClassLoader classLoader) {
		return ClassUtils.isPresent(type, classLoader)
				&& ClassUtils.resolveClassName(type, classLoader).isAssignableFrom(repository);
	}

	private static boolean isIdentified(Class<?> entity, String annotation) {
		MergedAnnotations annotations = MergedAnnotations.from(entity, SearchStrategy.TYPE_HIERARCHY);
		return Stream.of(annotation, DOCUMENT).anyMatch(annotations::isPresent);
	}

}
