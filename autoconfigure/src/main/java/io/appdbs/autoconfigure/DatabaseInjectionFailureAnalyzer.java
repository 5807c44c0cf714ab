package io.appdbs.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.engine.DatabaseKind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
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

	private final Environment environment;

	DatabaseInjectionFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		if (type == null || cause.getNumberOfBeansFound() != 0 || !isOurs(type)) {
			return null;
		}
		List<NamedDatabase> databases = NamedDatabases.find(this.environment, getClass().getClassLoader());
		if (databases.isEmpty()) {
			return null;
		}
		String injection = "%s required a bean of type '%s'"
			.formatted((description != null) ? description : "A component", type.resolve(Object.class).getName());
		String qualifier = findQualifier(rootFailure);
		return (qualifier != null) ? analyzeQualified(cause, injection, type, qualifier, databases)
				: analyzeUnqualified(cause, injection, type, databases);
	}

	private @Nullable FailureAnalysis analyzeQualified(NoSuchBeanDefinitionException cause, String injection,
			ResolvableType type, String qualifier, List<NamedDatabase> databases) {
		NamedDatabase database = databases.stream()
			.filter((candidate) -> candidate.name().equals(qualifier))
			.findFirst()
			.orElse(null);
		String names = databases.stream().map(NamedDatabase::name).collect(Collectors.joining(", "));
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
			ResolvableType type, List<NamedDatabase> databases) {
		String names = databases.stream()
			.filter((database) -> isOurs(type, database.kind()))
			.map(NamedDatabase::name)
			.collect(Collectors.joining(", "));
		if (names.isEmpty()) {
			return null;
		}
		return new FailureAnalysis("%s without saying of which database. Known: %s.".formatted(injection, names),
				"Add @Qualifier with one of the known names to the injection point, or set 'app.dbs.<name>.primary' to true for the database that it should get.",
				cause);
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
