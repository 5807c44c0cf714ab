package io.appdbs.bean.jpa;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.misplaced.orders.Invoice;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.orders.CustomerOrder;
import io.appdbs.testsupport.PlainApplication;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceUnit;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.naming.PhysicalNamingStrategy;
import org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl;
import org.hibernate.engine.jdbc.env.spi.JdbcEnvironment;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the application's customizations of persistence units, and for the injection
 * of units.
 */
class PersistenceUnitCustomizationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(PlainApplication.class)
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.orders.packages=io.appdbs.shop.orders",
				"app.dbs.audit.url=embedded:h2", "app.dbs.audit.packages=io.appdbs.shop.audit");

	@Test
	void customizersApplyToAllUnitsOrToTheOneOfTheirQualifier() {
		this.runner.withUserConfiguration(Customizers.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:customized", "spring.liquibase.enabled=false")
			.run((context) -> {
				assertThat(customized(context, "ordersEntityManagerFactory")).isEqualTo("{all=true}");
				assertThat(customized(context, "auditEntityManagerFactory"))
					.isEqualTo("{all=true, audit=true, builder=true}");
				assertThat(customized(context, "entityManagerFactory")).isEqualTo("{all=true}");
			});
	}

	@Test
	void namingStrategiesApplyToAllUnitsOrToTheOneOfTheirQualifier() {
		this.runner.withUserConfiguration(Naming.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:named", "spring.liquibase.enabled=false")
			.run((context) -> {
				assertThat(table(context, "orders", CustomerOrder.class)).isEqualTo("customer_order");
				assertThat(table(context, "audit", AuditEntry.class)).isEqualTo("t_AuditEntry");
				assertThat(context.getBean("entityManagerFactory", EntityManagerFactory.class).getProperties())
					.doesNotContainValue(context.getBean("auditNaming"));
			});
		this.runner.withUserConfiguration(CommonNaming.class).run((context) -> {
			assertThat(table(context, "orders", CustomerOrder.class)).isEqualTo("t_CustomerOrder");
			assertThat(table(context, "audit", AuditEntry.class)).isEqualTo("t_AuditEntry");
		});
	}

	@Test
	void namingStrategiesAreKeysOfADatabaseOrOfAll() {
		String standard = PhysicalNamingStrategyStandardImpl.class.getName();
		this.runner.withPropertyValues("app.dbs.audit.jpa.naming.physical-strategy=" + standard).run((context) -> {
			assertThat(table(context, "orders", CustomerOrder.class)).isEqualTo("customer_order");
			assertThat(table(context, "audit", AuditEntry.class)).isEqualTo("AuditEntry");
		});
		this.runner.withPropertyValues("spring.jpa.hibernate.naming.physical-strategy=" + standard)
			.run((context) -> assertThat(table(context, "orders", CustomerOrder.class)).isEqualTo("CustomerOrder"));
	}

	@Test
	void managedTypesUnderAQualifierReplaceThoseOfThePackages() {
		this.runner.withUserConfiguration(Managed.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:managed", "spring.liquibase.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("auditEntityManagerFactory", EntityManagerFactory.class)
					.getMetamodel()
					.getEntities()).extracting((type) -> (Object) type.getJavaType())
					.containsExactlyInAnyOrder(AuditEntry.class, Invoice.class);
			});
	}

	@Test
	void unitsAreInjected() {
		this.runner.withUserConfiguration(Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Injected injected = context.getBean(Injected.class);
			assertThat(List.of(injected.contextOfUnit, injected.auditEntityManager, injected.session))
				.allSatisfy((entityManager) -> assertThat(entityManager.getEntityManagerFactory())
					.isSameAs(context.getBean("auditEntityManagerFactory")));
			assertThat(List.of(injected.unit, injected.factory, injected.sessionFactory))
				.allMatch((factory) -> factory == context.getBean("auditEntityManagerFactory"));
			assertThat(injected.contextOfUnit.createQuery("from AuditEntry", AuditEntry.class).getResultList())
				.isEmpty();
		});
	}

	private static String customized(AssertableApplicationContext context, String factory) {
		assertThat(context).hasNotFailed();
		Map<String, Object> properties = new TreeMap<>(
				context.getBean(factory, EntityManagerFactory.class).getProperties());
		properties.keySet().removeIf((key) -> !key.startsWith("custom."));
		return properties.toString().replace("custom.", "");
	}

	private static String table(AssertableApplicationContext context, String database, Class<?> entity) {
		assertThat(context).hasNotFailed();
		return context.getBean(database + "EntityManagerFactory", SessionFactory.class)
			.unwrap(SessionFactoryImplementor.class)
			.getMappingMetamodel()
			.getEntityDescriptor(entity)
			.getQuerySpaces()[0].toString();
	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		HibernatePropertiesCustomizer allCustomizer() {
			return (properties) -> properties.put("custom.all", "true");
		}

		@Bean
		@Qualifier("audit")
		HibernatePropertiesCustomizer auditCustomizer() {
			return (properties) -> properties.put("custom.audit", "true");
		}

		@Bean
		@Qualifier("audit")
		EntityManagerFactoryBuilderCustomizer builderCustomizer() {
			return (builder) -> builder
				.setPersistenceUnitPostProcessors((unit) -> unit.addProperty("custom.builder", "true"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Naming {

		@Bean
		@Qualifier("audit")
		PhysicalNamingStrategy auditNaming() {
			return new Prefixed();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CommonNaming {

		@Bean
		PhysicalNamingStrategy naming() {
			return new Prefixed();
		}

	}

	static class Prefixed extends PhysicalNamingStrategyStandardImpl {

		@Override
		public Identifier toPhysicalTableName(Identifier name, JdbcEnvironment environment) {
			return Identifier.toIdentifier("t_" + name.getText());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Managed {

		@Bean
		@Qualifier("audit")
		PersistenceManagedTypes auditTypes() {
			return PersistenceManagedTypes.of(AuditEntry.class.getName(), Invoice.class.getName());
		}

	}

	static class Injected {

		@PersistenceContext(unitName = "audit")
		private EntityManager contextOfUnit;

		@PersistenceUnit(unitName = "audit")
		private EntityManagerFactory unit;

		@Autowired
		@Qualifier("audit")
		private Session session;

		@Autowired
		@Qualifier("audit")
		private SessionFactory sessionFactory;

		private final EntityManager auditEntityManager;

		private final EntityManagerFactory factory;

		Injected(@Qualifier("audit") EntityManager auditEntityManager,
				@Qualifier("audit") EntityManagerFactory factory) {
			this.auditEntityManager = auditEntityManager;
			this.factory = factory;
		}

	}

}
