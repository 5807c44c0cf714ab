package io.appdbs.container;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.Databases;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ContainerDatabases}.
 */
class ContainerDatabasesTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void whenNothingIsConfiguredThenAnyNameIsADatabase() {
		declare("orders", "postgresql", Set.of());
		assertThat(this.environment.getProperty("app.dbs.orders.engine")).isEqualTo("postgresql");
	}

	@Test
	void whenANameIsInjectedThenItNeedsNoConfiguration() {
		configure("app.dbs.audit.primary", "true");
		declare("orders", "postgresql", Set.of("orders"));
		assertThat(this.environment.getProperty("app.dbs.orders.engine")).isEqualTo("postgresql");
	}

	@Test
	void whenAVariableAloneHasTheNameThenItIsNotConfigured() {
		configure("app.dbs.audit.primary", "true");
		this.environment.getPropertySources()
			.addLast(new SystemEnvironmentPropertySource("variables", Map.of("APP_DBS_ORDERS_URL", "h2:mem:orders")));
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> declare("orders", "postgresql", Set.of()))
			.withMessage("Database 'orders', declared by a test, is not used by the application. Known: audit.");
	}

	@Test
	void whenTheUrlIsOfAnEngineWithTheSameDriverThenTheContainersEngineIsUsed() {
		configure("app.dbs.orders.url", "postgresql://localhost/orders");
		declare("orders", "cockroachdb", Set.of());
		assertThat(this.environment.getProperty("app.dbs.orders.engine")).isEqualTo("cockroachdb");
	}

	@Test
	void aUrlThatCannotBeResolvedIsIgnored() {
		configure("app.dbs.orders.url", "${ORDERS_URL_OF_PRODUCTION}");
		ContainerDatabase orders = declare("orders", "postgresql", Set.of());
		databases().connect(orders, "jdbc:postgresql://localhost:1/test", "test", null);
		assertThat(this.environment.getProperty("app.dbs.orders.url")).isEqualTo("jdbc:postgresql://localhost:1/test");
	}

	@Test
	void whenTheContainerHasNoLoginThenTheConfiguredOneIsNotUsed() {
		configure("app.dbs.catalog.username", "nobody");
		ContainerDatabase catalog = declare("catalog", "mongodb", Set.of());
		databases().connect(catalog, "mongodb://localhost:1/catalog", null, null);
		assertThat(this.environment.getProperty("app.dbs.catalog.username")).isEmpty();
	}

	@Test
	void whenReplicasAndCredentialFilesAreConfiguredThenTheyAreNotUsed() {
		configure("app.dbs.orders.replicas[0].url", "postgresql://replica/orders");
		configure("app.dbs.orders.credentials.password-file", "/run/secrets/password");
		configure("app.dbs-defaults.credentials.username-file", "/run/secrets/username");
		databases().connect(declare("orders", "h2", Set.of()), "jdbc:h2:mem:containers", "sa", "secret");
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setEnvironment(this.environment);
			context.register(DatabasesAutoConfiguration.class);
			context.refresh();
			assertThat(context.getBean(Databases.class).getSnapshots()).singleElement()
				.satisfies((orders) -> assertThat(orders.credentials()).isNull());
		}
	}

	@Test
	void whenOnlyTheUrlDeterminesTheEngineThenItIsComparedOnConnect() {
		configure("app.dbs.orders.engine", "mysql");
		ContainerDatabase orders = declare("orders", null, Set.of());
		assertThat(this.environment.getProperty("app.dbs.orders.engine")).isEqualTo("mysql");
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> databases().connect(orders, "jdbc:postgresql://localhost:1/test", "test", "test"))
			.withMessage("Database 'orders': a test runs PostgreSQL, but 'app.dbs.orders.engine' is 'mysql'.");
	}

	@Test
	void whenTheEngineIsNotKnownYetThenTheDatabaseIsDeclared() {
		declare("orders", null, Set.of());
		assertThat(this.environment.containsProperty("app.dbs.orders.engine")).isTrue();
	}

	private ContainerDatabase declare(String name, @Nullable String engine, Set<String> injected) {
		ContainerDatabase database = new ContainerDatabase(name, engine, "a test");
		databases().declare(List.of(database), () -> injected);
		return database;
	}

	private ContainerDatabases databases() {
		return new ContainerDatabases(this.environment, null);
	}

	private void configure(String key, String value) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(key, value)));
	}

}
