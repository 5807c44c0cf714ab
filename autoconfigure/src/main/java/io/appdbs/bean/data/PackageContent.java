package io.appdbs.bean.data;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.bean.jpa.PersistenceUnits;
import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.ClassMetadata;

/**
 * What the packages of a database contain.
 *
 * @param managedTypes the names of the classes that JPA manages
 * @param annotated the entities of any module, and the other annotated classes of JPA
 * @param repositories the repositories
 */
record PackageContent(List<String> managedTypes, List<AnnotationMetadata> annotated,
		List<DatabaseRepository> repositories) {

	private static final String CONVERTER = "jakarta.persistence.Converter";

	private static final String LISTENERS = "jakarta.persistence.EntityListeners";

	static final String ENTITY = "jakarta.persistence.Entity";

	static final String DOCUMENT = "org.springframework.data.mongodb.core.mapping.Document";

	static final String TABLE = "org.springframework.data.relational.core.mapping.Table";

	/**
	 * Finds the classes in the packages of a database, without those in sub-packages of
	 * another one.
	 */
	static PackageContent find(DeclaredDatabase database, DatabasePackages packages, ResourceLoader resourceLoader,
			List<DatabaseRepository> repositories, PersistenceModules modules) {
		String name = database.name();
		List<String> own = packages.get(name);
		List<String> managedTypes = (database.isRelational() && modules.jpa()) ? PersistenceUnits.scan(resourceLoader,
				own, (className) -> name.equals(packages.findDatabase(className))) : List.of();
		List<AnnotationMetadata> annotated = new ClassFiles(resourceLoader)
			.findAnnotated(own, ENTITY, DOCUMENT, TABLE, CONVERTER, LISTENERS)
			.stream()
			.filter((type) -> name.equals(packages.findDatabase(type.getClassName())))
			.toList();
		List<DatabaseRepository> found = repositories.stream()
			.filter((repository) -> name.equals(packages.findDatabase(repository.type().getName())))
			.toList();
		return new PackageContent(managedTypes, annotated, found);
	}

	/**
	 * Returns the names of all entities, of any module.
	 */
	List<String> entities() {
		return Stream.of(ENTITY, DOCUMENT, TABLE).map(this::entitiesWith).flatMap(List::stream).toList();
	}

	/**
	 * Returns the names of the entities with an annotation.
	 */
	List<String> entitiesWith(String annotation) {
		return this.annotated.stream()
			.filter((entity) -> entity.hasAnnotation(annotation))
			.map(ClassMetadata::getClassName)
			.toList();
	}

	/**
	 * Returns the attribute converters and entity listeners that JPA uses.
	 */
	Collection<String> getContainedTypes() {
		Set<String> types = new LinkedHashSet<>();
		for (AnnotationMetadata type : this.annotated) {
			if (this.managedTypes.contains(type.getClassName())) {
				Map<String, @Nullable Object> listeners = type.getAnnotationAttributes(LISTENERS, true);
				if (listeners != null && listeners.get("value") instanceof String[] names) {
					types.addAll(List.of(names));
				}
				if (type.hasAnnotation(CONVERTER)) {
					types.add(type.getClassName());
				}
			}
		}
		return types;
	}

}
