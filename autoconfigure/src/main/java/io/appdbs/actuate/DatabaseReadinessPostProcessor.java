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
 * Makes readiness depend on the required databases, except for those with
 * {@code health.readiness: false}, unless the application configures that group itself.
 * Runs before Boot adds its own group, which would have the state of the application
 * alone.
 */
@Order(Ordered.LOWEST_PRECEDENCE - 100)
public final class DatabaseReadinessPostProcessor implements HealthEndpointGroupsPostProcessor {

	private static final String READINESS = "readiness";

	private final DatabaseLifecycle lifecycle;

	/**
	 * Create a new {@link DatabaseReadinessPostProcessor}.
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
	 * Shows as much as the whole health does, as a group that is configured.
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
