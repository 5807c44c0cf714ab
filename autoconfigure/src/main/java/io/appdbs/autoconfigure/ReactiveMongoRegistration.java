package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.bean.reactive.ReactiveMongoBeanDefinitions;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.util.ClassUtils;

/**
 * Registers the reactive beans of MongoDB databases, and removes Boot's reactive client
 * if Boot has no MongoDB database. The driver being on the class path, Boot would connect
 * it to {@code localhost}, as no reactive client of the databases replaces it unless an
 * injection without qualifier gets one.
 *
 * @param registry where to register the beans
 */
record ReactiveMongoRegistration(BeanDefinitionRegistry registry) {

	private static final String OWN_DEFAULT = ReactiveMongoRegistration.class.getName();

	private static final String BOOTS_CLIENT = "reactiveStreamsMongoClient";

	private static final String BOOTS_CONFIGURATION = "org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration";

	private static final boolean reactivePresent = isPresent("com.mongodb.reactivestreams.client.MongoClient")
			&& isPresent("reactor.core.publisher.Flux")
			&& isPresent("org.springframework.data.mongodb.core.ReactiveMongoTemplate");

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, ReactiveMongoRegistration.class.getClassLoader());
	}

	/**
	 * Registers the beans. A missing library is reported later.
	 * @param beans registers beans of the databases
	 * @param databases the databases
	 * @param unmanaged whether the application has a default MongoDB database that is not
	 * one of them
	 */
	void register(DatabaseBeanRegistry beans, List<DeclaredDatabase> databases, boolean unmanaged) {
		List<DeclaredDatabase> reactive = databases.stream().filter(DeclaredDatabase::reactive).toList();
		if (reactivePresent && !reactive.isEmpty()) {
			reactive.forEach((database) -> ReactiveMongoBeanDefinitions.register(this.registry, beans, database));
			ReactiveMongoBeanDefinitions.registerAuditing(this.registry);
		}
		if (!unmanaged && databases.stream().anyMatch((database) -> !database.isRelational())) {
			this.registry.getBeanDefinition(DatabaseBeanRegistry.LIFECYCLE).setAttribute(OWN_DEFAULT, true);
		}
	}

	/**
	 * Removes Boot's client, after it has been defined and before anything is built on
	 * it.
	 */
	void removeBootsClient(@Nullable String bootsProperty) {
		if (bootsProperty == null && isBoots() && isDefaultOwn((BeanFactory) this.registry)) {
			this.registry.removeBeanDefinition(BOOTS_CLIENT);
		}
	}

	private boolean isBoots() {
		return this.registry.containsBeanDefinition(BOOTS_CLIENT)
				&& BOOTS_CONFIGURATION.equals(this.registry.getBeanDefinition(BOOTS_CLIENT).getFactoryBeanName());
	}

	/**
	 * A child context has the databases of its parent.
	 */
	private static boolean isDefaultOwn(@Nullable BeanFactory beanFactory) {
		while (beanFactory instanceof ConfigurableListableBeanFactory current) {
			if (current.containsBeanDefinition(DatabaseBeanRegistry.LIFECYCLE)) {
				return current.getBeanDefinition(DatabaseBeanRegistry.LIFECYCLE).hasAttribute(OWN_DEFAULT);
			}
			beanFactory = current.getParentBeanFactory();
		}
		return false;
	}

}
