package io.appdbs.bean.jpa;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.appdbs.bean.RelationalBeans;
import io.appdbs.bean.registry.BeanDefinitions;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.util.ClassUtils;

/**
 * Registers the bean definitions for the application's entity manager factories. Loaded
 * only if JPA is on the class path.
 */
public final class JpaBeanDefinitions {

	private static final String CHECK = "appDbsEntityManagerFactoryCheck";

	private static final boolean repositoriesPresent = ClassUtils.isPresent(
			"org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport",
			JpaBeanDefinitions.class.getClassLoader());

	private JpaBeanDefinitions() {
	}

	/**
	 * Registers the beans in the context of the databases.
	 * @param registry the registry of the context
	 * @param managers the names of the transaction managers' beans of all relational
	 * databases, by database
	 */
	public static void register(BeanDefinitionRegistry registry, Map<String, String> managers) {
		BeanDefinitions.registerInfrastructure(registry, "appDbsJpaTransactionManagerFactory",
				BeanDefinitions.autowired(JpaTransactionManagerFactory.class));
		registerChecks(registry, managers,
				managers.values()
					.stream()
					.filter((manager) -> !BeanDefinitions.isCreatedBy(RelationalBeans.class, manager, registry))
					.collect(Collectors.toSet()));
	}

	/**
	 * Registers the checks for the databases of a parent context.
	 * @param registry the registry of the child
	 * @param beanFactory the bean factory of the child
	 */
	public static void registerForParent(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBean(CHECK)) {
			EntityManagerFactoryCheck parent = beanFactory.getBean(CHECK, EntityManagerFactoryCheck.class);
			registerChecks(registry, parent.getManagers(), parent.getOwnManagers());
		}
	}

	private static void registerChecks(BeanDefinitionRegistry registry, Map<String, String> managers,
			Set<String> ownManagers) {
		BeanDefinitions.registerInfrastructure(registry, CHECK,
				BeanDefinitions.autowired(EntityManagerFactoryCheck.class, managers, ownManagers));
		BeanDefinitions.registerInfrastructure(registry, "appDbsEntityManagerFactoryPostProcessor",
				BeanDefinitions.autowired(EntityManagerFactoryPostProcessor.class));
		if (repositoriesPresent) {
			BeanDefinitions.registerInfrastructure(registry, "appDbsRepositoryTransactionManagerPostProcessor",
					BeanDefinitions.autowired(RepositoryTransactionManagerPostProcessor.class, managers));
		}
	}

}
