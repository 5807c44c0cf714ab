package io.appdbs.bean.cache;

import java.util.List;

import io.appdbs.cache.DatabaseCaches;
import io.appdbs.lifecycle.DatabaseLifecycle;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Lets the caches of a database take part in the transactions of its manager, including
 * one that the application defines.
 */
public final class CacheTransactionPostProcessor implements BeanPostProcessor {

	private final List<String> databases;

	private final List<String> cacheManagers;

	private final ObjectProvider<DatabaseLifecycle> lifecycle;

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates a new {@link CacheTransactionPostProcessor}.
	 * @param databases the names of the databases with caches
	 * @param cacheManagers the names of the beans of their caches
	 * @param lifecycle the databases
	 * @param beanFactory the bean factory
	 */
	public CacheTransactionPostProcessor(List<String> databases, List<String> cacheManagers,
			ObjectProvider<DatabaseLifecycle> lifecycle, ConfigurableListableBeanFactory beanFactory) {
		this.databases = databases;
		this.cacheManagers = cacheManagers;
		this.lifecycle = lifecycle;
		this.beanFactory = beanFactory;
	}

	/**
	 * Returns the names of the beans of the caches.
	 * @return the names
	 */
	public List<String> getCacheManagers() {
		return this.cacheManagers;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof PlatformTransactionManager manager
				&& bean instanceof ConfigurableTransactionManager configurable) {
			for (String database : this.databases) {
				DatabaseCaches caches = isOf(database, beanName) ? this.lifecycle.getObject().findCaches(database)
						: null;
				if (caches != null) {
					configurable.addListener(caches.createListener(manager));
				}
			}
		}
		return bean;
	}

	private boolean isOf(String database, String beanName) {
		return BeanFactoryAnnotationUtils.isQualifierMatch(database::equals, beanName, this.beanFactory);
	}

}
