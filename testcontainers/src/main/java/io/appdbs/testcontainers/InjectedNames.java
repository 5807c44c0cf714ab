package io.appdbs.testcontainers;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The names that the classes of an application use as qualifiers and as transaction
 * managers. Some of them may not be names of databases.
 */
final class InjectedNames {

	private static final Log logger = LogFactory.getLog(InjectedNames.class);

	private static final String TRANSACTIONAL = "org.springframework.transaction.annotation.Transactional";

	private final Set<String> names = new LinkedHashSet<>();

	private InjectedNames() {
	}

	static Set<String> find(ConfigurableListableBeanFactory beanFactory, @Nullable Class<?> testClass) {
		InjectedNames injected = new InjectedNames();
		Stream
			.concat(Stream.ofNullable(testClass),
					Arrays.stream(beanFactory.getBeanDefinitionNames()).map((name) -> beanFactory.getType(name, false)))
			.filter((type) -> type != null && !type.getName().startsWith("org.springframework."))
			.map(ClassUtils::getUserClass)
			.distinct()
			.forEach(injected::collect);
		return injected.names;
	}

	private void collect(Class<?> type) {
		try {
			collectTransactional(type);
			ReflectionUtils.doWithFields(type, this::collectQualifier);
			Stream.of(type.getDeclaredConstructors()).forEach(this::collectParameters);
			ReflectionUtils.doWithMethods(type, (method) -> {
				collectTransactional(method);
				collectParameters(method);
			});
		}
		catch (IllegalStateException | NoClassDefFoundError ex) {
			// the class refers to a library that is not on the class path
			logger.debug(LogMessage.format("Cannot look into %s", type), ex);
		}
	}

	private void collectParameters(Executable executable) {
		Stream.of(executable.getParameters()).forEach(this::collectQualifier);
	}

	private void collectQualifier(AnnotatedElement element) {
		add(MergedAnnotations.from(element).get(Qualifier.class), MergedAnnotation.VALUE);
	}

	private void collectTransactional(AnnotatedElement element) {
		add(MergedAnnotations.from(element).get(TRANSACTIONAL), "transactionManager");
	}

	private void add(MergedAnnotation<?> annotation, String attribute) {
		if (annotation.isPresent() && !annotation.getString(attribute).isEmpty()) {
			this.names.add(annotation.getString(attribute));
		}
	}

}
