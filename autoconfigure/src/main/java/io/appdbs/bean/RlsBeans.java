package io.appdbs.bean;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.PreparationReport;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DatabaseNames;
import io.appdbs.rls.RlsContextProvider;
import io.appdbs.rls.RlsDataSource;
import io.appdbs.rls.RlsServer;
import io.appdbs.rls.SecurityRlsContextProvider;
import io.appdbs.rls.verify.RlsVerification;
import io.appdbs.settings.DatabaseDefinition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Adds row-level security to data sources.
 */
final class RlsBeans {

	private static final boolean securityPresent = ClassUtils
		.isPresent("org.springframework.security.core.context.SecurityContextHolder", RlsBeans.class.getClassLoader());

	private static final Log logger = LogFactory.getLog(RlsBeans.class);

	private RlsBeans() {
	}

	/**
	 * Adds row-level security to a data source, if the database has it.
	 * @param snapshot supplies the state of the database
	 */
	static DataSource secure(DataSource dataSource, DatabaseDefinition definition, Supplier<DatabaseSnapshot> snapshot,
			ConfigurableListableBeanFactory beanFactory) {
		if (!definition.settings().rls().enabled()) {
			return dataSource;
		}
		reportUnused(definition, beanFactory);
		List<RlsContextProvider> security = securityPresent ? Security.providers(definition) : List.of();
		// lazily, since a provider may depend on a data source
		Supplier<List<RlsContextProvider>> providers = SingletonSupplier
			.of(() -> providers(definition, security, beanFactory));
		// the report exists before the first connection, and these details do not change
		return new RlsDataSource(dataSource, definition, providers, SingletonSupplier.of(() -> server(snapshot.get())));
	}

	/**
	 * Reports providers with a qualifier that no database has. It can be that of a
	 * database that is added later, so it is no error.
	 */
	private static void reportUnused(DatabaseDefinition definition, ConfigurableListableBeanFactory beanFactory) {
		List<String> databases = DatabaseNames.getAll(beanFactory.getBean(Environment.class));
		UserBeans.getNames(beanFactory, RlsContextProvider.class.getName(), (qualifier) -> true)
			.filter((bean) -> UserBeans.isAutowireCandidate(beanFactory, bean)
					&& UserBeans.hasQualifier(beanFactory, bean)
					&& !UserBeans.isQualified(beanFactory, bean, databases::contains))
			.forEach((bean) -> logger.warn(
					"Database '%s': the RlsContextProvider bean '%s' is not used, since its qualifier is the name of no configured database. Known: %s. Correct the qualifier, or remove it if the bean is for all databases."
						.formatted(definition.name(), bean, String.join(", ", databases))));
	}

	private static RlsServer server(DatabaseSnapshot snapshot) {
		PreparationReport report = snapshot.preparation(RlsVerification.NAME);
		Map<String, Object> details = (report != null) ? report.details() : Map.of();
		return new RlsServer(Boolean.TRUE.equals(details.get(RlsVerification.PREFIXED)),
				(String) details.get(RlsVerification.SESSION_ROLE),
				Boolean.TRUE.equals(details.get(RlsVerification.DISTRIBUTED)));
	}

	private static List<RlsContextProvider> providers(DatabaseDefinition definition, List<RlsContextProvider> security,
			ConfigurableListableBeanFactory beanFactory) {
		List<RlsContextProvider> providers = UserBeans.getAllOnlyFor(beanFactory, RlsContextProvider.class,
				definition.name());
		return providers.isEmpty() ? security : providers;
	}

	private static final class Security {

		static List<RlsContextProvider> providers(DatabaseDefinition definition) {
			return List.of(new SecurityRlsContextProvider(definition.settings().rls()));
		}

	}

}
