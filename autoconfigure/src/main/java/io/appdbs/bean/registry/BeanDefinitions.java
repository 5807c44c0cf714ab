package io.appdbs.bean.registry;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Creates bean definitions that ahead-of-time processing can write as code: factory
 * methods are static, and arguments are plain values or references.
 */
public final class BeanDefinitions {

	private BeanDefinitions() {
	}

	/**
	 * Creates the definition of a bean from a factory method. Spring does not close such
	 * a bean: the lifecycle closes what it opened.
	 * @param factory the class with the static factory method
	 * @param method the name of the method
	 * @param arguments the first arguments of the method; the others are autowired
	 * @return the definition
	 */
	public static RootBeanDefinition of(Class<?> factory, String method, Object... arguments) {
		RootBeanDefinition definition = autowired(factory, arguments);
		definition.setFactoryMethodName(method);
		definition.setDestroyMethodName("");
		return definition;
	}

	/**
	 * Creates the definition of a bean from its constructor.
	 * @param type the class of the bean
	 * @param arguments the first arguments of the constructor; the others are autowired
	 * @return the definition
	 */
	public static RootBeanDefinition autowired(Class<?> type, Object... arguments) {
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
		addArguments(definition, arguments);
		return definition;
	}

	public static void addArguments(RootBeanDefinition definition, Object... arguments) {
		for (int i = 0; i < arguments.length; i++) {
			definition.getConstructorArgumentValues().addIndexedArgumentValue(i, arguments[i]);
		}
	}

	/**
	 * Registers a bean that only the infrastructure uses.
	 * @param registry where to register it
	 * @param name the name of the bean
	 * @param definition the definition
	 */
	public static void registerInfrastructure(BeanDefinitionRegistry registry, String name,
			RootBeanDefinition definition) {
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		registry.registerBeanDefinition(name, definition);
	}

	/**
	 * Returns whether a bean is created by a factory class of the starter, and not by the
	 * application.
	 * @param factory the class with the factory method
	 * @param beanName the name of the bean
	 * @param registry where the bean is defined
	 * @return whether the bean is created by the class
	 */
	public static boolean isCreatedBy(Class<?> factory, String beanName, BeanDefinitionRegistry registry) {
		return registry.containsBeanDefinition(beanName)
				&& factory.getName().equals(registry.getBeanDefinition(beanName).getBeanClassName());
	}

}
