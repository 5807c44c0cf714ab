package io.appdbs.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.registry.HealthContributorRegistry;

/**
 * Leaves in one of Boot's contributors, which has every bean of a type, those that are
 * not ours: {@code dbs} has ours, and does not query them in the thread of a request.
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
			// anything else is the contributor of a single bean, and that one is ours
			if (contributor instanceof CompositeHealthContributor all) {
				keepForeign(registry, all);
			}
		}
		return bean;
	}

	private void keepForeign(HealthContributorRegistry registry, CompositeHealthContributor all) {
		Map<String, HealthContributor> foreign = new LinkedHashMap<>();
		all.stream()
			.filter((entry) -> !this.ownBeans.contains(entry.name()))
			.forEach((entry) -> foreign.put(entry.name(), entry.contributor()));
		if (foreign.size() == 1) {
			// as Boot shows it where there are no named databases
			registry.registerContributor(this.name, foreign.values().iterator().next());
		}
		else if (!foreign.isEmpty()) {
			registry.registerContributor(this.name, CompositeHealthContributor.fromMap(foreign));
		}
	}

}
