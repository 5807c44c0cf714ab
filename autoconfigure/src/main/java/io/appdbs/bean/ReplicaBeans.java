package io.appdbs.bean;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.bean.registry.UserBeans;
import io.appdbs.jdbc.JdbcDatabaseConnector;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.replica.ReplicaReadsUserProvider;
import io.appdbs.replica.ReplicaRoutingDataSource;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Routes reads to the replicas of databases.
 */
final class ReplicaBeans {

	private static final boolean securityPresent = ClassUtils.isPresent(
			"org.springframework.security.core.context.SecurityContextHolder", ReplicaBeans.class.getClassLoader());

	private ReplicaBeans() {
	}

	static DataSource route(String name, boolean deferred, DatabaseLifecycle lifecycle,
			ConfigurableListableBeanFactory beanFactory) {
		JdbcDatabaseConnector connector = find(name, deferred, lifecycle);
		DatabaseDefinition definition = lifecycle.getDefinition(name);
		if (definition.settings().replicas().isEmpty()) {
			return connector.getDataSource();
		}
		List<JdbcDatabaseConnector> replicas = definition.replicaNames()
			.stream()
			.map((replica) -> find(replica, deferred, lifecycle))
			.toList();
		return new ReplicaRoutingDataSource(definition, connector, replicas,
				user(name, lifecycle.getNames(), beanFactory));
	}

	private static JdbcDatabaseConnector find(String name, boolean deferred, DatabaseLifecycle lifecycle) {
		return deferred ? lifecycle.findConnector(name, JdbcDatabaseConnector.class)
				: lifecycle.getConnector(name, JdbcDatabaseConnector.class);
	}

	/**
	 * Returns the user of the first provider that knows one.
	 */
	private static Supplier<@Nullable Object> user(String name, Set<String> databases,
			ConfigurableListableBeanFactory beanFactory) {
		// lazily, since a provider may depend on a data source
		Supplier<List<ReplicaReadsUserProvider>> providers = SingletonSupplier.of(() -> {
			List<ReplicaReadsUserProvider> all = new ArrayList<>(
					UserBeans.getAllFor(beanFactory, ReplicaReadsUserProvider.class, name, databases));
			if (securityPresent) {
				all.add(new Security());
			}
			return all;
		});
		return () -> providers.get()
			.stream()
			.map(ReplicaReadsUserProvider::getUser)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * The user of Spring Security, so that reads are consistent across threads.
	 */
	private static final class Security implements ReplicaReadsUserProvider {

		private final AuthenticationTrustResolver trustResolver = new AuthenticationTrustResolverImpl();

		@Override
		public @Nullable Object getUser() {
			Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
			return this.trustResolver.isAuthenticated(authentication) ? authentication.getName() : null;
		}

	}

}
