package io.appdbs.bean.data;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.engine.Dependency;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Rejects packages without effect, and entities and repositories in the packages of a
 * database that cannot have them.
 *
 * @param database the database
 * @param packages the packages of all databases
 * @param modules the libraries on the class path
 * @param roots the packages of the application
 * @param mappedInXml whether entities of JPA may be mapped in XML
 * @param resourceLoader loads class files
 * @param problems where problems are reported
 */
record PackageValidator(DeclaredDatabase database, DatabasePackages packages, PersistenceModules modules,
		List<String> roots, boolean mappedInXml, ResourceLoader resourceLoader, ConfigurationProblems problems) {

	void validate(PackageContent content) {
		this.packages.get(this.database.name()).forEach((packageName) -> validatePackage(packageName, content));
		validateEntities(content);
		content.repositories().forEach((repository) -> validateRepository(repository, content));
	}

	private void validatePackage(String packageName, PackageContent content) {
		boolean used = Stream
			.of(content.managedTypes().stream(), content.entities().stream(),
					content.repositories().stream().map((repository) -> repository.type().getName()))
			.flatMap((classNames) -> classNames)
			.anyMatch((className) -> className.startsWith(packageName + "."));
		if (!used) {
			boolean present = new ClassFiles(this.resourceLoader).isPresent(packageName);
			add("%s has the package '%s', which has %s.".formatted(this.packages.getPlace(packageName), packageName,
					present ? "neither entities nor repositories" : "no classes"), suggest(packageName));
		}
	}

	private String suggest(String packageName) {
		List<String> known = new ClassFiles(this.resourceLoader)
			.findAnnotated(this.roots, PackageContent.ENTITY, PackageContent.DOCUMENT, PackageContent.TABLE)
			.stream()
			.map((entity) -> ClassUtils.getPackageName(entity.getClassName()))
			.distinct()
			.toList();
		return known.isEmpty() ? "Correct the name of the package, or remove it."
				: KnownKeys.suggest(packageName, "packages with entities", known);
	}

	/**
	 * Spring Data would map the entity of another module without an error.
	 */
	private void validateEntities(PackageContent content) {
		if (!this.database.isRelational()) {
			rejectEntities(content.entitiesWith(PackageContent.ENTITY), "JPA", "MongoDB");
			rejectEntities(content.entitiesWith(PackageContent.TABLE), "Spring Data JDBC", "MongoDB");
			return;
		}
		rejectEntities(content.entitiesWith(PackageContent.DOCUMENT), "MongoDB", "relational");
		List<String> entities = content.entitiesWith(PackageContent.ENTITY);
		if (!this.modules.jpa() && !entities.isEmpty()) {
			add("its packages have entities for JPA, but 'org.springframework.boot:spring-boot-starter-data-jpa' is not on the class path: %s."
				.formatted(quote(entities)),
					Dependency.advice(List.of("org.springframework.boot:spring-boot-starter-data-jpa")));
		}
	}

	private void rejectEntities(List<String> entities, String module, String kind) {
		if (!entities.isEmpty()) {
			add("its packages have entities for %s, but the database is %s: %s.".formatted(module, kind,
					quote(entities)),
					"Move them to a package of a %s database."
						.formatted(module.equals("MongoDB") ? module : "relational"));
		}
	}

	private void validateRepository(DatabaseRepository repository, PackageContent content) {
		String entity = repository.domainType().getName();
		String owner = this.packages.findDatabase(entity);
		if (owner != null && !owner.equals(this.database.name())) {
			add("the repository '%s' is in a package of the database, but its entity '%s' belongs to database '%s' (%s)."
				.formatted(repository, entity, owner, getPlace(entity)),
					"Move '%s' to a package of database '%s', or its entity to a package of database '%s'."
						.formatted(repository, owner, this.database.name()));
		}
		else if (this.database.isRelational() && repository.isMongo() && !repository.isJpa()) {
			add("the repository '%s' is for MongoDB, but the database is relational.".formatted(repository),
					"Move '%s' to a package of a MongoDB database.".formatted(repository));
		}
		else if (repository.reactive() && !this.database.isRelational()) {
			rejectReactive(repository);
		}
		else if (repository.reactive()) {
			add("the repository '%s' is reactive, but the database has no reactive client.".formatted(repository),
					"Extend a repository type that is not reactive in '%s'.".formatted(repository));
		}
		else if (this.database.isRelational() && this.modules.isJpa(repository)
				&& !content.managedTypes().contains(entity) && !this.mappedInXml) {
			rejectUnmanaged(repository, entity, owner);
		}
	}

	/**
	 * A missing library is reported with the settings of the database.
	 */
	private void rejectReactive(DatabaseRepository repository) {
		if (!this.database.reactive()) {
			String key = this.database.key("mongo.reactive");
			add("the repository '%s' is reactive, but '%s' is not true.".formatted(repository, key),
					"Set '%s' to true, or extend a repository type that is not reactive in '%s'.".formatted(key,
							repository));
		}
	}

	private void rejectUnmanaged(DatabaseRepository repository, String entity, @Nullable String owner) {
		String packageName = ClassUtils.getPackageName(entity);
		if (owner == null) {
			add("the repository '%s' is in a package of the database, but its entity '%s' is in no package of a database."
				.formatted(repository, entity),
					"Move the entity to a package of the database, or add '%s' to '%s'.".formatted(packageName,
							this.database.key("packages")));
		}
		else {
			add("the repository '%s' is for JPA, but its entity '%s' has no @Entity annotation.".formatted(repository,
					entity), "Add @Entity (jakarta.persistence.Entity) to '%s'.".formatted(entity));
		}
	}

	private String getPlace(String className) {
		String name = className;
		while (!this.packages.claims().containsKey(name)) {
			name = ClassUtils.getPackageName(name);
		}
		return this.packages.getPlace(name);
	}

	private void add(String message, String action) {
		this.problems.add(this.database.route() ? null : this.database.name(), this.database.key("packages"), null,
				this.database.prefix() + message, action);
	}

	static String quote(List<String> names) {
		return names.stream().map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
	}

}
