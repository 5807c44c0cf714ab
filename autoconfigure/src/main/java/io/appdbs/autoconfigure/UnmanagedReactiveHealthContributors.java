package io.appdbs.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;

/**
 * Removes the starter's beans from one of Boot's reactive contributors, as
 * {@link UnmanagedHealthContributors} does from the others.
 */
final class UnmanagedReactiveHealthContributors implements BeanPostProcessor {

	private final String name;

	private final Set<String> ownBeans;

	UnmanagedReactiveHealthContributors(String name, String[] ownBeans) {
		this.name = name;
		this.ownBeans = Set.of(ownBeans);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ReactiveHealthContributorRegistry registry) {
			ReactiveHealthContributor contributor = registry.unregisterContributor(this.name);
			// anything else is the contributor of a single bean, which is the starter's
			if (contributor instanceof CompositeReactiveHealthContributor all) {
				keepUnmanaged(registry, all);
			}
		}
		return bean;
	}

	private void keepUnmanaged(ReactiveHealthContributorRegistry registry, CompositeReactiveHealthContributor all) {
		Map<String, ReactiveHealthContributor> unmanaged = new LinkedHashMap<>();
		all.stream()
			.filter((entry) -> !this.ownBeans.contains(entry.name()))
			.forEach((entry) -> unmanaged.put(entry.name(), entry.contributor()));
		if (unmanaged.size() == 1) {
			// as Boot does without named databases
			registry.registerContributor(this.name, unmanaged.values().iterator().next());
		}
		else if (!unmanaged.isEmpty()) {
			registry.registerContributor(this.name, CompositeReactiveHealthContributor.fromMap(unmanaged));
		}
	}

}
