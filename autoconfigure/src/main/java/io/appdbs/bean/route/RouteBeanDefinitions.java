package io.appdbs.bean.route;

import java.util.Collection;

import javax.sql.DataSource;

import io.appdbs.bean.DatabaseBeanDefinitions;
import io.appdbs.bean.RelationalBeans;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.routing.Route;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Registers the bean definitions of routes. Each bean is found by qualifier only. Loaded
 * only if there is a route.
 */
public final class RouteBeanDefinitions {

	private static final CandidateRole ROLE = CandidateRole.QUALIFIED;

	private RouteBeanDefinitions() {
	}

	/**
	 * Registers the beans of routes.
	 * @param beans registers the beans
	 * @param routes the routes
	 */
	public static void register(DatabaseBeanRegistry beans, Collection<DeclaredDatabase> routes) {
		routes.forEach((route) -> register(beans, route));
	}

	private static void register(DatabaseBeanRegistry beans, DeclaredDatabase route) {
		Class<?> factory = RouteBeans.class;
		RuntimeBeanReference self = reference(beans.register(route, "Route", Route.class, ROLE, factory, route.name()));
		RuntimeBeanReference dataSource = reference(
				beans.register(route, "DataSource", DataSource.class, ROLE, factory, self));
		String template = beans.register(route, "JdbcTemplate", JdbcTemplate.class, ROLE, factory, self, dataSource);
		String named = beans.register(route, "NamedParameterJdbcTemplate", NamedParameterJdbcTemplate.class, ROLE,
				RelationalBeans.class, reference(template));
		beans.register(route, "JdbcClient", JdbcClient.class, ROLE, RelationalBeans.class, reference(named));
		String manager = beans.register(route, "TransactionManager", PlatformTransactionManager.class, ROLE, factory,
				self, dataSource);
		beans.register(route, "TransactionTemplate", TransactionTemplate.class, ROLE, factory, reference(manager),
				reference(DatabaseBeanDefinitions.RETRIES));
		beans.registerAlias(manager, route, "PlatformTransactionManager");
	}

	private static RuntimeBeanReference reference(String beanName) {
		return new RuntimeBeanReference(beanName);
	}

}
