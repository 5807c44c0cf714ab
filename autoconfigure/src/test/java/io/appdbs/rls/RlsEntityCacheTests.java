package io.appdbs.rls;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.rls.cached.CachedNote;
import jakarta.persistence.Cacheable;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.PersistenceUnitTransactionType;
import jakarta.persistence.Table;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.cfg.spi.DomainDataRegionBuildingContext;
import org.hibernate.cache.cfg.spi.DomainDataRegionConfig;
import org.hibernate.cache.spi.support.DomainDataStorageAccess;
import org.hibernate.cache.spi.support.RegionFactoryTemplate;
import org.hibernate.cache.spi.support.StorageAccess;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

/**
 * Tests that no cache of a JPA provider is on a database with row-level security.
 */
class RlsEntityCacheTests {

	private static final String CACHED = "Database 'notes': the second-level cache of Hibernate is on in persistence unit '%s' (EntityManagerFactory bean 'entityManagerFactory') for %s. Row-level security does not apply to a cache: a user could read what another user has loaded.";

	private static final String QUERIES_CACHED = "Database 'notes': the query cache of Hibernate is on in persistence unit 'own' (EntityManagerFactory bean 'entityManagerFactory'). Row-level security does not apply to a cache: a user could read what another user has loaded.";

	private static final String SECRET = "'" + Secret.class.getName() + "'";

	private static final String COUNTRY = "'" + Country.class.getName() + "'";

	private static final String NAMES = "'" + Country.class.getName() + ".names'";

	private static final String REGION_FACTORY = "hibernate.cache.region.factory_class";

	@RegisterExtension
	private static final Notes notes = new Notes();

	private final Map<String, Object> properties = new HashMap<>(
			Map.of(REGION_FACTORY, UnusedRegionFactory.class.getName()));

	@BeforeAll
	static void setUp() throws SQLException {
		notes.execute("""
				CREATE TABLE secret (id bigint PRIMARY KEY, owner text);
				CREATE TABLE country (id bigint PRIMARY KEY);
				CREATE TABLE country_names (country_id bigint REFERENCES country, names text);
				ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
				CREATE POLICY own ON secret
					USING (owner = (SELECT NULLIF(current_setting('app.current_user_id', true), '')));
				GRANT SELECT ON secret, country, country_names TO app;
				""");
	}

	@Test
	void whenAnEntityIsCachedThenItDoesNotStart() {
		own(Secret.class).run((context) -> assertFails(context, CACHED.formatted("own", SECRET),
				"Set the JPA property 'hibernate.cache.use_second_level_cache' of the bean 'entityManagerFactory' to 'false'. Entities may be cached if 'app.dbs.notes.rls.exempt-tables' lists their tables."));
		this.properties.put("hibernate.cache.use_second_level_cache", "false");
		own(Secret.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenEntitiesAndQueriesAreCachedThenBothAreReported() {
		this.properties.put("hibernate.cache.use_query_cache", "true");
		own(Secret.class, Country.class).run((context) -> assertThat(context.getStartupFailure())
			.hasMessage("2 problems in the configuration of databases:\n\n1. %s\n\n2. %s"
				.formatted(CACHED.formatted("own", SECRET + ", " + COUNTRY + ", " + NAMES), QUERIES_CACHED)));
		this.properties.put("jakarta.persistence.sharedCache.mode", "NONE");
		own(Plain.class).run((context) -> assertFails(context, QUERIES_CACHED,
				"Set the JPA property 'hibernate.cache.use_query_cache' of the bean 'entityManagerFactory' to 'false'."));
	}

	@Test
	void whenEverythingIsCachedThenItDoesNotStart() {
		this.properties.put("jakarta.persistence.sharedCache.mode", "ALL");
		own(Plain.class).run((context) -> assertThat(context.getStartupFailure())
			.hasMessage(CACHED.formatted("own", "'" + Plain.class.getName() + "'")));
	}

	@Test
	void whenNothingOfAUserIsCachedThenItStarts() {
		own(Plain.class).run((context) -> assertThat(context).hasNotFailed());
		own(Country.class, Plain.class).withPropertyValues("app.dbs.notes.rls.exempt-tables=Country,country_names")
			.run((context) -> assertThat(context).hasNotFailed());
		own(Country.class).withPropertyValues("app.dbs.notes.rls.exempt-tables=country", "app.dbs.notes.rls.verify=off")
			.run((context) -> assertThat(context.getStartupFailure()).hasMessage(CACHED.formatted("own", NAMES)));
		this.properties.clear();
		own(Secret.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenThereIsNoRowLevelSecurityThenEntitiesMayBeCached() {
		this.properties.put("hibernate.cache.use_query_cache", "true");
		own(Secret.class).withPropertyValues("app.dbs.notes.rls.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAFactoryIsCreatedAfterTheStartThenThatFails() {
		own(Plain.class).run((context) -> {
			assertThat(context).hasNotFailed();
			DataSource dataSource = context.getBean("notesDataSource", DataSource.class);
			((GenericApplicationContext) context.getSourceApplicationContext())
				.registerBean("late", LocalContainerEntityManagerFactoryBean.class, () -> new OwnFactory()
					.entityManagerFactory(dataSource, new Settings(this.properties, new Class<?>[] { Secret.class })));
			assertThatException().isThrownBy(() -> context.getBean("late"))
				.havingRootCause()
				.isInstanceOf(InvalidDatabaseConfigurationException.class)
				.withMessage(CACHED.formatted("own", SECRET).replace("'entityManagerFactory'", "'late'"));
		});
	}

	@Test
	void whenTheFactoryIsBootsThenTheKeyIsThatOfBoot() {
		runner().withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
			.withUserConfiguration(Entities.class)
			.withPropertyValues("spring.jpa.properties." + REGION_FACTORY + "=" + UnusedRegionFactory.class.getName())
			.run((context) -> assertFails(context, CACHED.formatted("default", "'" + CachedNote.class.getName() + "'"),
					"Set 'spring.jpa.properties.hibernate.cache.use_second_level_cache' to 'false'. Entities may be cached if 'app.dbs.notes.rls.exempt-tables' lists their tables."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jpa", "app.dbs.notes.jpa" })
	void whenTheFactoryIsOfThePackagesThenTheKeyIsThatOfTheDatabase(String prefix) {
		runner()
			.withPropertyValues("app.dbs.notes.packages=" + CachedNote.class.getPackageName(),
					prefix + ".properties." + REGION_FACTORY + "=" + UnusedRegionFactory.class.getName())
			.run((context) -> assertFails(context,
					CACHED.formatted("notes", "'" + CachedNote.class.getName() + "'")
						.replace("'entityManagerFactory'", "'notesEntityManagerFactory'"),
					"Set 'app.dbs.notes.jpa.properties.hibernate.cache.use_second_level_cache' to 'false'. Entities may be cached if 'app.dbs.notes.rls.exempt-tables' lists their tables."));
		runner()
			.withPropertyValues("app.dbs.notes.packages=" + CachedNote.class.getPackageName(),
					prefix + ".properties." + REGION_FACTORY + "=" + UnusedRegionFactory.class.getName(),
					"app.dbs.notes.jpa.properties.hibernate.cache.use_second_level_cache=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAnotherProviderMayShareACacheThenItDoesNotStart() {
		for (String mode : new String[] { "UNSPECIFIED", "NONE" }) {
			runner().withBean("other", EntityManagerFactory.class, () -> {
				EntityManagerFactory factory = mock(EntityManagerFactory.class, RETURNS_DEEP_STUBS);
				given(factory.getName()).willReturn("other");
				given(factory.unwrap(SessionFactoryImplementor.class)).willThrow(new PersistenceException());
				given(factory.getProperties()).willReturn(Map.of("jakarta.persistence.sharedCache.mode", mode));
				given(factory.getTransactionType()).willReturn(PersistenceUnitTransactionType.JTA);
				given(factory.getMetamodel().getEntities().isEmpty()).willReturn(false);
				return factory;
			}, (definition) -> ((AbstractBeanDefinition) definition)
				.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "notes"))).run((context) -> {
					if (mode.equals("NONE")) {
						assertThat(context).hasNotFailed();
						return;
					}
					assertFails(context,
							"Database 'notes': the JPA provider may share a cache of entities between users in persistence unit 'other' (EntityManagerFactory bean 'other'). Row-level security does not apply to a cache: a user could read what another user has loaded.",
							"Set the JPA property 'jakarta.persistence.sharedCache.mode' of the bean 'other' to 'NONE'.");
				});
		}
	}

	private static void assertFails(AssertableApplicationContext context, String message, String action) {
		assertThat(context).hasFailed();
		assertThat(context.getStartupFailure()).isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class,
				(failure) -> {
					assertThat(failure).hasMessage(message);
					assertThat(failure.getAction()).isEqualTo(action);
					assertThat(failure.getDatabase()).isEqualTo("notes");
				});
	}

	private static ApplicationContextRunner runner() {
		return notes.runner(notes.address(), "app.dbs.notes.primary=true", "app.dbs.notes.rls.verify=off");
	}

	private ApplicationContextRunner own(Class<?>... entities) {
		return runner().withBean(Settings.class, () -> new Settings(this.properties, entities))
			.withUserConfiguration(OwnFactory.class);
	}

	/**
	 * What a factory is made of.
	 *
	 * @param properties the JPA properties
	 * @param entities the entities
	 */
	private record Settings(Map<String, Object> properties, Class<?>[] entities) {

	}

	/**
	 * A row of a user.
	 */
	@Entity
	@Cacheable
	@Table(name = "secret")
	static class Secret {

		@Id
		private Long id;

		private String owner;

	}

	/**
	 * A row of a user that is not cacheable.
	 */
	@Entity
	@Table(name = "note")
	static class Plain {

		@Id
		private Long id;

		private String owner;

	}

	/**
	 * What everybody may see.
	 */
	@Entity
	@Cacheable
	@Table(name = "country")
	static class Country {

		@Id
		private Long id;

		@ElementCollection
		@CollectionTable(name = "country_names")
		@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
		private Set<String> names;

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(@Qualifier("notes") DataSource dataSource,
				Settings settings) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setPersistenceUnitName("own");
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setManagedTypes(PersistenceManagedTypes
				.of(Arrays.stream(settings.entities()).map(Class::getName).toArray(String[]::new)));
			factory.setJpaPropertyMap(settings.properties());
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = CachedNote.class)
	static class Entities {

	}

	/**
	 * A cache that is not used, as tests end with the start.
	 */
	public static class UnusedRegionFactory extends RegionFactoryTemplate {

		@Override
		protected DomainDataStorageAccess createDomainDataStorageAccess(DomainDataRegionConfig regionConfig,
				DomainDataRegionBuildingContext buildingContext) {
			return mock(DomainDataStorageAccess.class);
		}

		@Override
		protected StorageAccess createQueryResultsRegionStorageAccess(String regionName,
				SessionFactoryImplementor sessionFactory) {
			return mock(DomainDataStorageAccess.class);
		}

		@Override
		protected StorageAccess createTimestampsRegionStorageAccess(String regionName,
				SessionFactoryImplementor sessionFactory) {
			return mock(DomainDataStorageAccess.class);
		}

		@Override
		protected void prepareForUse(SessionFactoryOptions settings, Map<String, Object> configValues) {
			// nothing to prepare
		}

		@Override
		protected void releaseFromUse() {
			// nothing to release
		}

	}

}
