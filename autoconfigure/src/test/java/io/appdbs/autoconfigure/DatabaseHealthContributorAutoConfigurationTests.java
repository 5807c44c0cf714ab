package io.appdbs.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.health.MongoHealthContributorAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseHealthContributorAutoConfiguration} together with Boot's own
 * contributors.
 */
class DatabaseHealthContributorAutoConfigurationTests {

	private static final String ORDERS = "app.dbs.orders.url=jdbc:h2:mem:health-orders";

	private static final String AUDIT = "app.dbs.audit.url=jdbc:h2:mem:health-audit";

	private static final String CATALOG = "app.dbs.catalog.url=embedded:mongodb";

	private static final String REFUSING = "app.dbs.reviews.url=postgresql://127.0.0.1:1/reviews";

	private static final String OPTIONAL = "app.dbs.reviews.required=false";

	private static final AutoConfigurations OWN = AutoConfigurations.of(DatabasesAutoConfiguration.class,
			DatabaseHealthContributorAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(OWN)
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceHealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, EndpointAutoConfiguration.class))
		.withInitializer((context) -> context.addApplicationListener((ContextRefreshedEvent event) -> {
			AvailabilityChangeEvent.publish(event.getApplicationContext(), LivenessState.CORRECT);
			AvailabilityChangeEvent.publish(event.getApplicationContext(), ReadinessState.ACCEPTING_TRAFFIC);
		}))
		.withPropertyValues("management.endpoints.web.exposure.include=health",
				"management.endpoints.jmx.exposure.include=health");

	private final ApplicationContextRunner mongoRunner = this.runner.withConfiguration(
			AutoConfigurations.of(MongoAutoConfiguration.class, MongoHealthContributorAutoConfiguration.class));

	@Test
	void whenThereIsNoNamedDatabaseThenBootsHealthIsUnchanged() {
		this.runner.withPropertyValues("spring.datasource.url=jdbc:h2:mem:health-boot").run((context) -> {
			assertThat(context).doesNotHaveBean("dbsHealthContributor").hasSingleBean(StatusAggregator.class);
			assertThat(contributors(context)).contains("db").doesNotContain("dbs");
		});
	}

	@Test
	void whenBootHasNoHealthThenNothingIsContributed() {
		new ApplicationContextRunner().withConfiguration(OWN)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.withPropertyValues(ORDERS)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("dbsHealthContributor"));
	}

	@Test
	void whenAllDatabasesAreNamedThenEachIsShownOnce() {
		this.runner.withPropertyValues(ORDERS, AUDIT).run((context) -> {
			assertThat(contributors(context)).contains("dbs").doesNotContain("db");
			assertThat(components(context, "dbs")).containsOnlyKeys("orders", "audit");
			Map<String, Object> details = details(context, "dbs", "orders");
			assertThat(details).containsEntry("engine", "h2")
				.containsEntry("required", true)
				.containsKeys("since", "pool")
				.doesNotContainKeys("cause", "nextAttempt", "suspended", "migrationVersion");
			assertThat(details.get("version").toString()).startsWith("H2 2.");
			Awaitility.await().until(() -> details(context, "dbs", "orders").containsKey("responseTime"));
		});
	}

	@Test
	void whenThereIsASingleNamedDatabaseThenItIsShownOnce() {
		this.runner.withPropertyValues(ORDERS).run((context) -> {
			assertThat(contributors(context)).contains("dbs").doesNotContain("db");
			assertThat(components(context, "dbs")).containsOnlyKeys("orders");
		});
	}

	@Test
	void whenBootHasADatabaseThenItIsShownAsWithoutNamedDatabases() {
		this.runner.withPropertyValues(ORDERS, AUDIT, "spring.datasource.url=jdbc:h2:mem:health-boot")
			.run((context) -> {
				assertThat(context).hasBean("dataSource");
				assertThat(components(context, "dbs")).containsOnlyKeys("orders", "audit");
				assertThat(details(context, "db")).containsEntry("database", "H2")
					.containsEntry("validationQuery", "isValid()");
			});
	}

	@Test
	void whenTheApplicationHasDataSourcesThenBootShowsThese() {
		this.runner.withPropertyValues(ORDERS).withUserConfiguration(OwnDataSources.class).run((context) -> {
			assertThat(components(context, "dbs")).containsOnlyKeys("orders");
			assertThat(components(context, "db")).containsOnlyKeys("legacy", "reporting");
		});
	}

	@Test
	void whenALibraryHasABeanWithADatabaseThenItIsShownOnce() {
		this.runner.withPropertyValues(ORDERS, AUDIT).withUserConfiguration(LibraryDataSource.class).run((context) -> {
			assertThat(context.getBean("libraryDataSource")).isSameAs(context.getBean("auditDataSource"));
			assertThat(contributors(context)).contains("dbs").doesNotContain("db");
		});
		this.runner.withPropertyValues(ORDERS, AUDIT)
			.withUserConfiguration(LibraryDataSource.class, OwnDataSources.class)
			.run((context) -> assertThat(components(context, "db")).containsOnlyKeys("legacy", "reporting"));
	}

	@Test
	void whenABeanOfTheApplicationReplacesADatabaseThenBootShowsItAndItsStatusIsUnknown() {
		this.runner.withPropertyValues(ORDERS, AUDIT).withUserConfiguration(OwnOrders.class).run((context) -> {
			assertThat(details(context, "db")).containsEntry("database", "H2");
			assertThat(health(context, "dbs", "orders").getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health(context, "dbs", "audit").getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context, "readiness").getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void whenTheApplicationHasItsOwnContributorThenItIsKept() {
		HealthIndicator own = () -> Health.up().withDetail("own", true).build();
		this.runner.withPropertyValues(ORDERS)
			.withBean("dbHealthIndicator", HealthIndicator.class, () -> own)
			.withBean("dbsHealthIndicator", HealthIndicator.class, () -> own)
			.run((context) -> {
				assertThat(details(context, "db")).containsEntry("own", true);
				assertThat(details(context, "dbs")).containsEntry("own", true);
			});
	}

	@Test
	void whenTheDatabasesAreInAParentContextThenEachIsShownOnce() {
		new ApplicationContextRunner().withConfiguration(OWN)
			.withPropertyValues(ORDERS, AUDIT)
			.run((parent) -> this.runner.withParent(parent).withPropertyValues(ORDERS, AUDIT).run((context) -> {
				assertThat(contributors(context)).contains("dbs").doesNotContain("db");
				assertThat(components(context, "dbs")).containsOnlyKeys("orders", "audit");
			}));
	}

	@Test
	void whenAllMongoDatabasesAreNamedThenEachIsShownOnce() {
		this.mongoRunner.withPropertyValues(CATALOG, ORDERS).run((context) -> {
			assertThat(contributors(context)).doesNotContain("db", "mongo");
			assertThat(components(context, "dbs")).containsOnlyKeys("catalog", "orders");
			assertThat(details(context, "dbs", "catalog")).containsEntry("engine", "mongodb")
				.containsKeys("version", "pool");
		});
	}

	@Test
	void whenBootHasAMongoClientThenItIsShownAsWithoutNamedDatabases() {
		this.mongoRunner
			.withPropertyValues(CATALOG,
					"spring.mongodb.uri=mongodb://127.0.0.1:1/boot?serverSelectionTimeoutMS=100&connectTimeoutMS=100")
			.run((context) -> {
				assertThat(context).hasBean("mongo");
				assertThat(health(context, "mongo")).isInstanceOf(IndicatedHealthDescriptor.class);
				assertThat(health(context, "mongo").getStatus()).isEqualTo(Status.DOWN);
				assertThat(health(context, "dbs").getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void whenTheApplicationHasMongoClientsThenBootShowsThese() {
		this.mongoRunner.withPropertyValues(CATALOG).withUserConfiguration(OwnMongoClients.class).run((context) -> {
			assertThat(components(context, "dbs")).containsOnlyKeys("catalog");
			assertThat(components(context, "mongo")).containsOnlyKeys("legacy", "reporting");
		});
	}

	@Test
	void whenDisabledThenThereIsNoHealthOfNamedDatabases() {
		this.runner.withPropertyValues(ORDERS, "management.health.dbs.enabled=false").run((context) -> {
			assertThat(contributors(context)).doesNotContain("dbs", "db");
			assertThat(health(context, "readiness").getStatus()).isEqualTo(Status.UP);
			assertThat(components(context, "readiness")).containsOnlyKeys("readinessState");
		});
		this.runner.withPropertyValues(ORDERS, "management.health.defaults.enabled=false")
			.run((context) -> assertThat(contributors(context)).doesNotContain("dbs", "db"));
		this.runner
			.withPropertyValues(ORDERS, "management.health.defaults.enabled=false",
					"management.health.dbs.enabled=true")
			.run((context) -> assertThat(contributors(context)).contains("dbs").doesNotContain("db"));
	}

	@Test
	void readinessHasTheRequiredDatabasesAndLivenessHasNone() {
		this.runner.withPropertyValues(ORDERS, REFUSING, OPTIONAL).run((context) -> {
			assertThat(components(context, "readiness")).containsOnlyKeys("readinessState", "dbs");
			assertThat(components(context, "readiness", "dbs")).containsOnlyKeys("orders");
			assertThat(components(context, "liveness")).containsOnlyKeys("livenessState");
			assertThat(health(context, "liveness").getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void additionalPathsOfGroupsAreKept() {
		this.runner
			.withPropertyValues(ORDERS, "management.endpoint.health.probes.add-additional-paths=true",
					"management.endpoint.health.group.checkout.include=dbs",
					"management.endpoint.health.group.checkout.additional-path=server:/checkout")
			.run((context) -> {
				AdditionalPathsMapper mapper = (AdditionalPathsMapper) context.getBean(HealthEndpointGroups.class);
				assertThat(mapper.getAdditionalPaths(HealthEndpoint.ID, WebServerNamespace.SERVER))
					.containsExactlyInAnyOrder("/checkout", "/livez", "/readyz");
				assertThat(components(context, "readiness")).containsOnlyKeys("readinessState", "dbs");
			});
	}

	@Test
	void whenTheApplicationConfiguresReadinessThenThatIsUsed() {
		this.runner.withPropertyValues(ORDERS, "management.endpoint.health.group.readiness.include=readinessState")
			.run((context) -> assertThat(components(context, "readiness")).containsOnlyKeys("readinessState"));
	}

	@Test
	void whenProbesAreDisabledThenThereIsNoReadiness() {
		this.runner.withPropertyValues(ORDERS, "management.endpoint.health.probes.enabled=false")
			.run((context) -> assertThat(health(context, "readiness")).isNull());
	}

	@Test
	void groupsCanHaveSingleDatabases() {
		this.runner
			.withPropertyValues(ORDERS, AUDIT, REFUSING, OPTIONAL,
					"management.endpoint.health.group.checkout.include=dbs/orders,dbs/audit",
					"management.endpoint.health.group.extras.include=dbs/reviews")
			.run((context) -> {
				assertThat(components(context, "checkout", "dbs")).containsOnlyKeys("orders", "audit");
				assertThat(health(context, "extras").getStatus()).isEqualTo(new Status("DEGRADED"));
			});
	}

	@Test
	void whenAnOptionalDatabaseIsDownThenItIsDegradedAndTheRestIsUp() {
		this.runner.withPropertyValues(ORDERS, REFUSING, OPTIONAL).run((context) -> {
			assertThat(health(context, "dbs", "reviews").getStatus()).isEqualTo(new Status("DEGRADED"));
			assertThat(details(context, "dbs", "reviews")).containsEntry("required", false)
				.containsKeys("cause", "nextAttempt")
				.doesNotContainKeys("version", "responseTime", "pool");
			assertThat(details(context, "dbs", "reviews").get("cause").toString())
				.startsWith("the connection was refused, no server listens there. The driver says: ");
			assertThat(health(context, "dbs").getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context, "readiness").getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void whenThereIsOnlyADegradedDatabaseThenThatIsTheStatus() {
		this.runner.withPropertyValues(REFUSING, OPTIONAL)
			.run((context) -> assertThat(health(context, "dbs").getStatus()).isEqualTo(new Status("DEGRADED")));
	}

	@Test
	void whenTheApplicationOrdersTheStatusesThenThatOrderIsUsed() {
		this.runner
			.withPropertyValues(ORDERS, REFUSING, OPTIONAL, "management.endpoint.health.status.order=degraded,down,up")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(new Status("DEGRADED")));
		this.runner
			.withPropertyValues(REFUSING, OPTIONAL, "management.endpoint.health.status.order[0]=down",
					"management.endpoint.health.status.order[1]=up")
			.run((context) -> assertThat(health(context, "dbs").getStatus()).isEqualTo(Status.UNKNOWN));
		StatusAggregator own = StatusAggregator.of("DEGRADED", "UP");
		this.runner.withPropertyValues(ORDERS, REFUSING, OPTIONAL)
			.withBean(StatusAggregator.class, () -> own)
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(new Status("DEGRADED")));
	}

	private static Set<String> contributors(ApplicationContext context) {
		Set<String> names = new TreeSet<>();
		context.getBean(HealthContributorRegistry.class).stream().forEach((entry) -> names.add(entry.name()));
		return names;
	}

	private static HealthDescriptor health(ApplicationContext context, String... path) {
		HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
		return (path.length > 0) ? endpoint.healthForPath(path) : endpoint.health();
	}

	private static Map<String, HealthDescriptor> components(ApplicationContext context, String... path) {
		return (health(context, path) instanceof CompositeHealthDescriptor composite) ? composite.getComponents()
				: null;
	}

	private static Map<String, Object> details(ApplicationContext context, String... path) {
		return ((IndicatedHealthDescriptor) health(context, path)).getDetails();
	}

	@Configuration(proxyBeanMethods = false)
	static class LibraryDataSource {

		@Bean(defaultCandidate = false)
		DataSource libraryDataSource(@Qualifier("audit") DataSource dataSource) {
			return dataSource;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSources {

		@Bean
		DataSource legacy() {
			return new DriverManagerDataSource("jdbc:h2:mem:health-legacy");
		}

		@Bean
		DataSource reporting() {
			return new DriverManagerDataSource("jdbc:h2:mem:health-reporting");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOrders {

		@Bean(defaultCandidate = false)
		@Qualifier("orders")
		DataSource ordersDataSource() {
			return new DriverManagerDataSource("jdbc:h2:mem:health-own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMongoClients {

		private static final String URL = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100&connectTimeoutMS=100";

		@Bean
		MongoClient legacy() {
			return MongoClients.create(URL);
		}

		@Bean
		MongoClient reporting() {
			return MongoClients.create(URL);
		}

	}

}
