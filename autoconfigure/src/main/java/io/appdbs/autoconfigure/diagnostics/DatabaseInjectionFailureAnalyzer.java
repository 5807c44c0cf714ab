package io.appdbs.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.Databases;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.DisabledDatabase;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Analyzes an injection of a database's bean without a match: an unknown name, a bean
 * that this kind of database does not have, or a missing qualifier.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseInjectionFailureAnalyzer extends MissingBeanFailureAnalyzer {

	private static final String TRANSACTION_MANAGER = "transactionManager";

	private static final String DSL_CONTEXT = "org.jooq.DSLContext";

	private static final String BOOT_JOOQ = "org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration";

	private static final Map<DatabaseKind, List<String>> TYPES = Map.of(DatabaseKind.RELATIONAL,
			List.of("javax.sql.DataSource", "org.springframework.jdbc.core.JdbcTemplate",
					"org.springframework.jdbc.core.JdbcOperations",
					"org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate",
					"org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations",
					"org.springframework.jdbc.core.simple.JdbcClient", DSL_CONTEXT,
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
	 * Names and types of the beans that only a primary database has.
	 */
	private static final Map<String, Set<DatabaseKind>> OF_PRIMARY = Map.of("entityManagerFactory",
			Set.of(DatabaseKind.RELATIONAL), "jakarta.persistence.EntityManagerFactory",
			Set.of(DatabaseKind.RELATIONAL), "jakarta.persistence.EntityManager", Set.of(DatabaseKind.RELATIONAL),
			"mongoTemplate", Set.of(DatabaseKind.MONGODB), TRANSACTION_MANAGER, Set.of(DatabaseKind.values()));

	private final Environment environment;

	private final BeanFactory beanFactory;

	DatabaseInjectionFailureAnalyzer(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	@Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		FailedInjection injection = FailedInjection.find(rootFailure, cause, description, this.beanFactory);
		Class<?> type = injection.type();
		String ofPrimary = (type != null) ? type.getName() : String.valueOf(cause.getBeanName());
		if (!OF_PRIMARY.containsKey(ofPrimary) && (type == null || !isOurs(type))) {
			return null;
		}
		DisabledDatabase disabled = DisabledDatabase.findAll(this.environment).get(injection.qualifier());
		if (type != null && disabled != null) {
			return analyzeDisabled(cause, injection.required(type), disabled);
		}
		List<DeclaredDatabase> databases = DeclaredDatabase.readAll(this.environment, getClass().getClassLoader());
		if (databases.isEmpty()) {
			return (type != null) ? new UndeclaredDatabase(this.environment).analyze(cause, injection, type) : null;
		}
		if (!isOurs(cause, databases) || type == Databases.class) {
			return null;
		}
		if (type == null || OF_PRIMARY.containsKey(ofPrimary)) {
			String bean = "a bean %s '%s'".formatted((type != null) ? "of type" : "named", ofPrimary);
			return analyzeOfPrimary(cause, bean, injection.description(), equals(databases, ofPrimary),
					!ofPrimary.equals(TRANSACTION_MANAGER));
		}
		if (cause.getResolvableType() == null) {
			return analyzeResource(cause, injection.description(), type, databases);
		}
		String required = injection.required(type);
		return (injection.qualifier() != null)
				? analyzeQualified(cause, required, type, injection.qualifier(), databases)
				: analyzeUnqualified(cause, required, type, databases);
	}

	private static FailureAnalysis analyzeDisabled(NoSuchBeanDefinitionException cause, String required,
			DisabledDatabase database) {
		return new FailureAnalysis("%s of the database '%s', which is disabled: %s".formatted(required, database.name(),
				database.reason()), database.advice() + ", or remove the injection point.", cause);
	}

	private @Nullable FailureAnalysis analyzeQualified(NoSuchBeanDefinitionException cause, String required,
			Class<?> type, String qualifier, List<DeclaredDatabase> databases) {
		DeclaredDatabase database = databases.stream()
			.filter((candidate) -> candidate.name().equals(qualifier))
			.findFirst()
			.orElse(null);
		List<String> names = databases.stream().map(DeclaredDatabase::name).toList();
		if (database == null) {
			return new UndeclaredDatabase(this.environment).analyze(cause, required, qualifier, names,
					beanNames(type, databases));
		}
		if (isOurs(type, database.kind())) {
			return analyzeJooq(cause, required, type);
		}
		return new FailureAnalysis(
				"%s of the database '%s', which is %s and has no such bean.".formatted(required, qualifier,
						describe(database.kind())),
				"Inject one of %s, or use the name of another database. Known databases: %s."
					.formatted(simpleNames(database.kind()), String.join(", ", names)),
				cause);
	}

	/**
	 * Without Boot's module for jOOQ, the databases have no contexts of jOOQ.
	 */
	private static @Nullable FailureAnalysis analyzeJooq(NoSuchBeanDefinitionException cause, String required,
			Class<?> type) {
		return (type.getName().equals(DSL_CONTEXT) && !ClassUtils.isPresent(BOOT_JOOQ, type.getClassLoader()))
				? new FailureAnalysis(
						"%s. jOOQ is on the class path, but Spring Boot's module for it is not.".formatted(required),
						"Add the dependency 'org.springframework.boot:spring-boot-starter-jooq'.", cause)
				: null;
	}

	private static @Nullable FailureAnalysis analyzeUnqualified(NoSuchBeanDefinitionException cause, String required,
			Class<?> type, List<DeclaredDatabase> databases) {
		String names = databases.stream()
			.filter((database) -> isOurs(type, database.kind()))
			.map(DeclaredDatabase::name)
			.collect(Collectors.joining(", "));
		FailureAnalysis withoutModule = analyzeJooq(cause, required, type);
		if (names.isEmpty() || withoutModule != null) {
			return withoutModule;
		}
		return new FailureAnalysis(
				"%s without a qualifier, which is needed to select one of the databases: %s.".formatted(required,
						names),
				"Add @Qualifier with one of these names to the injection point. Alternatively, set 'app.dbs.<name>.primary' to true: every injection point of this type without qualifier then gets that database.",
				cause);
	}

	/**
	 * {@code @Resource} names a bean, not a qualifier.
	 */
	private static @Nullable FailureAnalysis analyzeResource(NoSuchBeanDefinitionException cause, String description,
			Class<?> type, List<DeclaredDatabase> databases) {
		String name = String.valueOf(cause.getBeanName());
		Map<String, String> beanNames = beanNames(type, databases);
		if (beanNames.isEmpty()) {
			return null;
		}
		String database = NearestName.find(name, beanNames.keySet());
		String beanName = (database != null) ? beanNames.get(database) : NearestName.find(name, beanNames.values());
		return new FailureAnalysis(
				"%s required a bean named '%s' of type '%s', and no bean has that name.".formatted(description, name,
						type.getName()),
				"%sUse the name of a bean in @Resource. Known names: %s.".formatted(
						(beanName != null) ? "Did you mean '%s'? ".formatted(beanName) : "",
						String.join(", ", beanNames.values())),
				cause);
	}

	/**
	 * Spring Data and JPA require some beans that only the primary database has.
	 */
	private @Nullable FailureAnalysis analyzeOfPrimary(NoSuchBeanDefinitionException cause, String bean,
			String description, List<DeclaredDatabase> equals, boolean entities) {
		if (equals.size() < 2 || equals.stream().anyMatch(DeclaredDatabase::primary)) {
			return null;
		}
		String names = equals.stream().map(DeclaredDatabase::name).collect(Collectors.joining(", "));
		return new FailureAnalysis(
				"%s required %s, which only a primary database has, but none of the databases is primary: %s."
					.formatted(description, bean, names),
				(entities
						? "Set 'app.dbs.<name>.packages' to the packages of the entities and repositories of a database. Alternatively, refer"
						: "Refer")
						+ " to the bean of one database by its name, or set 'app.dbs.<name>.primary' to true for one of these names. Every injection point of this type without qualifier then gets that database.",
				cause);
	}

	private static List<DeclaredDatabase> equals(List<DeclaredDatabase> databases, String ofPrimary) {
		Set<DatabaseKind> kinds = OF_PRIMARY.getOrDefault(ofPrimary, Set.of());
		if (kinds.size() > 1 && databases.stream().anyMatch(DeclaredDatabase::isRelational)) {
			// a bean that all kinds have belongs to a relational database
			return databases.stream().filter(DeclaredDatabase::isRelational).toList();
		}
		return databases.stream().filter((database) -> kinds.contains(database.kind())).toList();
	}

	/**
	 * Returns whether all candidates of an injection, if any, are beans of databases.
	 */
	private static boolean isOurs(NoSuchBeanDefinitionException cause, List<DeclaredDatabase> databases) {
		Collection<String> candidates = (cause instanceof NoUniqueBeanDefinitionException notUnique)
				? Objects.requireNonNullElse(notUnique.getBeanNamesFound(), List.of("")) : List.of();
		return candidates.stream()
			.allMatch((candidate) -> databases.stream()
				.anyMatch((database) -> candidate.startsWith(database.beanName(""))));
	}

	private static boolean isOurs(Class<?> type) {
		return type == Databases.class || isOurs(type, DatabaseKind.RELATIONAL) || isOurs(type, DatabaseKind.MONGODB);
	}

	private static boolean isOurs(Class<?> type, DatabaseKind kind) {
		return TYPES.getOrDefault(kind, List.of()).contains(type.getName());
	}

	/**
	 * Returns the bean name of each database for a type.
	 */
	private static Map<String, String> beanNames(Class<?> type, List<DeclaredDatabase> databases) {
		String suffix = type.getSimpleName()
			.replace("Operations", "Template")
			.replace("DSL", "Dsl")
			.replaceFirst("^(Platform|Mongo)(?=TransactionManager)", "");
		Map<String, String> beanNames = new LinkedHashMap<>();
		databases.stream()
			.filter((database) -> isOurs(type, database.kind()))
			.forEach((database) -> beanNames.put(database.name(), database.beanName(suffix)));
		return beanNames;
	}

	private static String describe(DatabaseKind kind) {
		return (kind == DatabaseKind.MONGODB) ? "a MongoDB database" : "a relational database";
	}

	private static String simpleNames(DatabaseKind kind) {
		return TYPES.getOrDefault(kind, List.of())
			.stream()
			.filter((name) -> ClassUtils.isPresent(name, DatabaseInjectionFailureAnalyzer.class.getClassLoader()))
			.map((name) -> name.substring(name.lastIndexOf('.') + 1))
			.collect(Collectors.joining(", "));
	}

}
