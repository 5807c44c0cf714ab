package io.appdbs.persistence;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for entity manager factories that an application defines for named databases.
 */
class EntityManagerFactoryTests {

	private static UnaryOperator<DataSource> wrapper = UnaryOperator.identity();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("app.dbs.orders.url=embedded:h2", "app.dbs.audit.url=embedded:h2",
				"app.dbs-defaults.query-log=true", "spring.jpa.open-in-view=false",
				"spring.jpa.hibernate.ddl-auto=create", "spring.data.jpa.repositories.enabled=false")
		.withUserConfiguration(Application.class);

	@Test
	void bothUnderTheirQualifiers() {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(QualifiedOrders.class, QualifiedAudit.class)
			.run((context) -> {
				assertWrites(context, "ordersFactory", "orders");
				assertWrites(context, "auditFactory", "audit");
				assertThat(context.getBean(EntityManagerFactory.class)).isSameAs(context.getBean("ordersFactory"));
				assertThat(context.getBean(EntityManager.class).getEntityManagerFactory())
					.isSameAs(context.getBean("ordersFactory"));
				assertThat(qualified(context, EntityManager.class, "audit").getEntityManagerFactory())
					.isSameAs(context.getBean("auditFactory"));
			});
	}

	@Test
	void withoutAPrimaryDatabaseNoFactoryIsTheDefault() {
		this.runner.withUserConfiguration(QualifiedOrders.class, QualifiedAudit.class).run((context) -> {
			assertWrites(context, "ordersFactory", "orders");
			assertWrites(context, "auditFactory", "audit");
			assertThat(context.getBeanProvider(EntityManager.class).getIfUnique()).isNull();
		});
	}

	@Test
	void anInjectionPointThatIsNamedAfterAFactoryGetsIt() {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(QualifiedOrders.class, QualifiedAudit.class, NamedInjection.class)
			.run((context) -> {
				NamedInjection injection = context.getBean(NamedInjection.class);
				assertThat(injection.audit).isSameAs(context.getBean("auditFactory"));
				assertThat(injection.other).isSameAs(context.getBean("ordersFactory"));
			});
	}

	@ParameterizedTest
	@CsvSource({ "QualifiedOrders, ordersFactory", "UnqualifiedOrders, ordersEntityManagerFactory" })
	void aFactoryWithoutQualifierIsFoundByItsDataSource(String orders, String ordersFactory) {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(configurations(orders + " UnqualifiedAudit"))
			.run((context) -> {
				assertWrites(context, ordersFactory, "orders");
				assertWrites(context, "auditEntityManagerFactory", "audit");
			});
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void onADataSourceThatWrapsTheDatabase(UnaryOperator<DataSource> wrapping) {
		wrapper = wrapping;
		try {
			this.runner.withUserConfiguration(UnqualifiedAudit.class)
				.run((context) -> assertWrites(context, "auditEntityManagerFactory", "audit"));
		}
		finally {
			wrapper = UnaryOperator.identity();
		}
	}

	static Stream<Named<UnaryOperator<DataSource>>> wrappers() {
		return Stream.of(Named.of("delegating", DelegatingDataSource::new),
				Named.of("lazy", LazyConnectionDataSourceProxy::new),
				Named.of("transaction-aware", TransactionAwareDataSourceProxy::new),
				Named.of("datasource-proxy", ProxyDataSource::new), Named.of("AOP", (target) -> {
					ProxyFactory factory = new ProxyFactory(target);
					factory.setInterfaces(DataSource.class);
					return (DataSource) factory.getProxy();
				}), Named.of("proxy", EntityManagerFactoryTests::proxy),
				Named.of("several", (target) -> new LazyConnectionDataSourceProxy(new ProxyDataSource(proxy(target)))));
	}

	private static DataSource proxy(DataSource target) {
		return (DataSource) Proxy.newProxyInstance(EntityManagerFactoryTests.class.getClassLoader(),
				new Class<?>[] { DataSource.class },
				(proxy, method, args) -> AopUtils.invokeJoinpointUsingReflection(target, method, args));
	}

	@Test
	void onAWrapperOfADataSourceOfTheApplication() {
		wrapper = LazyConnectionDataSourceProxy::new;
		try {
			this.runner.withUserConfiguration(OwnDataSource.class, UnqualifiedAudit.class)
				.run((context) -> assertWrites(context, "auditEntityManagerFactory", "audit"));
		}
		finally {
			wrapper = UnaryOperator.identity();
		}
	}

	@Test
	void inAdditionToBootsOwnOnThePrimaryDatabase() {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(QualifiedAudit.class)
			.run((context) -> {
				assertWrites(context, "entityManagerFactory", "orders");
				assertWrites(context, "auditFactory", "audit");
				assertThat(context.getBean(EntityManagerFactory.class))
					.isSameAs(context.getBean("entityManagerFactory"));
			});
	}

	@Test
	void inAdditionToBootsOwnDatabase() {
		this.runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:boot-jpa")
			.withUserConfiguration(QualifiedAudit.class)
			.run((context) -> {
				assertWrites(context, "auditFactory", "audit");
				assertThat(context.getBean(EntityManagerFactory.class))
					.isSameAs(context.getBean("entityManagerFactory"));
				assertThat(context.getBean("transactionManager")).isInstanceOfSatisfying(JpaTransactionManager.class,
						(manager) -> assertThat(manager.getDataSource()).isSameAs(context.getBean("dataSource")));
			});
	}

	@Test
	void aFactoryThatTheApplicationDeclaresAsPrimaryStaysPrimary() {
		this.runner.withPropertyValues("app.dbs.orders.primary=true")
			.withUserConfiguration(QualifiedOrders.class, PrimaryAudit.class)
			.run((context) -> {
				assertWrites(context, "ordersFactory", "orders");
				assertWrites(context, "auditFactory", "audit");
				assertThat(context.getBean(EntityManagerFactory.class)).isSameAs(context.getBean("auditFactory"));
			});
	}

	@Test
	void withATransactionManagerOfTheApplication() {
		this.runner.withUserConfiguration(QualifiedAudit.class, OwnJpaManager.class).run((context) -> {
			assertWrites(context, "auditFactory", "audit");
			assertThat(qualified(context, PlatformTransactionManager.class, "audit")).isSameAs(context.getBean("own"));
		});
	}

	@Test
	void severalOnOneDatabaseWithATransactionManagerForEach() {
		this.runner.withUserConfiguration(QualifiedAudit.class, Reporting.class, ReportingManager.class)
			.run((context) -> assertWrites(context, "auditFactory", "audit"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			UnqualifiedAudit Reporting | \
			the EntityManagerFactory beans 'auditEntityManagerFactory', 'reporting' use the database, but none of them \
			has its qualifier. | \
			Add @Qualifier("audit") to the one for the transaction manager of the database, and define a \
			JpaTransactionManager bean for each of the others.
			QualifiedAudit PrimaryAuditToo | \
			the beans auditFactory, auditFactoryToo are all of type jakarta.persistence.EntityManagerFactory under its \
			qualifier. | \
			Keep the qualifier 'audit' on one of them.
			QualifiedAudit Reporting | \
			the EntityManagerFactory bean 'reporting' uses the database, but the transaction manager \
			'auditTransactionManager' of the database is for another factory. Saving an entity of 'reporting' would \
			write nothing. | \
			Define a JpaTransactionManager bean for 'reporting', or merge the two EntityManagerFactory beans.
			QualifiedAudit OwnJdbcManager | \
			the EntityManagerFactory bean 'auditFactory' uses the database, but the transaction manager 'own' of the \
			database is not a JpaTransactionManager. Saving an entity in its transactions would write nothing. | \
			Make 'own' a JpaTransactionManager for 'auditFactory', or remove it, so that the database has its own one.
			QualifiedOrders Swapped | \
			the EntityManagerFactory bean 'swapped' has the qualifier of the database, but uses the DataSource of \
			database 'orders'. It would read and write there. | \
			Give 'swapped' the DataSource @Qualifier("audit"), or change its qualifier to 'orders'.
			""")
	void factoriesWhoseEntitiesWouldNotBeWrittenAreRejected(String configurations, String message, String action) {
		this.runner.withUserConfiguration(configurations(configurations))
			.run((context) -> assertFails(context, "Database 'audit': " + message, action));
	}

	private static Class<?>[] configurations(String names) {
		return Stream.of(names.split(" "))
			.map((name) -> ClassUtils.resolveClassName(EntityManagerFactoryTests.class.getName() + "$" + name, null))
			.toArray(Class<?>[]::new);
	}

	@Test
	void aFactoryWhoseTypeIsNotKnownBeforeItIsCreatedIsRejected() {
		this.runner.withUserConfiguration(EarlyManager.class, UntypedAudit.class)
			.run((context) -> assertFails(context,
					"Database 'audit': the EntityManagerFactory bean 'untyped' uses the database, but the transaction manager 'auditTransactionManager' of the database is not a JpaTransactionManager. Saving an entity in its transactions would write nothing.",
					"Add @Qualifier(\"audit\") to the bean 'untyped', whose declared type must be EntityManagerFactory or LocalContainerEntityManagerFactoryBean."));
		this.runner.withUserConfiguration(EarlyManager.class, QualifiedAudit.class)
			.run((context) -> assertWrites(context, "auditFactory", "audit"));
	}

	@Test
	void aFactoryOfAChildContextWithoutTransactionManagerIsRejected() {
		this.runner.run((parent) -> new ApplicationContextRunner()
			.withUserConfiguration(Application.class, UnqualifiedAudit.class)
			.withParent(parent)
			.run((context) -> assertFails(context,
					"Database 'audit': the EntityManagerFactory bean 'auditEntityManagerFactory' of a child context uses the database, but the transaction manager 'auditTransactionManager' of the database is in the parent context and is not for this factory. Saving an entity in its transactions would write nothing.",
					"Move 'auditEntityManagerFactory' to the parent context, or define a JpaTransactionManager bean 'auditTransactionManager' for it with @Qualifier(\"audit\") in the child context.")));
	}

	@Test
	void aFactoryOfAChildContextWithATransactionManagerThereWrites() {
		this.runner.run((parent) -> new ApplicationContextRunner()
			.withUserConfiguration(Application.class, QualifiedAudit.class, ChildManager.class)
			.withParent(parent)
			.run((context) -> {
				assertWrites(context, "auditFactory", "audit");
				assertThat(qualified(context, PlatformTransactionManager.class, "audit"))
					.isNotSameAs(parent.getBean("auditTransactionManager"));
			}));
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aFactoryWithoutDatabaseAndTransactionManagerIsReported(CapturedOutput output) {
		this.runner.withUserConfiguration(Foreign.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains(
					"EntityManagerFactory bean 'foreign' has no JpaTransactionManager, and its DataSource does not lead to a database below 'app.dbs'. If it should, add the @Qualifier of the database to the bean");
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aFactoryWithoutDatabaseButWithATransactionManagerIsNotReported(CapturedOutput output) {
		this.runner.withUserConfiguration(Foreign.class, ForeignManager.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("has no JpaTransactionManager");
		});
	}

	/**
	 * Asserts that plain JDBC takes part in the transaction, and that a commit writes to
	 * this database only.
	 */
	private static void assertWrites(AssertableApplicationContext context, String factory, String database) {
		assertThat(context).hasNotFailed();
		EntityManager entities = SharedEntityManagerCreator
			.createSharedEntityManager(context.getBean(factory, EntityManagerFactory.class));
		JdbcClient jdbc = qualified(context, JdbcClient.class, database);
		PlatformTransactionManager manager = qualified(context, PlatformTransactionManager.class, database);
		assertThat(manager).isInstanceOf(JpaTransactionManager.class);
		TransactionTemplate transaction = new TransactionTemplate(manager);
		transaction.executeWithoutResult((status) -> {
			entities.persist(new Line(database));
			entities.flush();
			assertThat(count(jdbc, database)).isOne();
			jdbc.sql("INSERT INTO line VALUES ('rolled back')").update();
			status.setRollbackOnly();
		});
		assertThat(count(jdbc, database) + count(jdbc, "rolled back")).isZero();
		transaction.executeWithoutResult((status) -> entities.persist(new Line(database)));
		assertThat(count(jdbc, database)).isOne();
		String other = database.equals("orders") ? "audit" : "orders";
		JdbcClient otherJdbc = qualified(context, JdbcClient.class, other);
		if (otherJdbc.sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'LINE'")
			.query(Integer.class)
			.single() > 0) {
			assertThat(count(otherJdbc, database)).isZero();
		}
	}

	private static int count(JdbcClient jdbc, String id) {
		return jdbc.sql("SELECT COUNT(*) FROM line WHERE id = ?").param(id).query(Integer.class).single();
	}

	private static <T> T qualified(AssertableApplicationContext context, Class<T> type, String database) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, database);
	}

	private static void assertFails(AssertableApplicationContext context, String message, String action) {
		assertThat(context).hasFailed();
		assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
			.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (failure) -> {
				assertThat(failure).hasMessage(message);
				assertThat(failure.getAction()).isEqualTo(action);
			});
	}

	private static LocalContainerEntityManagerFactoryBean factory(DataSource dataSource) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(wrapper.apply(dataSource));
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factory.setManagedTypes(PersistenceManagedTypes.of(Line.class.getName()));
		factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
		return factory;
	}

	private static DataSource h2(String name) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setUrl("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(name));
		return dataSource;
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@ImportAutoConfiguration({ DatabasesAutoConfiguration.class, DataSourceAutoConfiguration.class,
			HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedOrders {

		@Bean
		@Qualifier("orders")
		LocalContainerEntityManagerFactoryBean ordersFactory(@Qualifier("orders") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedAudit {

		@Bean
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean auditFactory(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryAudit {

		@Bean
		@Primary
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean auditFactory(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryAuditToo {

		@Bean
		@Primary
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean auditFactoryToo(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedOrders {

		@Bean
		LocalContainerEntityManagerFactoryBean ordersEntityManagerFactory(@Qualifier("orders") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnqualifiedAudit {

		@Bean
		LocalContainerEntityManagerFactoryBean auditEntityManagerFactory(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedInjection {

		private final EntityManagerFactory audit;

		private final EntityManagerFactory other;

		NamedInjection(EntityManagerFactory auditFactory, EntityManagerFactory other) {
			this.audit = auditFactory;
			this.other = other;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildManager {

		@Bean
		@Qualifier("audit")
		JpaTransactionManager auditTransactionManager(@Qualifier("audit") EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UntypedAudit {

		@Bean
		FactoryBean<?> untyped(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyManager {

		@Bean
		Object early(@Qualifier("audit") PlatformTransactionManager manager) {
			return manager.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Swapped {

		@Bean
		@Qualifier("audit")
		LocalContainerEntityManagerFactoryBean swapped(@Qualifier("orders") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reporting {

		@Bean
		LocalContainerEntityManagerFactoryBean reporting(@Qualifier("audit") DataSource dataSource) {
			return factory(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReportingManager {

		@Bean
		PlatformTransactionManager reportingManager(@Qualifier("reporting") EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnJpaManager {

		@Bean
		@Qualifier("audit")
		PlatformTransactionManager own(@Qualifier("audit") EntityManagerFactory factory) {
			return new JpaTransactionManager(factory);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnJdbcManager {

		@Bean
		@Qualifier("audit")
		PlatformTransactionManager own(@Qualifier("audit") DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		@Qualifier("audit")
		DataSource own() {
			return h2("own-data-source");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Foreign {

		@Bean
		LocalContainerEntityManagerFactoryBean foreign() {
			return factory(h2("foreign"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForeignManager {

		@Bean(defaultCandidate = false)
		PlatformTransactionManager foreignManager(ObjectProvider<EntityManagerFactory> factory) {
			return new JpaTransactionManager(factory.getObject());
		}

	}

	@Entity(name = "Line")
	static class Line {

		@Id
		private String id;

		protected Line() {
		}

		Line(String id) {
			this.id = id;
		}

	}

}
