package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes the injection of a reactive bean of a MongoDB database that has none, or that
 * a qualifier has to select.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ReactiveInjectionFailureAnalyzer extends MissingBeanFailureAnalyzer {

	private static final Set<String> TYPES = Set.of("com.mongodb.reactivestreams.client.MongoClient",
			"org.springframework.data.mongodb.ReactiveMongoDatabaseFactory",
			"org.springframework.data.mongodb.ReactiveMongoTransactionManager",
			"org.springframework.data.mongodb.core.ReactiveMongoOperations",
			"org.springframework.data.mongodb.core.ReactiveMongoTemplate",
			"org.springframework.transaction.ReactiveTransactionManager",
			"org.springframework.transaction.reactive.TransactionalOperator");

	private final Environment environment;

	private final BeanFactory beanFactory;

	ReactiveInjectionFailureAnalyzer(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	@Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		FailedInjection injection = FailedInjection.find(rootFailure, cause, description, this.beanFactory);
		Class<?> type = injection.type();
		List<DeclaredDatabase> databases = DeclaredDatabase.readAll(this.environment, getClass().getClassLoader())
			.stream()
			.filter((database) -> !database.isRelational())
			.toList();
		if (type == null || !TYPES.contains(type.getName()) || databases.isEmpty()
				|| cause instanceof NoUniqueBeanDefinitionException) {
			return null;
		}
		boolean others = type.getName().startsWith("org.springframework.transaction.");
		return analyze(cause, injection.required(type), injection.qualifier(), others, databases);
	}

	/**
	 * Analyzes the injection.
	 * @param others whether databases of other kinds may have such a bean
	 */
	private static @Nullable FailureAnalysis analyze(NoSuchBeanDefinitionException cause, String required,
			@Nullable String qualifier, boolean others, List<DeclaredDatabase> databases) {
		List<DeclaredDatabase> reactive = databases.stream().filter(DeclaredDatabase::reactive).toList();
		if (qualifier == null && !reactive.isEmpty()) {
			return new FailureAnalysis("%s without a qualifier, which is needed to select one of the databases: %s."
				.formatted(required, names(reactive)), "Add @Qualifier with one of these names to the injection point.",
					cause);
		}
		if (qualifier == null) {
			return others ? null
					: new FailureAnalysis(
							"%s, but 'mongo.reactive' is true for none of the databases: %s.".formatted(required,
									names(databases)),
							"Set 'app.dbs.<name>.mongo.reactive' to true for one of these names.", cause);
		}
		return databases.stream()
			.filter((database) -> database.name().equals(qualifier) && !database.reactive())
			.map((database) -> DatabaseDefinition.key(database.name(), "mongo.reactive"))
			.map((key) -> new FailureAnalysis(
					"%s of the database '%s', but '%s' is not true.".formatted(required, qualifier, key),
					"Set '%s' to true.".formatted(key), cause))
			.findFirst()
			.orElse(null);
	}

	private static String names(List<DeclaredDatabase> databases) {
		return databases.stream().map(DeclaredDatabase::name).collect(Collectors.joining(", "));
	}

}
