package io.appdbs.testcontainers;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.container.ContainerDatabase;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.testcontainers.beans.TestcontainerBeanDefinition;
import org.springframework.core.annotation.MergedAnnotation;

/**
 * Finds the container beans that are declared to be databases.
 *
 * @param beanFactory the bean factory
 */
record ContainerBeans(ConfigurableListableBeanFactory beanFactory) {

	List<DeclaredContainer> find() {
		List<DeclaredContainer> containers = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = this.beanFactory.getBeanDefinition(beanName);
			names(beanName, definition).forEach((name) -> containers.add(declare(beanName, definition, name)));
		}
		return containers;
	}

	private Set<String> names(String beanName, BeanDefinition definition) {
		Set<String> names = new LinkedHashSet<>();
		if (definition instanceof TestcontainerBeanDefinition field) {
			field.getAnnotations()
				.stream(DatabaseContainer.class)
				.map((annotation) -> annotation.getString(MergedAnnotation.VALUE))
				.forEach(names::add);
		}
		this.beanFactory.findAllAnnotationsOnBean(beanName, DatabaseContainer.class, false)
			.forEach((annotation) -> names.add(annotation.value()));
		return names;
	}

	private DeclaredContainer declare(String beanName, BeanDefinition definition, String name) {
		Container<?> container = existing(definition);
		Class<?> type = (container != null) ? container.getClass() : this.beanFactory.getType(beanName, false);
		String origin = "bean '" + beanName + "'";
		return new DeclaredContainer(declare(name, type, origin), container, beanName);
	}

	/**
	 * Declares the database in a container.
	 * @throws InvalidDatabaseConfigurationException if the type is not a known database
	 * container
	 */
	static ContainerDatabase declare(String name, @Nullable Class<?> type, String origin) {
		if (type == null || !ContainerKind.isDatabase(type)) {
			throw new InvalidDatabaseConfigurationException(name, null,
					"Database '%s': %s is of type %s, which is not a database container.".formatted(name, origin,
							(type != null) ? type.getName() : "unknown"),
					"Declare a MongoDBContainer or a subclass of JdbcDatabaseContainer, for example a PostgreSQLContainer, and declare it as that type.",
					null)
				.in(TroubleshootingSection.CONTAINER);
		}
		return new ContainerDatabase(name, ContainerKind.engine(type), origin);
	}

	static String origin(Field field) {
		return "field '%s' of %s".formatted(field.getName(), field.getDeclaringClass().getName());
	}

	/**
	 * Returns the container of a field that is imported as a bean.
	 */
	private static @Nullable Container<?> existing(BeanDefinition definition) {
		Supplier<?> supplier = (definition instanceof TestcontainerBeanDefinition
				&& definition instanceof AbstractBeanDefinition field) ? field.getInstanceSupplier() : null;
		return (supplier != null && supplier.get() instanceof Container<?> container) ? container : null;
	}

}
