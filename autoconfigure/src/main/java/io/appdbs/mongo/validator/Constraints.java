package io.appdbs.mongo.validator;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.data.mongodb.core.mapping.MongoPersistentProperty;

/**
 * The constraints of Jakarta Validation on a property, or on the elements of a container.
 * They are found by name, so that nothing is needed on the class path.
 *
 * @param annotations the annotations that are present
 * @param elements the type of the elements of a container or {@code null}
 */
record Constraints(List<MergedAnnotation<?>> annotations, @Nullable AnnotatedType elements) {

	static final Constraints NONE = new Constraints(List.of(), null);

	private static final Set<String> PRESENCE = Set.of("NotNull", "NotEmpty", "NotBlank");

	private static final String PACKAGE = "jakarta.validation.";

	private static final String CONVERT_GROUP = PACKAGE + "groups.ConvertGroup";

	private static final String DEFAULT_GROUP = PACKAGE + "groups.Default";

	/**
	 * Returns the constraints on the field and the getter of a property.
	 */
	static Constraints of(MongoPersistentProperty property) {
		List<MergedAnnotation<?>> annotations = new ArrayList<>();
		Field field = property.getField();
		if (field != null) {
			annotations.addAll(find(field));
		}
		Method getter = property.getGetter();
		// the accessor of a record has the annotations of the field
		if (getter != null && getter.getName().matches("(get|is)\\p{Lu}.*")) {
			annotations.addAll(find(getter));
		}
		return new Constraints(annotations, (field != null) ? findElements(field.getAnnotatedType()) : null);
	}

	private static List<MergedAnnotation<?>> find(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.DIRECT, RepeatableContainers.standardRepeatables())
			.stream()
			.filter(MergedAnnotation::isDirectlyPresent)
			.<MergedAnnotation<?>>map((annotation) -> annotation)
			.toList();
	}

	private static @Nullable AnnotatedType findElements(AnnotatedType type) {
		if (type instanceof AnnotatedParameterizedType container) {
			AnnotatedType[] arguments = container.getAnnotatedActualTypeArguments();
			Class<?> raw = getRawType(container);
			boolean map = Map.class.isAssignableFrom(raw) && arguments.length == 2;
			boolean collection = Collection.class.isAssignableFrom(raw) && arguments.length == 1;
			return (map || collection) ? arguments[arguments.length - 1] : null;
		}
		return null;
	}

	private static Class<?> getRawType(AnnotatedParameterizedType type) {
		return (type.getType() instanceof ParameterizedType parameterized
				&& parameterized.getRawType() instanceof Class<?> raw) ? raw : Object.class;
	}

	/**
	 * Returns the constraints on the elements. An entity in a container is also validated
	 * if {@code @Valid} is on the container.
	 */
	Constraints ofElements() {
		List<MergedAnnotation<?>> annotations = new ArrayList<>(
				this.annotations.stream().filter(Constraints::isCascade).toList());
		AnnotatedType type = this.elements;
		if (type == null) {
			return new Constraints(annotations, null);
		}
		annotations.addAll(find(type));
		return new Constraints(annotations, findElements(type));
	}

	/**
	 * Returns whether the constraints of an entity in this place are validated. Those of
	 * another group than the default one are not known.
	 */
	boolean isCascaded() {
		return this.annotations.stream().anyMatch((annotation) -> isNamed(annotation, "Valid"))
				&& this.annotations.stream()
					.noneMatch((annotation) -> annotation.getType().getName().startsWith(CONVERT_GROUP));
	}

	private static boolean isCascade(MergedAnnotation<?> annotation) {
		return isNamed(annotation, "Valid") || annotation.getType().getName().startsWith(CONVERT_GROUP);
	}

	private static boolean isNamed(MergedAnnotation<?> annotation, String name) {
		return annotation.getType().getName().equals(PACKAGE + name);
	}

	/**
	 * Adds the rules for a value. The schema is never stricter than the constraints.
	 * @param type the Java type of the value
	 * @param value takes the rules
	 */
	void apply(Class<?> type, ValueSchema value) {
		constraints().forEach((annotation) -> ConstraintRules.add(annotation, type, value));
	}

	/**
	 * Adds the rule that there is a value, and reports the other constraints, which do
	 * not apply to what is stored.
	 */
	void applyPresence(String reason, ValueSchema value) {
		constraints().forEach((annotation) -> {
			String name = annotation.getType().getSimpleName();
			if (PRESENCE.contains(name)) {
				value.require();
			}
			if (!name.equals("NotNull")) {
				value.leaveOut("@%s, since %s".formatted(name, reason));
			}
		});
	}

	/**
	 * Reports that no constraint is expressed.
	 */
	void leaveOut(String reason, ValueSchema value) {
		constraints().forEach((annotation) -> value
			.leaveOut("@%s, since %s".formatted(annotation.getType().getSimpleName(), reason)));
	}

	private Stream<MergedAnnotation<?>> constraints() {
		return this.annotations.stream()
			.filter((annotation) -> Stream.of(annotation.getType().getAnnotations())
				.anyMatch((meta) -> meta.annotationType().getName().equals(PACKAGE + "Constraint")))
			.filter(Constraints::isInDefaultGroup);
	}

	private static boolean isInDefaultGroup(MergedAnnotation<?> annotation) {
		Class<?>[] groups = annotation.getValue("groups", Class[].class).orElse(new Class<?>[0]);
		return groups.length == 0 || Stream.of(groups).anyMatch((group) -> group.getName().equals(DEFAULT_GROUP));
	}

}
