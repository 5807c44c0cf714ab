package io.appdbs.bean.jpa;

import javax.sql.DataSource;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.routing.RoutingDataSource;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Rejects an {@link EntityManagerFactory} on a route unless the selected database is its
 * tenant. Otherwise the databases would share the values that identifier generators have
 * in memory, and entities in caches. Also rejects loading after a session has ended, for
 * which Hibernate opens another one, with the tenant of that moment.
 *
 * @param beanName the name of the factory's bean
 * @param factory the factory
 * @param problems where problems are reported
 */
record RoutedFactoryCheck(String beanName, EntityManagerFactory factory, ConfigurationProblems problems) {

	private static final String LAZY_LOADING = "hibernate.enable_lazy_load_no_trans";

	private static final boolean hibernatePresent = ClassUtils
		.isPresent("org.hibernate.engine.spi.SessionFactoryImplementor", RoutedFactoryCheck.class.getClassLoader());

	void check() {
		String route = findRoute();
		if (route == null) {
			return;
		}
		if (hibernatePresent && Hibernate.hasTenants(this.factory)) {
			if (Hibernate.isLoadingOutsideOfTransactions(this.factory)) {
				this.problems.add(null, null, null,
						"Route '%s': the EntityManagerFactory bean '%s' has '%s'. An entity of one database would load its associations from the database that is selected later."
							.formatted(route, this.beanName, LAZY_LOADING),
						"Remove 'spring.jpa.properties.%s', or set it to 'false' in the properties of '%s'. Load associations within the transaction, for example with JOIN FETCH."
							.formatted(LAZY_LOADING, this.beanName))
					.in(TroubleshootingSection.ROUTE);
			}
		}
		else {
			this.problems.add(null, null, null,
					"Route '%s': the EntityManagerFactory bean '%s' uses it, but without tenants of Hibernate. Its databases would share the values that identifier generators have in memory, and entities in caches."
						.formatted(route, this.beanName),
					"Use Hibernate: set 'app.dbs-routes.%s.packages' to the packages of the entities, or make the bean a LocalContainerEntityManagerFactoryBean with a HibernateJpaVendorAdapter."
						.formatted(route))
				.in(TroubleshootingSection.ROUTE);
		}
	}

	private @Nullable String findRoute() {
		DataSource dataSource = EntityManagerFactories.getDataSource(this.factory);
		RoutingDataSource routing = (dataSource != null) ? RoutingDataSource.find(dataSource) : null;
		return (routing != null) ? routing.getRoute().name() : null;
	}

	/**
	 * Loaded only if Hibernate is on the class path.
	 */
	private static final class Hibernate {

		static boolean hasTenants(EntityManagerFactory factory) {
			try {
				return factory.unwrap(SessionFactoryImplementor.class)
					.getSessionFactoryOptions()
					.isMultiTenancyEnabled();
			}
			catch (PersistenceException ex) {
				return false;
			}
		}

		static boolean isLoadingOutsideOfTransactions(EntityManagerFactory factory) {
			return factory.unwrap(SessionFactoryImplementor.class)
				.getSessionFactoryOptions()
				.isInitializeLazyStateOutsideTransactionsEnabled();
		}

	}

}
