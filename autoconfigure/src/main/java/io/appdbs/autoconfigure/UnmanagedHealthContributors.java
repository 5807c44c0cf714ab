package io.appdbs.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.BeanPostProcessor;
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

	UnmanagedHealthContributors(String name, String[] ownBeans) {
		this.name = name;
		this.ownBeans = Set.of(ownBeans);
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
			.filter((entry) -> !this.ownBeans.contains(entry.name()))
			.forEach((entry) -> unmanaged.put(entry.name(), entry.contributor()));
		if (unmanaged.size() == 1) {
			// as Boot does without named databases
			registry.registerContributor(this.name, unmanaged.values().iterator().next());
		}
		else if (!unmanaged.isEmpty()) {
			registry.registerContributor(this.name, CompositeHealthContributor.fromMap(unmanaged));
		}
	}

}
