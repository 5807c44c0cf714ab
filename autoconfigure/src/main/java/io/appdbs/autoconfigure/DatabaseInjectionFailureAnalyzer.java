package io.appdbs.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.engine.DatabaseKind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains an injection of a database's bean that nothing matches: an unknown name, a
 * bean that this kind of database does not have, or a missing qualifier.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseInjectionFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final Map<DatabaseKind, List<String>> TYPES = Map.of(DatabaseKind.RELATIONAL,
			List.of("javax.sql.DataSource", "org.springframework.jdbc.core.JdbcTemplate",
					"org.springframework.jdbc.core.JdbcOperations",
					"org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate",
					"org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations",
					"org.springframework.jdbc.core.simple.JdbcClient",
					"org.springframework.transaction.PlatformTransactionManager",
					"org.springframework.transaction.support.TransactionTemplate"),
			DatabaseKind.MONGODB,
			List.of("com.mongodb.client.MongoClient", "org.springframework.data.mongodb.MongoDatabaseFactory",
					"org.springframework.data.mongodb.core.MongoTemplate",
					"org.springframework.data.mongodb.core.MongoOperations",
					"org.springframework.data.mongodb.MongoTransactionManager",
					"org.springframework.transaction.PlatformTransactionManager",
					"org.springframework.transaction.support.TransactionTemplate"));

	/**
	 * Names and types of what only a primary database has.
	 */
	private static final Map<String, Set<DatabaseKind>> OF_PRIMARY = Map.of("entityManagerFactory",
			Set.of(DatabaseKind.RELATIONAL), "jakarta.persistence.EntityManagerFactory",
			Set.of(DatabaseKind.RELATIONAL), "jakarta.persistence.EntityManager", Set.of(DatabaseKind.RELATIONAL),
			"mongoTemplate", Set.of(DatabaseKind.MONGODB), "transactionManager", Set.of(DatabaseKind.values()));

	private final Environment environment;

	DatabaseInjectionFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		String ofPrimary = (type != null) ? type.resolve(Object.class).getName() : String.valueOf(cause.getBeanName());
		if (!OF_PRIMARY.containsKey(ofPrimary) && (type == null || !isOurs(type))) {
			return null;
		}
		String qualifier = findQualifier(rootFailure);
		DisabledDatabase disabled = (qualifier != null) ? DisabledDatabase.findAll(this.environment).get(qualifier)
				: null;
		if (type != null && disabled != null) {
			return analyzeDisabled(cause, injection(type, description), disabled);
		}
		List<DeclaredDatabase> databases = DeclaredDatabase.readAll(this.environment, getClass().getClassLoader());
		if (databases.isEmpty() || !isOurs(cause, databases)) {
			return null;
		}
		if (type == null || OF_PRIMARY.containsKey(ofPrimary)) {
			String bean = "a bean %s '%s'".formatted((type != null) ? "of type" : "named", ofPrimary);
			return analyzeOfPrimary(cause, bean, description, equals(databases, ofPrimary));
		}
		String injection = injection(type, description);
		return (qualifier != null) ? analyzeQualified(cause, injection, type, qualifier, databases)
				: analyzeUnqualified(cause, injection, type, databases);
	}

	private static String injection(ResolvableType type, @Nullable String description) {
		return "%s required a bean of type '%s'".formatted((description != null) ? description : "A component",
				type.resolve(Object.class).getName());
	}

	private static FailureAnalysis analyzeDisabled(NoSuchBeanDefinitionException cause, String injection,
			DisabledDatabase database) {
		return new FailureAnalysis("%s of the database '%s', which is disabled: %s".formatted(injection,
				database.name(), database.reason()), database.advice() + ", or remove the injection point.", cause);
	}

	private @Nullable FailureAnalysis analyzeQualified(NoSuchBeanDefinitionException cause, String injection,
			ResolvableType type, String qualifier, List<DeclaredDatabase> databases) {
		DeclaredDatabase database = databases.stream()
			.filter((candidate) -> candidate.name().equals(qualifier))
			.findFirst()
			.orElse(null);
		String names = databases.stream().map(DeclaredDatabase::name).collect(Collectors.joining(", "));
		if (database == null) {
			return new FailureAnalysis(
					"%s of the database '%s', and no database has that name. Known: %s.".formatted(injection, qualifier,
							names),
					"Use one of the known names in @Qualifier, or configure the database with 'app.dbs.%s.url'."
						.formatted(qualifier),
					cause);
		}
		if (isOurs(type, database.kind())) {
			return null;
		}
		return new FailureAnalysis(
				"%s of the database '%s', which is %s and has no such bean.".formatted(injection, qualifier,
						describe(database.kind())),
				"Inject one of %s, or name another database. Known: %s.".formatted(simpleNames(database.kind()), names),
				cause);
	}

	private @Nullable FailureAnalysis analyzeUnqualified(NoSuchBeanDefinitionException cause, String injection,
			ResolvableType type, List<DeclaredDatabase> databases) {
		String names = databases.stream()
			.filter((database) -> isOurs(type, database.kind()))
			.map(DeclaredDatabase::name)
			.collect(Collectors.joining(", "));
		if (names.isEmpty()) {
			return null;
		}
		return new FailureAnalysis("%s without saying of which database. Known: %s.".formatted(injection, names),
				"Add @Qualifier with one of the known names to the injection point, or set 'app.dbs.<name>.primary' to true for the database that it should get.",
				cause);
	}

	/**
	 * Spring Data and JPA want some beans that only the primary database has.
	 */
	private @Nullable FailureAnalysis analyzeOfPrimary(NoSuchBeanDefinitionException cause, String bean,
			@Nullable String description, List<DeclaredDatabase> equals) {
		if (equals.size() < 2 || equals.stream().anyMatch(DeclaredDatabase::primary)) {
			return null;
		}
		String names = equals.stream().map(DeclaredDatabase::name).collect(Collectors.joining(", "));
		return new FailureAnalysis(
				"%s required %s, which only a primary database has, and none of several is primary. Known: %s."
					.formatted((description != null) ? description : "A component", bean, names),
				"Set 'app.dbs.<name>.primary' to true for one of the known names, or refer to the bean of one database by its own name.",
				cause);
	}

	private static List<DeclaredDatabase> equals(List<DeclaredDatabase> databases, String ofPrimary) {
		Set<DatabaseKind> kinds = OF_PRIMARY.getOrDefault(ofPrimary, Set.of());
		if (kinds.size() > 1 && databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			// a primary MongoDB database does not get what all kinds have
			return databases.stream().filter(DeclaredDatabase::isRelational).toList();
		}
		return databases.stream().filter((database) -> kinds.contains(database.kind())).toList();
	}

	private @Nullable String findQualifier(Throwable failure) {
		UnsatisfiedDependencyException unsatisfied = findCause(failure, UnsatisfiedDependencyException.class);
		InjectionPoint injectionPoint = (unsatisfied != null) ? unsatisfied.getInjectionPoint() : null;
		if (injectionPoint == null) {
			return null;
		}
		MergedAnnotation<Qualifier> qualifier = MergedAnnotations.from(injectionPoint.getAnnotations())
			.get(Qualifier.class);
		return qualifier.isPresent() ? qualifier.getString(MergedAnnotation.VALUE) : null;
	}

	/**
	 * Return whether the candidates of an injection, if there were any, are all beans of
	 * databases.
	 */
	private static boolean isOurs(NoSuchBeanDefinitionException cause, List<DeclaredDatabase> databases) {
		Collection<String> candidates = (cause instanceof NoUniqueBeanDefinitionException notUnique)
				? Objects.requireNonNullElse(notUnique.getBeanNamesFound(), List.of("")) : List.of();
		return candidates.stream()
			.allMatch((candidate) -> databases.stream()
				.anyMatch((database) -> candidate.startsWith(database.beanName(""))));
	}

	private static boolean isOurs(ResolvableType type) {
		return isOurs(type, DatabaseKind.RELATIONAL) || isOurs(type, DatabaseKind.MONGODB);
	}

	private static boolean isOurs(ResolvableType type, DatabaseKind kind) {
		return TYPES.getOrDefault(kind, List.of()).contains(type.resolve(Object.class).getName());
	}

	private static String describe(DatabaseKind kind) {
		return (kind == DatabaseKind.MONGODB) ? "a MongoDB database" : "a relational database";
	}

	private static String simpleNames(DatabaseKind kind) {
		return TYPES.getOrDefault(kind, List.of())
			.stream()
			.map((name) -> name.substring(name.lastIndexOf('.') + 1))
			.collect(Collectors.joining(", "));
	}

}
