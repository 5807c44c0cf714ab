package io.appdbs.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import io.appdbs.bean.NamedDataSources;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.registry.HealthContributorRegistry;

/**
 * Removes the starter's beans from one of Boot's contributors, which contains every bean
 * of a type. The starter's beans are in {@code dbs}, which does not query them in the
 * thread of a request.
 */
final class UnmanagedHealthContributors implements BeanPostProcessor {

	private final String name;

	private final Set<String> ownBeans;

	private final ConfigurableListableBeanFactory beanFactory;

	UnmanagedHealthContributors(String name, String[] ownBeans, ConfigurableListableBeanFactory beanFactory) {
		this.name = name;
		this.ownBeans = Set.of(ownBeans);
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof HealthContributorRegistry registry) {
			HealthContributor contributor = registry.unregisterContributor(this.name);
			// anything else is the contributor of a single bean, which is the starter's
			if (contributor instanceof CompositeHealthContributor all) {
				keepUnmanaged(registry, all);
			}
		}
		return bean;
	}

	private void keepUnmanaged(HealthContributorRegistry registry, CompositeHealthContributor all) {
		Map<String, HealthContributor> unmanaged = new LinkedHashMap<>();
		all.stream()
			.filter((entry) -> !this.ownBeans.contains(entry.name()) && !isAlias(entry.name()))
			.forEach((entry) -> unmanaged.put(entry.name(), entry.contributor()));
		if (unmanaged.size() == 1) {
			// as Boot does without named databases
			registry.registerContributor(this.name, unmanaged.values().iterator().next());
		}
		else if (!unmanaged.isEmpty()) {
			registry.registerContributor(this.name, CompositeHealthContributor.fromMap(unmanaged));
		}
	}

	/**
	 * Returns whether a bean of the application, such as the one of a library, has the
	 * data source of one of the starter's beans.
	 */
	private boolean isAlias(String beanName) {
		if (!(this.beanFactory.containsBean(beanName)
				&& this.beanFactory.getBean(beanName) instanceof DataSource dataSource)) {
			return false;
		}
		NamedDataSources dataSources = this.beanFactory.getBeanProvider(NamedDataSources.class).getIfAvailable();
		String database = (dataSources != null) ? dataSources.findDatabase(dataSource) : null;
		return dataSources != null && database != null && this.ownBeans.contains(dataSources.beanNames().get(database));
	}

}
