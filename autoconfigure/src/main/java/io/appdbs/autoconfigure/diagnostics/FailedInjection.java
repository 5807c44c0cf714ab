package io.appdbs.autoconfigure.diagnostics;

import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicReference;

import io.appdbs.engine.Causes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ReflectionUtils;

/**
 * The innermost injection point that failed.
 *
 * @param description the element that required the bean, as the subject of a sentence
 * @param type the required type or {@code null} if it is not known
 * @param qualifier the qualifier or {@code null} if there is none
 */
record FailedInjection(String description, @Nullable Class<?> type, @Nullable String qualifier) {

	private static final String RESOURCE = "jakarta.annotation.Resource";

	/**
	 * Finds the injection.
	 * @param failure the failure of the application
	 * @param cause the cause of the failure that names the missing bean
	 * @param description how Spring Boot describes the innermost injection point
	 * @param beanFactory the bean factory of the application
	 * @return the injection
	 */
	static FailedInjection find(Throwable failure, NoSuchBeanDefinitionException cause, @Nullable String description,
			BeanFactory beanFactory) {
		ResolvableType resolvable = cause.getResolvableType();
		Class<?> type = (resolvable != null) ? resolvable.resolve(Object.class) : null;
		BeanCreationException innermost = Causes.of(failure)
			.takeWhile((each) -> each != cause)
			.filter(BeanCreationException.class::isInstance)
			.map(BeanCreationException.class::cast)
			.reduce((outer, inner) -> inner)
			.orElse(null);
		if (innermost instanceof UnsatisfiedDependencyException unsatisfied && unsatisfied.getCause() == cause) {
			return new FailedInjection((description != null) ? description : "A component", type,
					findQualifier(unsatisfied.getInjectionPoint()));
		}
		String beanName = (innermost != null) ? innermost.getBeanName() : null;
		if (beanName == null) {
			return new FailedInjection("A component", type, null);
		}
		FailedInjection resource = (type != null) ? null : findResource(cause.getBeanName(), beanName, beanFactory);
		return (resource != null) ? resource : new FailedInjection("Bean '%s'".formatted(beanName), type, null);
	}

	/**
	 * Returns the start of a sentence about the required bean.
	 */
	String required(Class<?> type) {
		return "%s required a bean of type '%s'".formatted(this.description, type.getName());
	}

	private static @Nullable String findQualifier(@Nullable InjectionPoint injectionPoint) {
		if (injectionPoint == null) {
			return null;
		}
		String qualifier = findQualifier(injectionPoint.getAnnotations());
		MethodParameter parameter = injectionPoint.getMethodParameter();
		return (qualifier == null && parameter != null) ? findQualifier(parameter.getMethodAnnotations()) : qualifier;
	}

	private static @Nullable String findQualifier(Annotation[] annotations) {
		MergedAnnotation<Qualifier> qualifier = MergedAnnotations.from(annotations).get(Qualifier.class);
		return qualifier.isPresent() ? qualifier.getString(MergedAnnotation.VALUE) : null;
	}

	/**
	 * Finds the field or setter with {@code @Resource}, which the failure does not name.
	 */
	private static @Nullable FailedInjection findResource(@Nullable String name, String beanName,
			BeanFactory beanFactory) {
		Class<?> beanType = beanFactory.containsBean(beanName) ? beanFactory.getType(beanName, false) : null;
		if (name == null || beanType == null) {
			return null;
		}
		AtomicReference<FailedInjection> found = new AtomicReference<>();
		ReflectionUtils.doWithFields(beanType, (field) -> {
			if (isResource(MergedAnnotations.from(field), name, field.getName())) {
				found.set(resource("Field", field, field.getType()));
			}
		});
		ReflectionUtils.doWithMethods(beanType, (method) -> {
			if (method.getParameterCount() == 1
					&& isResource(MergedAnnotations.from(method), name, propertyName(method))) {
				found.set(resource("Method", method, method.getParameterTypes()[0]));
			}
		});
		return found.get();
	}

	private static boolean isResource(MergedAnnotations annotations, String name, String defaultName) {
		MergedAnnotation<Annotation> resource = annotations.get(RESOURCE);
		return resource.isPresent()
				&& name.equals(resource.getString("name").isEmpty() ? defaultName : resource.getString("name"));
	}

	private static String propertyName(Method method) {
		var property = BeanUtils.findPropertyForMethod(method);
		return (property != null) ? property.getName() : method.getName();
	}

	private static FailedInjection resource(String kind, Member member, Class<?> type) {
		return new FailedInjection(
				"%s %s in %s".formatted(kind, member.getName(), member.getDeclaringClass().getName()), type, null);
	}

}
