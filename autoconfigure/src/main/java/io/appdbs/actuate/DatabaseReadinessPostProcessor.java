package io.appdbs.actuate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link HealthEndpointGroupsPostProcessor} that adds the required databases to the group
 * {@code readiness}, except for those with {@code health.readiness: false}, unless the
 * application configures that group. Runs before Boot adds its own group, which would
 * contain only the state of the application.
 * <p>
 * The property {@code management.endpoint.health.group.readiness.include} cannot replace
 * this class. Boot fails to start if a member of the property does not exist, and whether
 * {@code dbs/<name>} exists is known only when beans are defined: the application may
 * replace {@code dbsHealthContributor}, or disable it. A default of the property would
 * also be merged with an application's {@code group.readiness.show-details} or
 * {@code exclude}.
 */
@Order(Ordered.LOWEST_PRECEDENCE - 100)
public final class DatabaseReadinessPostProcessor implements HealthEndpointGroupsPostProcessor {

	private static final String READINESS = "readiness";

	private final DatabaseLifecycle lifecycle;

	/**
	 * Creates a new {@link DatabaseReadinessPostProcessor}.
	 * @param lifecycle the databases
	 */
	public DatabaseReadinessPostProcessor(DatabaseLifecycle lifecycle) {
		this.lifecycle = lifecycle;
	}

	@Override
	public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
		return (groups.get(READINESS) != null) ? groups : new Groups(groups, members());
	}

	private Set<String> members() {
		Set<String> members = new LinkedHashSet<>();
		members.add("readinessState");
		this.lifecycle.getNames()
			.stream()
			.filter((name) -> isNeeded(this.lifecycle.getDefinition(name).settings()))
			.forEach((name) -> members.add("dbs/" + name));
		return members;
	}

	private static boolean isNeeded(DatabaseSettings settings) {
		return settings.required() && settings.health().readiness();
	}

	private static final class Groups implements HealthEndpointGroups, AdditionalPathsMapper {

		private final HealthEndpointGroups groups;

		private final HealthEndpointGroup readiness;

		Groups(HealthEndpointGroups groups, Set<String> members) {
			this.groups = groups;
			this.readiness = new Readiness(groups.getPrimary(), members);
		}

		@Override
		public HealthEndpointGroup getPrimary() {
			return this.groups.getPrimary();
		}

		@Override
		public Set<String> getNames() {
			Set<String> names = new LinkedHashSet<>(this.groups.getNames());
			names.add(READINESS);
			return names;
		}

		@Override
		public @Nullable HealthEndpointGroup get(String name) {
			return name.equals(READINESS) ? this.readiness : this.groups.get(name);
		}

		@Override
		public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace namespace) {
			return (this.groups instanceof AdditionalPathsMapper mapper)
					? mapper.getAdditionalPaths(endpointId, namespace) : null;
		}

	}

	/**
	 * The group. Shows as much as the whole health does, as a configured group would.
	 */
	private record Readiness(HealthEndpointGroup primary, Set<String> members) implements HealthEndpointGroup {

		@Override
		public boolean isMember(String name) {
			return this.members.contains(name);
		}

		@Override
		public boolean showComponents(SecurityContext securityContext) {
			return this.primary.showComponents(securityContext);
		}

		@Override
		public boolean showDetails(SecurityContext securityContext) {
			return this.primary.showDetails(securityContext);
		}

		@Override
		public StatusAggregator getStatusAggregator() {
			return this.primary.getStatusAggregator();
		}

		@Override
		public HttpCodeStatusMapper getHttpCodeStatusMapper() {
			return this.primary.getHttpCodeStatusMapper();
		}

		@Override
		public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
			return null;
		}

	}

}
