package io.appdbs.container;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for services of Docker Compose as Boot passes them. Tests with Docker Compose
 * itself are in the module for Testcontainers.
 */
class ComposeServicesTests {

	private final GenericApplicationContext context = new GenericApplicationContext();

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					postgres:18 | 5432 | POSTGRES_PASSWORD=secret | jdbc:postgresql://127.0.0.1:15432/postgres | postgres | secret
					postgres | 5432 | POSTGRES_USER=app,POSTGRES_PASSWORD=p | jdbc:postgresql://127.0.0.1:15432/app | app | p
					pgvector/pgvector:pg17 | 5432 | POSTGRES_DB=shop,POSTGRES_USER=app | jdbc:postgresql://127.0.0.1:15432/shop | app |
					cockroachdb/cockroach:v25.2.0 | 26257 | | jdbc:postgresql://127.0.0.1:36257/defaultdb | root |
					yugabytedb/yugabyte | 5433 | YSQL_USER=app,YSQL_PASSWORD=p | jdbc:postgresql://127.0.0.1:15433/app | app | p
					mysql:8.4 | 3306 | MYSQL_USER=app,MYSQL_PASSWORD=p,MYSQL_DATABASE=shop | jdbc:mysql://127.0.0.1:13306/shop | app | p
					mysql:8.4 | 3306 | MYSQL_ROOT_PASSWORD=root | jdbc:mysql://127.0.0.1:13306/orders | root | root
					mariadb:11.4 | 3306 | MARIADB_USER=app,MARIADB_PASSWORD=p,MARIADB_DATABASE=shop | jdbc:mariadb://127.0.0.1:13306/shop | app | p
					docker.io/library/mongo:8.0 | 27017 | | mongodb://127.0.0.1:37017/orders | |
					mongo@sha256:0123456789012345678901234567890123456789012345678901234567890123 | 27017 | MONGO_INITDB_ROOT_USERNAME=app,MONGO_INITDB_ROOT_PASSWORD=p | mongodb://127.0.0.1:37017/orders?authSource=admin | app | p
					""")
	void whenAServiceIsLabelledThenItIsTheDatabase(String image, int port, String variables, String url,
			String username, String password) {
		ready(new FakeService("orders-db", image, port, env(variables), Map.of("io.appdbs.database", "orders")));
		Environment environment = this.context.getEnvironment();
		assertThat(environment.getProperty("app.dbs.orders.url")).isEqualTo(url);
		assertThat(environment.getProperty("app.dbs.orders.username")).isEqualTo((username != null) ? username : "");
		assertThat(environment.getProperty("app.dbs.orders.password")).isEqualTo((password != null) ? password : "");
	}

	@Test
	void whenServicesAreLabelledThenLaterListenersSeeOnlyTheOthers() {
		List<RunningService> left = ready(postgres("orders-db", "orders"),
				new FakeService("main-db", "postgres", 5432, Map.of(), Map.of()), postgres("audit-db", "audit"));
		assertThat(left).extracting(RunningService::name).containsExactly("main-db");
		assertThat(this.context.getEnvironment().getProperty("app.dbs.orders.engine")).isEqualTo("postgresql");
		assertThat(this.context.getEnvironment().getProperty("app.dbs.audit.engine")).isEqualTo("postgresql");
	}

	@Test
	void whenNoServiceIsLabelledThenNothingChanges() {
		assertThat(ready(new FakeService("main-db", "postgres", 5432, Map.of(), Map.of()))).hasSize(1);
		assertThat(this.context.getEnvironment().getPropertySources().contains("appDbsContainers")).isFalse();
	}

	@Test
	void bootsLabelsForImageAndParametersAreUsed() {
		ready(new FakeService("orders-db", "acme/db", 5432, Map.of(),
				Map.of("io.appdbs.database", "orders", "org.springframework.boot.service-connection", "postgres",
						"org.springframework.boot.jdbc.parameters", "ssl=true")));
		assertThat(this.context.getEnvironment().getProperty("app.dbs.orders.url"))
			.isEqualTo("jdbc:postgresql://127.0.0.1:15432/postgres?ssl=true");
	}

	@Test
	void whenTheImageIsNotKnownThenTheKnownOnesAreListed() {
		assertThat(failureOf(
				new FakeService("orders-db", "acme/db:1", 5432, Map.of(), Map.of("io.appdbs.database", "orders"))))
			.isEqualTo(
					"""
							Database 'orders': service 'orders-db' of Docker Compose has the image 'acme/db', which is not a known database image.
							If the image is compatible with a known one, add the name of that image to the service as label 'org.springframework.boot.service-connection'. Known: cockroach, mariadb, mongo, mongodb-community-server, mysql, pgvector, postgis, postgres, timescaledb, yugabyte.""");
	}

	@Test
	void whenThePortIsNotPublishedThenItIsNamed() {
		assertThat(failureOf(
				new FakeService("orders-db", "postgres", 80, Map.of(), Map.of("io.appdbs.database", "orders"))))
			.isEqualTo("""
					Database 'orders': service 'orders-db' of Docker Compose does not publish port 5432.
					Add '5432' to the 'ports' of the service.""");
	}

	@Test
	void whenTwoServicesHaveOneNameThenBothAreNamed() {
		assertThat(failureOf(postgres("one", "orders"), postgres("other", "orders"))).isEqualTo(
				"""
						Database 'orders' has two containers: service 'one' of Docker Compose and service 'other' of Docker Compose.
						Remove one of the declarations, or change its name to that of another database.""");
	}

	private static FakeService postgres(String name, String database) {
		return new FakeService(name, "postgres", 5432, Map.of(), Map.of("io.appdbs.database", database));
	}

	private String failureOf(RunningService... services) {
		InvalidDatabaseConfigurationException failure = catchThrowableOfType(
				InvalidDatabaseConfigurationException.class, () -> ready(services));
		return failure.getMessage() + "\n" + failure.getAction();
	}

	/**
	 * Publishes the event as Boot does.
	 * @return the services that later listeners see
	 */
	private List<RunningService> ready(RunningService... services) {
		DockerComposeServicesReadyEvent event = event(new ArrayList<>(List.of(services)));
		SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
		multicaster.addApplicationListener(new ComposeDatabasesListener());
		multicaster.multicastEvent(event);
		return event.getRunningServices();
	}

	private DockerComposeServicesReadyEvent event(List<RunningService> services) {
		try {
			Constructor<DockerComposeServicesReadyEvent> constructor = DockerComposeServicesReadyEvent.class
				.getDeclaredConstructor(ApplicationContext.class, List.class);
			constructor.setAccessible(true);
			return constructor.newInstance(this.context, services);
		}
		catch (ReflectiveOperationException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Map<String, String> env(String variables) {
		Map<String, String> env = new HashMap<>();
		for (String variable : StringUtils.commaDelimitedListToStringArray(variables)) {
			env.put(variable.split("=")[0], variable.split("=")[1]);
		}
		return env;
	}

}
