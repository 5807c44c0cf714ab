package io.appdbs.bean.registry;

import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;

import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Determines which of several beans is for all databases, as for an injection without
 * qualifier.
 */
final class PreferredBean {

	private PreferredBean() {
	}

	/**
	 * Finds the primary bean, or the only one that is not a fallback.
	 * @return the name of the bean
	 * @throws InvalidDatabaseConfigurationException if none is preferred
	 */
	static String find(ConfigurableListableBeanFactory beanFactory, Class<?> type, List<String> beanNames,
			String database) {
		List<BeanDefinitionHolder> definitions = beanNames.stream()
			.filter(beanFactory::containsBeanDefinition)
			.map((beanName) -> new BeanDefinitionHolder(beanFactory.getMergedBeanDefinition(beanName), beanName))
			.toList();
		List<BeanDefinitionHolder> preferred = definitions.stream()
			.filter((holder) -> holder.getBeanDefinition().isPrimary())
			.toList();
		if (preferred.isEmpty()) {
			preferred = definitions.stream().filter((holder) -> !holder.getBeanDefinition().isFallback()).toList();
		}
		if (preferred.size() != 1) {
			throw new InvalidDatabaseConfigurationException(database, null,
					"Database '%s': the beans %s are all of type %s, and none has the qualifier of a database."
						.formatted(database, String.join(", ", beanNames), type.getName()),
					"Keep one of them without qualifier, or mark it as @Primary. Add the qualifier of a database to those for one database.",
					null);
		}
		return preferred.get(0).getBeanName();
	}

}
