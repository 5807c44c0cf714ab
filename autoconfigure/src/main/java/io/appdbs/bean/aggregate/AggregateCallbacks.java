package io.appdbs.bean.aggregate;

import java.util.Set;

import io.appdbs.bean.registry.UserBeans;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.data.jdbc.core.convert.DataAccessStrategy;
import org.springframework.data.jdbc.core.convert.IdGeneratingEntityCallback;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.mapping.callback.EntityCallback;
import org.springframework.data.mapping.callback.EntityCallbacks;

/**
 * Finds the entity callbacks of a database. Spring Data would call all of them for each
 * database, including the one that reads ids from the sequences of the default database.
 */
final class AggregateCallbacks {

	private AggregateCallbacks() {
	}

	/**
	 * Finds the callbacks that are for the database, or for all of them.
	 */
	static EntityCallbacks find(String database, JdbcConverter converter, DataAccessStrategy strategy,
			ConfigurableListableBeanFactory beanFactory) {
		DefaultListableBeanFactory callbacks = new DefaultListableBeanFactory();
		callbacks.setBeanClassLoader(beanFactory.getBeanClassLoader());
		UserBeans.getAllNamesFor(beanFactory, EntityCallback.class, database, Set.of(database))
			.filter((beanName) -> !isForDefault(beanName, database, beanFactory))
			.forEach((beanName) -> add(callbacks, beanName, beanFactory));
		EntityCallbacks found = EntityCallbacks.create(callbacks);
		found.addEntityCallback(new IdGeneratingEntityCallback(converter.getMappingContext(), strategy.getDialect(),
				strategy.getJdbcOperations()));
		return found;
	}

	private static boolean isForDefault(String beanName, String database, ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.isTypeMatch(beanName, IdGeneratingEntityCallback.class)
				&& !UserBeans.isQualified(beanFactory, beanName, database::equals);
	}

	/**
	 * Adds a callback. The definition has the type of its entity, which a lambda
	 * expression does not know.
	 */
	private static void add(DefaultListableBeanFactory callbacks, String beanName,
			ConfigurableListableBeanFactory beanFactory) {
		Object callback = beanFactory.getBean(beanName);
		RootBeanDefinition definition = new RootBeanDefinition(callback.getClass());
		if (beanFactory.containsBeanDefinition(beanName)) {
			definition.setTargetType(beanFactory.getMergedBeanDefinition(beanName).getResolvableType());
		}
		callbacks.registerBeanDefinition(beanName, definition);
		callbacks.registerSingleton(beanName, callback);
	}

}
