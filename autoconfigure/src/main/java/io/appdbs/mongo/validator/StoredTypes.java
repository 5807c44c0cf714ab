package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.bson.Document;
import org.bson.types.BSONTimestamp;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.util.ClassUtils;

/**
 * The BSON types as which values of a Java type are stored.
 */
final class StoredTypes {

	private static final String STRING = "string";

	/** Any of them, as other writers choose another one for the same number. */
	private static final List<String> NUMBERS = List.of("int", "long", "double", "decimal");

	private static final String NUMBER = "number";

	private static final String DATE = "date";

	static final String OBJECT = "object";

	static final String OBJECT_ID = "objectId";

	/** What Spring Data converts to a decimal with the same value. */
	private static final Set<Class<?>> EXACT = Set.of(BigDecimal.class, BigInteger.class);

	private static final Map<Class<?>, String> TYPES = createTypes();

	private final MongoCustomConversions conversions;

	private final ConverterSources sources;

	StoredTypes(MongoCustomConversions conversions) {
		this.conversions = conversions;
		this.sources = ConverterSources.of(conversions);
	}

	private static Map<Class<?>, String> createTypes() {
		Map<Class<?>, String> types = new LinkedHashMap<>();
		Stream.of(String.class, Character.class).forEach((type) -> types.put(type, STRING));
		types.put(Boolean.class, "bool");
		Stream
			.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class, BigDecimal.class,
					Decimal128.class, Number.class)
			.forEach((type) -> types.put(type, NUMBER));
		Stream.of(Date.class, Instant.class, LocalDate.class, LocalDateTime.class, LocalTime.class)
			.forEach((type) -> types.put(type, DATE));
		Stream.of(UUID.class, byte[].class, Binary.class).forEach((type) -> types.put(type, "binData"));
		Stream.of(Document.class, Map.class).forEach((type) -> types.put(type, OBJECT));
		types.put(ObjectId.class, OBJECT_ID);
		types.put(Pattern.class, "regex");
		types.put(BSONTimestamp.class, "timestamp");
		return types;
	}

	/**
	 * Returns how values of a type that is neither an entity nor a container are stored.
	 * @return the types, {@code null} if they are not known
	 */
	@Nullable List<String> find(Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		if (boxed == Number.class || this.sources.mayDiffer(boxed)) {
			return null;
		}
		Class<?> target = this.conversions.getCustomWriteTarget(boxed).orElse(null);
		if (target == null && boxed == Map.class) {
			return null;
		}
		String stored = TYPES.get((target != null) ? ClassUtils.resolvePrimitiveIfNecessary(target) : boxed);
		if (stored == null) {
			return (target == null && boxed.isEnum()) ? List.of(STRING) : null;
		}
		return stored.equals(NUMBER) ? NUMBERS : List.of(stored);
	}

	/**
	 * Returns how an identifier is stored. A generated identifier is an {@code ObjectId},
	 * as is every string that can be one.
	 * @param types how values of its type are stored
	 */
	static List<String> ofIdentifier(List<String> types) {
		return Stream.concat(types.stream(), Stream.of(OBJECT_ID, types.contains(OBJECT_ID) ? STRING : OBJECT_ID))
			.distinct()
			.toList();
	}

	/**
	 * Returns whether a converter writes values of the type, or of one of its subtypes.
	 */
	boolean hasConverter(Class<?> type) {
		return this.conversions.hasCustomWriteTarget(type) || this.sources.mayDiffer(type);
	}

	/**
	 * Returns whether values of a type are stored as they are, so that constraints on
	 * them apply to what is stored.
	 */
	boolean isUnchanged(Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		Class<?> target = this.conversions.getCustomWriteTarget(boxed).orElse(null);
		if (this.sources.mayDiffer(boxed)) {
			return false;
		}
		return target == null || target == Number.class || target == Decimal128.class && EXACT.contains(boxed);
	}

	/**
	 * Returns whether the values of a type are its constants by name.
	 */
	boolean isPlainEnum(Class<?> type) {
		return type.isEnum() && !this.conversions.hasCustomWriteTarget(type);
	}

	/**
	 * Returns whether a value of the type may be something else than a document. An
	 * interface can be implemented by an enum, and types of the JDK have no mapping.
	 */
	static boolean isOpen(Class<?> type) {
		return type == Object.class || type.isInterface() || type.getName().startsWith("java.");
	}

}
