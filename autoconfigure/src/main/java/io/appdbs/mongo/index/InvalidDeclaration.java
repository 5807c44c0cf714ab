package io.appdbs.mongo.index;

import java.util.stream.Stream;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mapping.PropertyHandler;
import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.index.CompoundIndexes;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.index.MongoPersistentEntityIndexResolver;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.data.mongodb.core.mapping.MongoPersistentProperty;

/**
 * Finds the annotation for which Spring Data has thrown an exception that does not name
 * it.
 */
final class InvalidDeclaration extends MongoPersistentEntityIndexResolver {

	InvalidDeclaration(MongoMappingContext context) {
		super(context);
	}

	/**
	 * Returns the first property of an entity whose annotation is not valid.
	 * @return the name of the property or {@code null} if none of them is the reason
	 */
	@Nullable String findProperty(MongoPersistentEntity<?> entity) {
		String[] found = new String[1];
		entity.doWithProperties((PropertyHandler<MongoPersistentProperty>) (property) -> {
			if (found[0] == null && property.isAnnotationPresent(Indexed.class) && !isValid(property)) {
				found[0] = property.getName();
			}
		});
		return found[0];
	}

	private boolean isValid(MongoPersistentProperty property) {
		try {
			createIndexDefinition(property.getFieldName(), property.getFieldName(), property);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Returns the first definition of a compound index that is no document.
	 * @return the definition and the name of the index, or {@code null} if none of them
	 * is the reason
	 */
	static @Nullable String findDefinition(MongoPersistentEntity<?> entity) {
		CompoundIndexes several = entity.findAnnotation(CompoundIndexes.class);
		CompoundIndex one = entity.findAnnotation(CompoundIndex.class);
		return Stream.concat((several != null) ? Stream.of(several.value()) : Stream.empty(), Stream.ofNullable(one))
			.filter((index) -> !index.def().contains("#{") && !isDocument(index.def()))
			.map((index) -> "\"%s\"%s".formatted(index.def(),
					index.name().isEmpty() ? "" : " of the index '%s'".formatted(index.name())))
			.findFirst()
			.orElse(null);
	}

	private static boolean isDocument(String text) {
		try {
			Document.parse(text);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

}
