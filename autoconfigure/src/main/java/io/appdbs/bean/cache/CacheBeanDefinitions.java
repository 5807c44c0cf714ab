package io.appdbs.bean.cache;

import java.util.List;
import java.util.Objects;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.cache.CacheManager;

/**
 * Registers the caches of databases.
 */
public final class CacheBeanDefinitions {

	private static final String SUFFIX = "CacheManager";

	private CacheBeanDefinitions() {
	}

	/**
	 * Registers the {@link CacheManager} of each database that has caches. It is found by
	 * qualifier or name only, even that of a primary database, so that Spring Boot's is
	 * the default one.
	 * @param registry where the beans of the databases are registered
	 * @param beans registers beans of the databases
	 * @param databases all databases
	 * @throws InvalidDatabaseConfigurationException if the application defines the
	 * {@link CacheManager} of such a database
	 */
	public static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			List<DeclaredDatabase> databases) {
		List<DeclaredDatabase> cached = databases.stream().filter(DeclaredDatabase::cached).toList();
		cached.forEach((database) -> register(registry, beans, database));
		if (!cached.isEmpty()) {
			BeanDefinitions.registerInfrastructure(registry, "appDbsCacheTransactionPostProcessor",
					BeanDefinitions.autowired(CacheTransactionPostProcessor.class,
							cached.stream().map(DeclaredDatabase::name).toList(),
							cached.stream().map((database) -> database.beanName(SUFFIX)).toList()));
		}
	}

	private static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			DeclaredDatabase database) {
		String bean = beans.register(database, SUFFIX, CacheManager.class, CandidateRole.QUALIFIED,
				CacheBeanDefinitions.class, database.name(), new RuntimeBeanReference(DatabaseBeanRegistry.LIFECYCLE));
		if (!BeanDefinitions.isCreatedBy(CacheBeanDefinitions.class, bean, registry)) {
			String key = DatabaseDefinition.key(database.name(), "cache.spec");
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is set, but the bean '%s' has its caches.".formatted(database.name(), key,
							bean),
					"Remove '%s', or the bean. Set '%s' to an empty value if it comes from the defaults.".formatted(key,
							key),
					null)
				.in(TroubleshootingSection.BEAN);
		}
	}

	/**
	 * Does not wait for the database, so that entries are found while it is down.
	 */
	static CacheManager cacheManager(String name, DatabaseLifecycle lifecycle) {
		return Objects.requireNonNull(lifecycle.findCaches(name));
	}

}
