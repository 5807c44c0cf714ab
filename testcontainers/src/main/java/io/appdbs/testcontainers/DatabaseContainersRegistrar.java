package io.appdbs.testcontainers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.Databases;
import io.appdbs.container.ContainerDatabases;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.ManagedList;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Declares the databases in containers before the beans of databases are defined, and
 * configures their URLs before the first database is opened.
 */
class DatabaseContainersRegistrar implements ImportBeanDefinitionRegistrar {

	private static final String CONNECTED = "appDbsConnectedContainers";

	private final ConfigurableListableBeanFactory beanFactory;

	private final ContainerDatabases databases;

	DatabaseContainersRegistrar(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.databases = new ContainerDatabases((ConfigurableEnvironment) environment,
				this.beanFactory.getBeanClassLoader());
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		TestContainers test = (TestContainers) this.beanFactory.getSingleton(TestContainers.BEAN_NAME);
		List<DeclaredContainer> containers = findAll(test);
		if (containers.isEmpty()) {
			return;
		}
		this.databases.declare(containers.stream().map(DeclaredContainer::database).toList(),
				() -> InjectedNames.find(this.beanFactory, (test != null) ? test.testClass() : null));
		Set<String> beanNames = containers.stream()
			.map(DeclaredContainer::beanName)
			.filter(Objects::nonNull)
			.collect(Collectors.toSet());
		registry.registerBeanDefinition("appDbsReplicaSets", infrastructure(ReplicaSets.class, beanNames));
		ManagedList<Object> references = new ManagedList<>();
		containers.forEach((container) -> references.add((container.beanName() != null)
				? new RuntimeBeanReference(container.beanName()) : Objects.requireNonNull(container.container())));
		RootBeanDefinition connected = infrastructure(ConnectedContainers.class, this.databases,
				containers.stream().map(DeclaredContainer::database).toList(), references);
		connected.setLazyInit(true);
		registry.registerBeanDefinition(CONNECTED, connected);
		registry.registerBeanDefinition("appDbsContainerDependencies", infrastructure(ContainerDependencies.class));
	}

	private List<DeclaredContainer> findAll(@Nullable TestContainers test) {
		List<DeclaredContainer> containers = new ArrayList<>(new ContainerBeans(this.beanFactory).find());
		if (test != null) {
			test.containers()
				.stream()
				.filter((container) -> containers.stream().noneMatch(container::isSameAs))
				.toList()
				.forEach(containers::add);
		}
		return containers;
	}

	private static RootBeanDefinition infrastructure(Class<?> type, Object... arguments) {
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		for (int i = 0; i < arguments.length; i++) {
			definition.getConstructorArgumentValues().addIndexedArgumentValue(i, arguments[i]);
		}
		return definition;
	}

	/**
	 * Opens databases after their containers have started, and closes them before these
	 * stop.
	 */
	static class ContainerDependencies extends AbstractDependsOnBeanFactoryPostProcessor {

		ContainerDependencies() {
			super(Databases.class, CONNECTED);
		}

	}

}
