package io.appdbs.mongo.validator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.appdbs.mongo.MongoModel;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

import org.springframework.data.core.TypeInformation;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.Encrypted;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;
import org.springframework.data.mongodb.core.mapping.MongoPersistentProperty;

/**
 * Creates the JSON schemas of entities. Every document that the mapping writes is valid
 * if its entity is, so a field has no type if the mapping can write several.
 * <p>
 * Spring Data's {@code MongoJsonSchemaCreator} promises less: its schema has the declared
 * types.
 */
final class EntitySchemas {

	/** More levels would make the schema larger, but hardly better. */
	private static final int MAX_DEPTH = 8;

	private final MongoMappingContext mappingContext;

	private final MongoCustomConversions conversions;

	private final StoredTypes types;

	EntitySchemas(MongoModel model) {
		this.mappingContext = model.getMappingContext();
		this.conversions = model.getConversions();
		this.types = new StoredTypes(this.conversions);
	}

	/**
	 * Returns whether a converter of the application writes the entity, which says
	 * nothing about its fields.
	 */
	boolean hasConverter(MongoPersistentEntity<?> entity) {
		return this.types.hasConverter(entity.getType());
	}

	/**
	 * Creates the schema of an entity.
	 */
	EntitySchema create(MongoPersistentEntity<?> entity) {
		List<String> leftOut = new ArrayList<>();
		Document schema = new Document("bsonType", StoredTypes.OBJECT);
		schema.putAll(new Walk(leftOut).describe(entity, "", true));
		return new EntitySchema(schema, leftOut);
	}

	/**
	 * One walk through an entity and those that are part of it.
	 */
	private final class Walk {

		private final List<String> leftOut;

		private final Deque<TypeInformation<?>> entities = new ArrayDeque<>();

		Walk(List<String> leftOut) {
			this.leftOut = leftOut;
		}

		/**
		 * Returns the rules for the fields of an entity.
		 */
		Document describe(MongoPersistentEntity<?> entity, String prefix, boolean constrained) {
			Document properties = new Document();
			List<String> required = new ArrayList<>();
			this.entities.push(entity.getTypeInformation());
			addProperties(entity, prefix, constrained, properties, required);
			this.entities.pop();
			Document rules = new Document();
			if (!required.isEmpty()) {
				rules.put("required", required);
			}
			if (!properties.isEmpty()) {
				rules.put("properties", properties);
			}
			return rules;
		}

		private void addProperties(MongoPersistentEntity<?> entity, String prefix, boolean constrained,
				Document properties, List<String> required) {
			for (MongoPersistentProperty property : entity) {
				if (!property.isWritable()) {
					continue;
				}
				if (property.isUnwrapped()) {
					addUnwrapped(property, prefix, constrained, properties, required);
					continue;
				}
				String field = property.getFieldName();
				ValueSchema value = new ValueSchema(prefix + field, this.leftOut);
				describe(property, value, constrained);
				Document schema = value.toDocument();
				if (isPath(field)) {
					// the parts of the path may be fields of other properties as well
					if (value.isRequired()) {
						value.leaveOut("not null, since the name of the field has a dot");
					}
					continue;
				}
				if (value.isRequired() && !entity.isIdProperty(property)) {
					required.add(field);
				}
				if (!schema.isEmpty()) {
					properties.put(field, schema);
				}
			}
		}

		private static boolean isPath(String field) {
			return field.indexOf('.') >= 0 || field.startsWith("$");
		}

		/**
		 * The fields of an unwrapped property are those of the entity. All are missing if
		 * the property is {@code null}.
		 */
		private void addUnwrapped(MongoPersistentProperty property, String prefix, boolean constrained,
				Document properties, List<String> required) {
			MongoPersistentEntity<?> unwrapped = EntitySchemas.this.mappingContext.getPersistentEntity(property);
			if (unwrapped == null || this.entities.contains(unwrapped.getTypeInformation())) {
				return;
			}
			ValueSchema value = new ValueSchema(prefix + property.getName(), this.leftOut);
			if (constrained) {
				Constraints.of(property).apply(property.getType(), value);
			}
			List<String> nested = new ArrayList<>();
			this.entities.push(unwrapped.getTypeInformation());
			addProperties(unwrapped, prefix, constrained && Constraints.of(property).isCascaded(), properties, nested);
			this.entities.pop();
			if (value.isRequired()) {
				required.addAll(nested);
			}
		}

		private void describe(MongoPersistentProperty property, ValueSchema value, boolean constrained) {
			Constraints constraints = constrained ? Constraints.of(property) : Constraints.NONE;
			if (EntitySchemas.this.conversions.hasValueConverter(property)
					|| property.isAnnotationPresent(Encrypted.class)) {
				constraints.leaveOut("the field is converted or encrypted", value);
				return;
			}
			applyConstraints(property, value, constraints);
			if (property.isIdProperty()) {
				describeIdentifier(property, value);
			}
			else if (property.isAssociation()) {
				value.setTypes(findAssociation(property));
			}
			else if (property.hasExplicitWriteTarget()) {
				value.setTypes(findExplicit(property));
			}
			else {
				describe(property.getTypeInformation(), value, constraints);
			}
			if (property.getType().isPrimitive()) {
				value.rejectNull();
			}
		}

		private void applyConstraints(MongoPersistentProperty property, ValueSchema value, Constraints constraints) {
			if (property.isAssociation() || property.hasExplicitWriteTarget()) {
				constraints.applyPresence("the field has another form", value);
			}
			else {
				applyConstraints(property.getType(), value, constraints);
			}
		}

		private void applyConstraints(Class<?> type, ValueSchema value, Constraints constraints) {
			if (EntitySchemas.this.types.isUnchanged(type)) {
				constraints.apply(type, value);
			}
			else {
				constraints.applyPresence("the value is converted", value);
			}
		}

		private void describeIdentifier(MongoPersistentProperty property, ValueSchema value) {
			List<String> types = EntitySchemas.this.types.find(property.getType());
			value.setTypes(
					(types != null && !property.hasExplicitWriteTarget()) ? StoredTypes.ofIdentifier(types) : null);
		}

		private static @Nullable List<String> findAssociation(MongoPersistentProperty property) {
			if (property.isCollectionLike()) {
				return List.of("array");
			}
			return (property.isMap()) ? List.of(StoredTypes.OBJECT) : null;
		}

		/**
		 * A value that cannot be converted to the type of the annotation is stored
		 * without that conversion.
		 */
		private @Nullable List<String> findExplicit(MongoPersistentProperty property) {
			if (property.isCollectionLike() || property.isMap()) {
				return null;
			}
			List<String> natural = EntitySchemas.this.types.find(property.getType());
			List<String> explicit = EntitySchemas.this.types.find(property.getFieldType());
			if (natural == null || explicit == null) {
				return null;
			}
			List<String> all = new ArrayList<>(explicit);
			natural.stream().filter((type) -> !all.contains(type)).forEach(all::add);
			return all;
		}

		private void describe(TypeInformation<?> type, ValueSchema value, Constraints constraints) {
			Class<?> raw = type.getType();
			List<String> types = EntitySchemas.this.types.find(raw);
			if (types != null) {
				value.setTypes(types);
				if (EntitySchemas.this.types.isPlainEnum(raw)) {
					value.setConstants(
							List.of(raw.getEnumConstants()).stream().map((it) -> ((Enum<?>) it).name()).toList());
				}
			}
			else if (EntitySchemas.this.types.hasConverter(raw)) {
				return;
			}
			else if (type.isCollectionLike()) {
				value.setTypes(List.of("array"));
				addElements("items", type.getComponentType(), value, constraints);
			}
			else if (type.isMap()) {
				value.setTypes(List.of(StoredTypes.OBJECT));
				addElements("additionalProperties", type.getMapValueType(), value, constraints);
			}
			else if (!StoredTypes.isOpen(raw)) {
				describeEntity(type, value, constraints.isCascaded());
			}
		}

		/**
		 * An array of bytes is stored in another way in a list.
		 */
		private void addElements(String keyword, @Nullable TypeInformation<?> type, ValueSchema value,
				Constraints constraints) {
			if (type == null || type.getType() == byte[].class) {
				return;
			}
			ValueSchema element = value.createElement();
			Constraints ofElements = constraints.ofElements();
			applyConstraints(type.getType(), element, ofElements);
			describe(type, element, ofElements);
			Document schema = element.toDocument();
			// not every server that speaks the protocol knows rules for maps
			if (!schema.isEmpty() && (keyword.equals("items") || !ofElements.annotations().isEmpty())) {
				value.add(new Document(keyword, schema));
			}
		}

		private void describeEntity(TypeInformation<?> type, ValueSchema value, boolean constrained) {
			MongoPersistentEntity<?> entity = EntitySchemas.this.mappingContext.getPersistentEntity(type);
			if (entity == null) {
				return;
			}
			value.setTypes(List.of(StoredTypes.OBJECT));
			if (!this.entities.contains(entity.getTypeInformation()) && this.entities.size() < MAX_DEPTH) {
				value.add(describe(entity, value.getPath() + ".", constrained));
			}
		}

	}

}
