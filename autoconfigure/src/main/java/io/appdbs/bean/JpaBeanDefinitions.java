package io.appdbs.bean;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.util.ClassUtils;

/**
 * The bean definitions that watch over the application's entity manager factories. Loaded
 * only where there is JPA.
 */
public final class JpaBeanDefinitions {

	private static final String CHECK = "appDbsEntityManagerFactoryCheck";

	private static final boolean repositoriesPresent = ClassUtils.isPresent(
			"org.springframework.data.repository.core.support.TransactionalRepositoryFactoryBeanSupport",
			JpaBeanDefinitions.class.getClassLoader());

	private JpaBeanDefinitions() {
	}

	/**
	 * Register them.
	 * @param registry the registry of the context
	 * @param databases the names of all relational databases
	 * @param managers the names of their transaction managers' beans
	 * @param ownManagers those that the application defines
	 */
	static void register(BeanDefinitionRegistry registry, String[] databases, String[] managers, String[] ownManagers) {
		DatabaseBeanDefinitions.registerInfrastructure(registry, CHECK,
				DatabaseBeanDefinitions.autowired(EntityManagerFactoryCheck.class, databases, managers, ownManagers));
		DatabaseBeanDefinitions.registerInfrastructure(registry, "appDbsEntityManagerFactoryPostProcessor",
				DatabaseBeanDefinitions.autowired(EntityManagerFactoryPostProcessor.class));
		if (repositoriesPresent) {
			DatabaseBeanDefinitions.registerInfrastructure(registry, "appDbsRepositoryTransactionManagerPostProcessor",
					DatabaseBeanDefinitions.autowired(RepositoryTransactionManagerPostProcessor.class, databases,
							managers));
		}
	}

	/**
	 * Register them for the databases of a parent context.
	 * @param registry the registry of the child
	 * @param beanFactory the bean factory of the child
	 */
	public static void registerForParent(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.containsBean(CHECK)) {
			EntityManagerFactoryCheck parent = beanFactory.getBean(CHECK, EntityManagerFactoryCheck.class);
			register(registry, parent.databases(), parent.managers(), parent.ownManagers());
		}
	}

}
