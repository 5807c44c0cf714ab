package io.appdbs.bean.route;

import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.RelationalBeans;
import io.appdbs.bean.TransactionManagerFactory;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.routing.DatabaseSelector;
import io.appdbs.routing.Route;
import io.appdbs.routing.RoutingDataSource;
import io.appdbs.settings.RouteSettings;
import io.appdbs.transaction.SelectingTransactionManager;
import io.appdbs.transaction.TransactionRetries;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizers;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the beans of routes. They wait for no database: which one is used is decided
 * when a connection is borrowed.
 */
public final class RouteBeans {

	private RouteBeans() {
	}

	static Route route(String name, Environment environment, ConfigurableListableBeanFactory beanFactory) {
		RouteSettings settings = RouteSettingsBinder
			.bind(environment, DatabaseNames.getAll(environment), beanFactory.getBeanClassLoader())
			.get(name);
		Engine engine = (settings != null && settings.engine() != null)
				? Engines.load(beanFactory.getBeanClassLoader()).findById(settings.engine()) : null;
		if (settings == null || engine == null) {
			throw new InvalidDatabaseConfigurationException(null, "app.dbs-routes." + name,
					"Route '%s' is not configured, but was when its beans were defined.".formatted(name),
					"Set 'app.dbs-routes.%s.engine' and 'app.dbs-routes.%s.databases'.".formatted(name, name), null)
				.in(TroubleshootingSection.CHANGED_KEY);
		}
		return new Route(name, engine, settings::includes, findSelector(name, beanFactory));
	}

	private static DatabaseSelector findSelector(String route, ConfigurableListableBeanFactory beanFactory) {
		String beanName = UserBeans.findNameFor(beanFactory, DatabaseSelector.class, route, Set.of(route));
		if (beanName == null) {
			return () -> null;
		}
		// lazily, since a selector may depend on a data source
		Supplier<DatabaseSelector> selector = SingletonSupplier
			.of(() -> beanFactory.getBean(beanName, DatabaseSelector.class));
		return () -> selector.get().select();
	}

	static DataSource dataSource(Route route, DatabaseLifecycle databases) {
		return new RoutingDataSource(route, databases);
	}

	static JdbcTemplate jdbcTemplate(Route route, DataSource dataSource, Environment environment,
			ObjectProvider<SQLExceptionTranslator> exceptionTranslator) {
		return RelationalBeans.createTemplate(route::describe, dataSource, route::engine, environment,
				exceptionTranslator);
	}

	static PlatformTransactionManager transactionManager(Route route, DataSource dataSource,
			ObjectProvider<TransactionManagerFactory> factories,
			ObjectProvider<TransactionManagerCustomizers> customizers) {
		TransactionManagerFactory factory = factories.getIfAvailable();
		AbstractPlatformTransactionManager manager = (factory != null)
				? factory.createTransactionManager(route.name(), false, dataSource) : null;
		if (manager == null) {
			manager = new RoutedJdbcTransactionManager(route, dataSource);
		}
		PlatformTransactionManager customized = manager;
		customizers.ifAvailable((all) -> all.customize(customized));
		// a customizer may replace all listeners
		manager.addListener(new RoutedTransactionListener(route));
		return manager;
	}

	static TransactionTemplate transactionTemplate(PlatformTransactionManager manager, TransactionRetries retries) {
		return (manager instanceof SelectingTransactionManager selecting) ? retries.createTemplate(selecting)
				: new TransactionTemplate(manager);
	}

}
