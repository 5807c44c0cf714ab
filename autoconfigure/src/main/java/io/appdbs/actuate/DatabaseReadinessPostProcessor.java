package io.appdbs.actuate;

import java.util.LinkedHashSet;
import java.util.Set;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties.Group;

/**
 * {@link BeanPostProcessor} that sets
 * {@code management.endpoint.health.group.readiness.include} to the state of the
 * application and the required databases, except for those with
 * {@code health.readiness: false}, unless the application configures that group.
 */
public final class DatabaseReadinessPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<DatabaseLifecycle> lifecycle;

	/**
	 * Creates a new {@link DatabaseReadinessPostProcessor}.
	 * @param lifecycle supplies the databases
	 */
	public DatabaseReadinessPostProcessor(ObjectProvider<DatabaseLifecycle> lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof HealthEndpointProperties properties) {
			properties.getGroup().computeIfAbsent("readiness", (name) -> createGroup(this.lifecycle.getObject()));
		}
		return bean;
	}

	private static Group createGroup(DatabaseLifecycle lifecycle) {
		Set<String> members = new LinkedHashSet<>();
		members.add("readinessState");
		lifecycle.getNames()
			.stream()
			.filter((name) -> isNeeded(lifecycle.getDefinition(name).settings()))
			.forEach((name) -> members.add("dbs/" + name));
		Group group = new Group();
		group.setInclude(members);
		return group;
	}

	private static boolean isNeeded(DatabaseSettings settings) {
		return settings.required() && settings.health().readiness();
	}

}
