package io.appdbs.bean;

import javax.sql.DataSource;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.config.TransactionManagementConfigUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for child contexts of a context with databases.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChildContextTests {

	/**
	 * Without AspectJ, which would let a child use the transaction management of its
	 * parent.
	 */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.aop.auto=false", "app.dbs.orders.url=jdbc:h2:mem:child-orders",
				"app.dbs.audit.url=jdbc:h2:mem:child-audit", "app.dbs.audit.primary=true");

	@Test
	void transactionsOfAChildRunOnTheDatabasesOfItsParent() {
		runChild(Writer.class, (context) -> {
			Writer writer = context.getBean(Writer.class);
			assertThat(AopUtils.isAopProxy(writer)).isTrue();
			assertThat(writer.isTransactional()).isTrue();
		});
	}

	@Test
	void theEnvironmentOfAChildDoesNotNeedTheKeysOfItsParent() {
		SpringApplicationBuilder parent = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = parent.run("--app.dbs.orders.url=jdbc:h2:mem:child-keys");
				// whose command line hides that of its parent
				ConfigurableApplicationContext child = new SpringApplicationBuilder(Application.class, Writer.class,
						Named.class)
					.parent(context)
					.web(WebApplicationType.NONE)
					.run("--spring.aop.auto=false")) {
			assertThat(child.getEnvironment().containsProperty("app.dbs.orders.url")).isFalse();
			assertThat(child.getBean(Writer.class).isTransactional()).isTrue();
			assertThat(child.getBean(Named.class).template).isSameAs(context.getBean("ordersJdbcTemplate"));
		}
	}

	@Test
	void aGrandchildHasTransactions() {
		runChild(Other.class,
				(child) -> this.runner.withUserConfiguration(Writer.class)
					.withParent(child)
					.run((context) -> assertThat(context.getBean(Writer.class).isTransactional()).isTrue()));
	}

	@Test
	void whenTheParentHasTransactionAspectsThenAChildHasNoProxies() {
		ApplicationContextRunner runner = this.runner.withPropertyValues("spring.autoconfigure.exclude="
				+ "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration");
		runner.withBean(TransactionManagementConfigUtils.TRANSACTION_ASPECT_BEAN_NAME, Object.class, Object::new)
			.run((parent) -> runner.withUserConfiguration(Writer.class)
				.withParent(parent)
				.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Writer.class))).isFalse()));
	}

	@Test
	void anInjectionPointOfAChildThatIsNamedAfterABeanOfTheParentGetsIt() {
		runChild(Named.class, (child) -> {
			Named named = child.getBean(Named.class);
			assertThat(named.template).isSameAs(child.getBean("ordersJdbcTemplate"));
			assertThat(named.client).isSameAs(child.getBean("ordersJdbcClient"));
			assertThat(child.containsLocalBean("ordersJdbcTemplate")).isFalse();
			this.runner.withUserConfiguration(Named.class)
				.withParent(child)
				.run((grandchild) -> assertThat(grandchild.getBean(Named.class).template).isSameAs(named.template));
		});
	}

	@Test
	void aDatabaseThatOnlyAChildHasIsAnError() {
		this.runner.run((parent) -> this.runner.withPropertyValues("app.dbs.reports.url=jdbc:h2:mem:child-reports")
			.withParent(parent)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidDatabaseConfigurationException.class, (failure) -> {
					assertThat(failure).hasMessage(
							"Database 'reports': the database is configured in a child context, which uses the databases of its parent: orders, audit.");
					assertThat(failure.getAction())
						.isEqualTo("Move 'app.dbs.reports' to the configuration of the parent context.");
				})));
	}

	@Test
	void aFailureInAChildListsTheDatabasesOfItsParent(CapturedOutput output) {
		SpringApplicationBuilder parent = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("app.dbs.orders.url=jdbc:h2:mem:child-failure", "app.dbs.audit.url=jdbc:h2:mem:child-failure-2",
					"app.dbs.orders.primary=true");
		try (ConfigurableApplicationContext context = parent.run()) {
			assertThatException().isThrownBy(
					() -> new SpringApplicationBuilder(Application.class, Unknown.class).web(WebApplicationType.NONE)
						.parent(context)
						.run());
		}
		// the builder does not keep the order of the properties
		assertThat(output.toString()).containsPattern(
				"of the database 'order', but no database has that name. Known: (orders, audit|audit, orders)\\.");
	}

	private void runChild(Class<?> component, ContextConsumer<AssertableApplicationContext> test) {
		this.runner.run((parent) -> this.runner.withUserConfiguration(component).withParent(parent).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		}));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Other {

	}

	static class Writer {

		private final DataSource dataSource;

		Writer(@Qualifier("orders") DataSource dataSource) {
			this.dataSource = dataSource;
		}

		@Transactional("orders")
		boolean isTransactional() {
			return TransactionSynchronizationManager.hasResource(this.dataSource);
		}

	}

	static class Named {

		private final JdbcTemplate template;

		private final JdbcClient client;

		Named(JdbcTemplate ordersJdbcTemplate, @Qualifier("ordersJdbcClient") JdbcClient client) {
			this.template = ordersJdbcTemplate;
			this.client = client;
		}

	}

	static class Unknown {

		Unknown(@Qualifier("order") JdbcClient client) {
		}

	}

}
