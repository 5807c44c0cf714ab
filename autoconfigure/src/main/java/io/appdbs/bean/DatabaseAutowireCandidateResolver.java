package io.appdbs.bean;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.TypeConverter;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateResolver;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Injects a bean of a database by the name of the injection point. Spring prefers the
 * primary bean over the name and ignores beans that require a qualifier, so
 * {@code JdbcTemplate auditJdbcTemplate} would silently be the template of another
 * database.
 */
class DatabaseAutowireCandidateResolver extends ContextAnnotationAutowireCandidateResolver {

	private final Set<String> beanNames;

	private final AutowireCandidateResolver replaced;

	/**
	 * Creates a new {@link DatabaseAutowireCandidateResolver}.
	 * @param beanNames the names of the databases' beans, aliases included
	 * @param replaced the resolver that is replaced, which knows the injection points of
	 * lazy repositories
	 */
	DatabaseAutowireCandidateResolver(Set<String> beanNames, AutowireCandidateResolver replaced) {
		this.beanNames = beanNames;
		this.replaced = replaced;
	}

	@Override
	public @Nullable Object getLazyResolutionProxyIfNecessary(DependencyDescriptor descriptor,
			@Nullable String beanName) {
		return this.replaced.getLazyResolutionProxyIfNecessary(descriptor, beanName);
	}

	@Override
	public @Nullable Class<?> getLazyResolutionProxyClass(DependencyDescriptor descriptor, @Nullable String beanName) {
		return this.replaced.getLazyResolutionProxyClass(descriptor, beanName);
	}

	@Override
	public boolean isAutowireCandidate(BeanDefinitionHolder candidate, DependencyDescriptor descriptor) {
		String name = descriptor.getDependencyName();
		return isNamedAfterBean(name, descriptor) ? candidate.matchesName(name)
				: super.isAutowireCandidate(candidate, descriptor);
	}

	private boolean isNamedAfterBean(@Nullable String name, DependencyDescriptor descriptor) {
		BeanFactory beanFactory = getBeanFactory();
		return name != null && this.beanNames.contains(name) && !hasQualifier(descriptor) && !isMultiple(descriptor)
				&& beanFactory != null && beanFactory.containsBean(name)
				&& beanFactory.isTypeMatch(name, descriptor.getDependencyType());
	}

	/**
	 * Returns whether the injection point accepts several beans. The descriptor is then
	 * the one of an element.
	 */
	private static boolean isMultiple(DependencyDescriptor descriptor) {
		Field field = descriptor.getField();
		MethodParameter parameter = descriptor.getMethodParameter();
		Type declared = (field != null) ? field.getGenericType()
				: (parameter != null) ? parameter.getGenericParameterType() : Object.class;
		for (ResolvableType type = ResolvableType.forType(declared); type != ResolvableType.NONE; type = type
			.getGeneric()) {
			Class<?> raw = type.toClass();
			if (raw.isArray() || Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Spring compares a qualifier with the name of a bean only if its definition has no
	 * qualifier.
	 */
	@Override
	protected boolean checkQualifier(BeanDefinitionHolder candidate, Annotation annotation,
			TypeConverter typeConverter) {
		return super.checkQualifier(candidate, annotation, typeConverter)
				|| (annotation instanceof Qualifier && AnnotationUtils.getValue(annotation) instanceof String name
						&& this.beanNames.contains(name) && candidate.matchesName(name));
	}

}
