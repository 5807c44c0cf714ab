package io.appdbs.bean.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.settings.DatabaseDefinition;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.SharedCacheMode;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.MappingMetamodel;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.util.ClassUtils;

/**
 * Rejects caches of a JPA provider on a database with row-level security: they return
 * entities that one user has loaded to another user, without a statement that policies
 * apply to.
 */
final class EntityCacheCheck {

	private static final String SHARED_CACHE_MODE = "jakarta.persistence.sharedCache.mode";

	private static final boolean hibernatePresent = ClassUtils
		.isPresent("org.hibernate.engine.spi.SessionFactoryImplementor", EntityCacheCheck.class.getClassLoader());

	private final DatabaseDefinition definition;

	private final EntityManagerFactory factory;

	private final String source;

	private final String keys;

	private final ConfigurationProblems problems;

	/**
	 * Creates a new {@link EntityCacheCheck}.
	 * @param definition the database of the factory
	 * @param beanName the name of the factory's bean
	 * @param key the prefix of the keys for JPA properties, or {@code null} if the
	 * application sets them in code
	 */
	EntityCacheCheck(DatabaseDefinition definition, String beanName, EntityManagerFactory factory, @Nullable String key,
			ConfigurationProblems problems) {
		this.definition = definition;
		this.factory = factory;
		this.source = "persistence unit '%s' (EntityManagerFactory bean '%s')".formatted(factory.getName(), beanName);
		this.keys = (key != null) ? "Set '" + key + "%s' to '%s'"
				: "Set the JPA property '%s' of the bean '" + beanName + "' to '%s'";
		this.problems = problems;
	}

	void check() {
		if (!this.definition.settings().rls().enabled()) {
			return;
		}
		if (hibernatePresent && Hibernate.isProviderOf(this.factory)) {
			checkHibernate();
		}
		else if (!isSharedCacheOff() && !this.factory.getMetamodel().getEntities().isEmpty()) {
			add("the JPA provider may share a cache of entities between users in " + this.source, SHARED_CACHE_MODE,
					"NONE", "");
		}
	}

	private void checkHibernate() {
		List<String> cached = Hibernate.findCached(this.factory, exemptTables());
		if (!cached.isEmpty()) {
			add("the second-level cache of Hibernate is on in %s for %s".formatted(this.source,
					EntityManagerFactories.quote(cached)), "hibernate.cache.use_second_level_cache", "false",
					" Entities may be cached if '%s' lists their tables."
						.formatted(this.definition.key("rls.exempt-tables")));
		}
		if (Hibernate.isQueryCacheOn(this.factory)) {
			add("the query cache of Hibernate is on in " + this.source, "hibernate.cache.use_query_cache", "false", "");
		}
	}

	private void add(String message, String key, String value, String hint) {
		this.problems
			.add(this.definition.name(), null, null, message
					+ ". Row-level security does not apply to a cache: a user could read what another user has loaded.",
					this.keys.formatted(key, value) + "." + hint)
			.in(TroubleshootingSection.SECURITY_SETTING);
	}

	private boolean isSharedCacheOff() {
		SharedCacheMode declared = (this.factory instanceof EntityManagerFactoryInfo info
				&& info.getPersistenceUnitInfo() != null) ? info.getPersistenceUnitInfo().getSharedCacheMode() : null;
		Object mode = this.factory.getProperties().getOrDefault(SHARED_CACHE_MODE, declared);
		return SharedCacheMode.NONE.name().equalsIgnoreCase(String.valueOf(mode));
	}

	private Set<String> exemptTables() {
		return this.definition.settings()
			.rls()
			.exemptTables()
			.stream()
			.map(EntityCacheCheck::plain)
			.collect(Collectors.toSet());
	}

	private static String plain(String table) {
		return table.replace("\"", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Loaded only if Hibernate is on the class path.
	 */
	private static final class Hibernate {

		static boolean isProviderOf(EntityManagerFactory factory) {
			try {
				return factory.unwrap(SessionFactoryImplementor.class) != null;
			}
			catch (PersistenceException ex) {
				return false;
			}
		}

		static boolean isQueryCacheOn(EntityManagerFactory factory) {
			return factory.unwrap(SessionFactoryImplementor.class).getSessionFactoryOptions().isQueryCacheEnabled();
		}

		/**
		 * Finds the entities and collections that the second-level cache can hold.
		 */
		static List<String> findCached(EntityManagerFactory factory, Set<String> exempt) {
			SessionFactoryImplementor sessionFactory = factory.unwrap(SessionFactoryImplementor.class);
			List<String> cached = new ArrayList<>();
			if (sessionFactory.getSessionFactoryOptions().isSecondLevelCacheEnabled()) {
				MappingMetamodel metamodel = sessionFactory.getMappingMetamodel();
				metamodel.forEachEntityDescriptor((entity) -> {
					if (isCached(entity) && !isExempt(exempt, entity.getQuerySpaces())) {
						cached.add(entity.getEntityName());
					}
				});
				metamodel.forEachCollectionDescriptor((collection) -> {
					if (collection.hasCache() && !isExempt(exempt, collection.getCollectionSpaces())) {
						cached.add(collection.getRole());
					}
				});
			}
			return cached;
		}

		private static boolean isCached(EntityPersister entity) {
			return entity.canReadFromCache() || entity.canWriteToCache() || entity.hasNaturalIdCache();
		}

		private static boolean isExempt(Set<String> exempt, Object[] tables) {
			return Stream.of(tables).map(String::valueOf).map(EntityCacheCheck::plain).allMatch(exempt::contains);
		}

	}

}
