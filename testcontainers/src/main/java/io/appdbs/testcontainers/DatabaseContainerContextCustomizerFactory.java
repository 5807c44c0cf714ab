package io.appdbs.testcontainers;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the containers in static fields of a test class, its supertypes and its enclosing
 * classes.
 */
class DatabaseContainerContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configuration) {
		Map<Field, DeclaredContainer> containers = new LinkedHashMap<>();
		collect(testClass, containers);
		return new DatabaseContainerContextCustomizer(List.copyOf(containers.values()));
	}

	private void collect(@Nullable Class<?> candidate, Map<Field, DeclaredContainer> containers) {
		if (candidate == null || candidate == Object.class) {
			return;
		}
		ReflectionUtils.doWithLocalFields(candidate,
				(field) -> MergedAnnotations.from(field)
					.stream(DatabaseContainer.class)
					.forEach((annotation) -> containers.computeIfAbsent(field,
							(each) -> declare(each, annotation.getString(MergedAnnotation.VALUE)))));
		if (TestContextAnnotationUtils.searchEnclosingClass(candidate)) {
			collect(candidate.getEnclosingClass(), containers);
		}
		for (Class<?> implemented : candidate.getInterfaces()) {
			collect(implemented, containers);
		}
		collect(candidate.getSuperclass(), containers);
	}

	private static DeclaredContainer declare(Field field, String name) {
		String origin = ContainerBeans.origin(field);
		if (!Modifier.isStatic(field.getModifiers())) {
			throw reject(name, origin, "is not static", "Make the field static, since tests share a context.");
		}
		ReflectionUtils.makeAccessible(field);
		Object value = ReflectionUtils.getField(field, null);
		if (value == null) {
			throw reject(name, origin, "is null", "Create the container in the declaration of the field.");
		}
		return new DeclaredContainer(ContainerBeans.declare(name, value.getClass(), origin), (Container<?>) value,
				null);
	}

	private static InvalidDatabaseConfigurationException reject(String name, String origin, String what,
			String action) {
		return new InvalidDatabaseConfigurationException(name, null,
				"Database '%s': %s %s.".formatted(name, origin, what), action, null)
			.in(TroubleshootingSection.CONTAINER);
	}

}
