package io.appdbs.actuate.meter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.observability.ObservabilitySettings;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.autoconfigure.DatabaseMetricsAutoConfiguration;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.testsupport.MigrationFolder;
import io.appdbs.testsupport.TcpProxy;
import io.appdbs.testsupport.TestDatabases;
import io.appdbs.testsupport.server.PrometheusServer;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import io.appdbs.testsupport.tls.TlsListener;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.ReactiveMongoTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the meters of databases, with real servers and Prometheus.
 */
class DatabaseMetricsTests {

	@AutoClose
	private static final EmbeddedServers servers = new EmbeddedServers(null);

	private static final List<String> PREFIXES = List.of("appdbs.", "cache.", "hikaricp.", "jdbc.connections.",
			"mongodb.driver.");

	@TempDir
	private Path folder;

	@AutoClose
	private TcpProxy proxy;

	private final List<String> rejected = new CopyOnWriteArrayList<>();

	private static final String WITHOUT_JPA = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
			+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues(WITHOUT_JPA, "spring.liquibase.enabled=false")
		.withBean("failures", MeterRegistryCustomizer.class, () -> (registry) -> registry.config()
			.onMeterRegistrationFailed((id, reason) -> this.rejected.add(id + ": " + reason)));

	@Test
	void allMetersAreInOnePrometheusRegistryTogetherWithBoots() throws Exception {
		new MigrationFolder(this.folder).write("orders/V1__create.sql",
				"create table measured (id int); create table event (created date) partition by range (created);");
		CertificateAuthority authority = CertificateAuthority.create("Meters");
		CertificateFiles client = authority.issueForClient("app");
		this.proxy = new TcpProxy(url("mongodb").replaceFirst(".*(?://|@)([^/@]+)/.*", "$1"),
				new TlsListener(authority, authority.issueForServer()));
		this.runner
			.withPropertyValues("app.dbs.reviews.ssl.bundle=reviews",
					pem("truststore.certificate", authority.getCertificate()),
					pem("keystore.certificate", client.certificate()), pem("keystore.private-key", client.privateKey()))
			.withPropertyValues("app.dbs.orders.partitions[0].table=event",
					"app.dbs.orders.partitions[0].interval=month", "app.dbs.orders.maintenance.operations=analyze",
					"app.dbs.orders.cache.spec=expireAfterWrite=5m", "app.dbs.orders.audit.statements=writes",
					"app.dbs.catalog.audit.statements=all", "app.dbs.orders.backup.report=file",
					"app.dbs.orders.backup.file=/backups/orders.json")
			.withPropertyValues("app.dbs.orders.url=" + url("postgresql"), "app.dbs.audit.url=" + url("mariadb"),
					"app.dbs.order-archive.url=" + h2(), "app.dbs.catalog.url=" + url("mongodb"),
					"app.dbs.reviews.url=" + url("mongodb", this.proxy).replace("127.0.0.1", "localhost"),
					"spring.mongodb.uri=" + url("mongodb"), "spring.datasource.url=" + h2(),
					"app.dbs.orders.flyway.locations=filesystem:" + this.folder.resolve("db/migration/orders"),
					"app.dbs.orders.slow-query-threshold=1h", "app.dbs.audit.pool.adaptive=true",
					"app.dbs-runtime.max-meters=0")
			.withPropertyValues("app.dbs.audit.replicas[0].url=mariadb://127.0.0.1:1/measured",
					"app.dbs.wishes.url=" + servers.getUrl("embedded:postgresql", "wishes"),
					"app.dbs.wishes.required=false", "app.dbs.wishes.rls.enabled=true",
					"app.dbs.wishes.rls.verify=warn", "app.dbs.wishes.rls.on-missing-context=empty",
					"app.dbs.catalog.mongo.validators.mode=verify",
					"management.metrics.distribution.slo.hikaricp.connections=10ms,100ms")
			.withBean("credentials", DatabaseCredentialsProvider.class, () -> (database) -> null)
			.run((context) -> {
				context.getBean(Databases.class).add("tenant", RuntimeDatabaseSettings.ofUrl(h2()));
				context.getBean("ordersCacheManager", CacheManager.class).getCache("product").get("missing");
				context.getBeansOfType(JdbcTemplate.class).values().forEach((template) -> template.execute("select 1"));
				context.getBeansOfType(MongoTemplate.class)
					.values()
					.forEach((template) -> template.getCollection("measured").countDocuments());
				Scrape scrape = scrape(context);
				assertThat(this.rejected).isEmpty();
				assertThat(missing(context, scrape)).isEmpty();
				assertThat(namesWithDifferentTags(context)).isEmpty();
				assertThat(measured(context)).containsExactlyInAnyOrderElementsOf(documented());
				for (PrometheusExpression expression : PrometheusExpression.readAll()) {
					expression.assertExported(scrape);
				}
				if (PrometheusServer.isInstalled()) {
					evaluateExpressions(context.getBean(PrometheusMeterRegistry.class));
				}
				String[] relational = { "audit", "none", "order-archive", "orders", "wishes" };
				assertThat(scrape.labels("hikaricp_connections_max", "db")).containsExactly(relational);
				assertThat(scrape.labels("hikaricp_connections_acquire_seconds_count", "db"))
					.containsExactly(relational);
				assertThat(scrape.labels("jdbc_connections_max", "db")).containsExactly(relational);
				assertThat(scrape.value("jdbc_connections_max", "db=order-archive", "name=orderArchive")).isEqualTo(10);
				assertThat(scrape.value("hikaricp_connections_max", "db=orders", "pool=orders")).isEqualTo(10);
				assertThat(scrape.value("cache_gets_total", "db=orders", "cache=product", "result=miss")).isOne();
				String[] audited = { "catalog", "orders" };
				assertThat(scrape.labels("appdbs_audit_events_total", "db")).containsExactly(audited);
				assertThat(scrape.labels("appdbs_audit_events_total", "outcome")).containsExactly("committed", "failed",
						"rolled-back", "unknown");
				assertThat(scrape.labels("appdbs_audit_failures_total", "db")).containsExactly(audited);
				assertThat(scrape.value("appdbs_audit_events_total", "db=catalog", "outcome=committed")).isPositive();
				assertThat(scrape.value("appdbs_audit_unknown_user_total", "db=catalog")).isPositive();
				assertThat(scrape.value("appdbs_ssl_certificate_expiry_seconds", "db=reviews")).isPositive();
				String[] mongo = { "catalog", "none", "reviews" };
				assertThat(scrape.labels("mongodb_driver_pool_size", "db")).containsExactly(mongo);
				assertThat(scrape.labels("mongodb_driver_commands_seconds_count", "db")).containsExactly(mongo);
				assertThat(scrape.labels("appdbs_pool_recommended", "db")).containsExactly("audit", "audit-replica-1",
						"order-archive", "orders", "wishes");
				assertThat(scrape.value("appdbs_pool_recommended", "db=orders")).isNaN();
				assertThat(scrape.labels("appdbs_pool_limit", "db")).containsExactly("audit", "audit-replica-1");
				assertThat(scrape.value("appdbs_pool_limit", "db=audit")).isEqualTo(10);
				String[] all = { "audit", "audit-replica-1", "catalog", "order-archive", "orders", "reviews",
						"wishes" };
				for (String name : List.of("appdbs_state", "appdbs_probes_seconds_count", "appdbs_probe_failures_total",
						"appdbs_borrow_failures_total", "appdbs_response_time_seconds", "appdbs_started_time_seconds",
						"appdbs_migration_time_seconds", "appdbs_credentials_failing", "appdbs_info")) {
					assertThat(scrape.labels(name, "db")).as(name).containsExactly(all);
				}
				assertThat(scrape.labels("appdbs_transaction_retries_total", "db")).contains("audit", "catalog")
					.doesNotContain("audit-replica-1");
				assertThat(scrape.value("appdbs_info", "db=orders", "engine=postgresql", "required=true",
						"replica_of=none"))
					.isOne();
				assertThat(scrape.value("appdbs_info", "db=wishes", "required=false")).isOne();
				assertThat(scrape.value("appdbs_info", "db=audit-replica-1", "replica_of=audit")).isOne();
				assertThat(scrape.value("appdbs_replication_lag_seconds", "db=audit-replica-1")).isNaN();
				assertThat(scrape.value("appdbs_credentials_rotations_total", "db=orders", "outcome=failed")).isZero();
				assertThat(scrape.labels("appdbs_migration_failed", "db")).doesNotContain("audit-replica-1");
				assertThat(scrape.labels("appdbs_rls_findings", "db")).containsExactly("wishes");
				assertThat(scrape.value("appdbs_rls_findings", "db=wishes", "severity=error")).isPositive();
				assertThat(scrape.value("appdbs_migration_time_seconds", "db=orders")).isPositive();
				assertThat(scrape.value("appdbs_migration_time_seconds", "db=catalog")).isNaN();
				assertThat(scrape.value("appdbs_started_time_seconds", "db=catalog")).isPositive();
			});
	}

	/**
	 * Evaluates the expressions of alerts and the dashboard in Prometheus, which scrapes
	 * the registry.
	 */
	private static void evaluateExpressions(PrometheusMeterRegistry registry) throws IOException {
		HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		http.createContext("/prometheus", (exchange) -> {
			byte[] meters = registry.scrape().getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, meters.length);
			exchange.getResponseBody().write(meters);
			exchange.close();
		});
		http.start();
		URI address = URI.create("http://127.0.0.1:%d/prometheus".formatted(http.getAddress().getPort()));
		try (PrometheusServer prometheus = PrometheusServer.start(address, AlertRule.FILE)) {
			TestDatabases.await(
					() -> prometheus.alerts().stream().anyMatch((alert) -> alert.name().equals("AppDBsReplicaDown")));
			for (PrometheusExpression expression : PrometheusExpression.readAll()) {
				expression.assertEvaluated(prometheus);
			}
		}
		finally {
			http.stop(0);
		}
	}

	@Test
	void credentialsThatCannotBeReadAreVisibleUntilTheyCan() {
		AtomicReference<DatabaseCredentials> next = new AtomicReference<>(new DatabaseCredentials("sa", "secret"));
		this.runner
			.withBean("credentials", DatabaseCredentialsProvider.class,
					() -> (database) -> Objects.requireNonNull(next.get()))
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.orders.credentials.refresh-interval=50ms")
			.run((context) -> {
				assertThat(scrape(context).value("appdbs_credentials_failing", "db=orders")).isZero();
				assertThat(scrape(context).value("appdbs_credentials_expiry_seconds", "db=orders")).isNaN();
				next.set(null);
				TestDatabases.await(() -> scrape(context).value("appdbs_credentials_failing", "db=orders") == 1);
				TestDatabases.await(() -> failedRotations(context) > 2);
				assertThat(states(context)).containsExactly("up");
				context.getBean("ordersJdbcTemplate", JdbcTemplate.class)
					.execute("create user bert password 'secret' admin");
				next.set(DatabaseCredentials.until("bert", "secret", Instant.now().plusSeconds(3600)));
				TestDatabases.await(() -> scrape(context).value("appdbs_credentials_failing", "db=orders") == 0);
				assertThat(failedRotations(context)).isGreaterThan(2);
				assertThat(scrape(context).value("appdbs_credentials_rotations_total", "db=orders", "outcome=replaced"))
					.isOne();
				assertThat(scrape(context).value("appdbs_credentials_expiry_seconds", "db=orders")).isBetween(3500.0,
						3600.0);
			});
	}

	private static double failedRotations(ApplicationContext context) {
		return scrape(context).value("appdbs_credentials_rotations_total", "db=orders", "outcome=failed");
	}

	@Test
	void theReasonWhyADatabaseIsDownIsVisible() throws Exception {
		new MigrationFolder(this.folder).write("orders/V1__broken.sql", "create broken");
		String locked = h2();
		try (Connection holder = DriverManager.getConnection(locked, "owner", "secret")) {
			assertThat(holder.isValid(1)).isTrue();
			this.runner
				.withPropertyValues("app.dbs-defaults.required=false", "app.dbs.orders.url=" + h2(),
						"app.dbs.orders.flyway.locations=filesystem:" + this.folder.resolve("db/migration/orders"),
						"app.dbs.audit.url=" + locked, "app.dbs.audit.username=owner", "app.dbs.audit.password=wrong",
						"app.dbs.stock.url=postgresql://127.0.0.1:1/stock")
				.run((context) -> {
					TestDatabases.await(() -> scrape(context).find("appdbs_state", "state=down")
						.stream()
						.allMatch((sample) -> sample.value() == 1));
					Scrape scrape = scrape(context);
					assertThat(scrape.value("appdbs_migration_failed", "db=orders")).isOne();
					assertThat(scrape.value("appdbs_credentials_failing", "db=orders")).isZero();
					assertThat(scrape.value("appdbs_migration_failed", "db=audit")).isZero();
					assertThat(scrape.value("appdbs_credentials_failing", "db=audit")).isOne();
					assertThat(scrape.value("appdbs_migration_failed", "db=stock")).isZero();
					assertThat(scrape.value("appdbs_credentials_failing", "db=stock")).isZero();
					assertThat(scrape.find("appdbs_credentials_rotations_total")).isEmpty();
				});
		}
	}

	@Test
	void cachesHaveMetersTogetherWithBoots() {
		SimpleMeterRegistry outliving = new SimpleMeterRegistry();
		this.runner.withUserConfiguration(Caching.class)
			.withBean("outliving", MeterRegistry.class, () -> outliving,
					(definition) -> definition.setDestroyMethodName(""))
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.order-archive.url=" + h2(),
					"app.dbs-defaults.cache.spec=maximumSize=1,expireAfterWrite=5m,recordStats",
					"spring.cache.cache-names=plain", "spring.cache.caffeine.spec=recordStats")
			.run((context) -> {
				for (String database : List.of("orders", "orderArchive")) {
					Cache cache = context.getBean(database + "CacheManager", CacheManager.class).getCache("product");
					cache.put("a", "value");
					cache.get("a");
				}
				assertThat(this.rejected).isEmpty();
				assertThat(outliving.get("cache.gets").tag("result", "hit").functionCounters())
					.extracting((counter) -> "%s %s %s %s %s".formatted(counter.getId().getTag("db"),
							counter.getId().getTag("cache.manager"), counter.getId().getTag("cache"),
							counter.getId().getTag("name"), (int) counter.count()))
					.containsExactlyInAnyOrder("none cacheManager plain plain 0", "orders orders product product 1",
							"order-archive order-archive product product 1");
			});
		assertThat(outliving.find("cache.gets").meters()).extracting((meter) -> meter.getId().getTag("db"))
			.doesNotContain("orders", "order-archive");
	}

	@Test
	void withoutCachesThoseOfTheApplicationHaveNoFurtherTag() {
		this.runner.withUserConfiguration(Caching.class)
			.withPropertyValues("app.dbs.orders.url=" + h2(), "spring.cache.cache-names=plain",
					"spring.cache.caffeine.spec=recordStats")
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).get("cache.gets").tag("cache", "plain").meters())
				.extracting((meter) -> meter.getId().getTag("db"))
				.containsOnlyNulls());
	}

	private static String pem(String key, Path file) {
		return "spring.ssl.bundle.pem.reviews.%s=file:%s".formatted(key, file);
	}

	/**
	 * Returns meters that Prometheus has rejected, whose values are lost.
	 */
	private static Set<String> missing(ApplicationContext context, Scrape scrape) {
		Set<String> missing = new TreeSet<>();
		ids(context.getBean(MeterRegistry.class)).forEach((id) -> {
			String labels = id.getConventionTags(NamingConvention.snakeCase)
				.stream()
				.map((tag) -> tag.getKey() + "=" + tag.getValue())
				.sorted()
				.collect(Collectors.joining(", ", "{", "}"));
			String name = id.getConventionName(NamingConvention.snakeCase);
			if (scrape.samples()
				.stream()
				.noneMatch((sample) -> sample.name().startsWith(name) && sample.labels().toString().equals(labels))) {
				missing.add(name + labels);
			}
		});
		return missing;
	}

	private static Stream<Meter.Id> ids(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> PREFIXES.stream().anyMatch(id.getName()::startsWith));
	}

	/**
	 * Returns the meters in the format of the documentation.
	 */
	private static Set<String> measured(ApplicationContext context) {
		return ids(context.getBean(MeterRegistry.class)).map((id) -> {
			String tags = id.getTags()
				.stream()
				.map(Tag::getKey)
				.filter((key) -> !key.equals("db"))
				.sorted()
				.collect(Collectors.joining(", "));
			String unit = (id.getBaseUnit() != null) ? id.getBaseUnit() : "";
			return "%s | %s | %s | %s".formatted(id.getName(), id.getType().name().toLowerCase(Locale.ROOT), tags,
					unit);
		}).collect(Collectors.toSet());
	}

	private static Set<String> documented() throws IOException {
		return Files.readAllLines(Path.of("../docs/meters.md"))
			.stream()
			.filter((line) -> PREFIXES.stream().anyMatch((prefix) -> line.startsWith("| `" + prefix)))
			.map((line) -> Stream.of(line.replace("`", "").split("\\|", -1)).map(String::strip).toList())
			.map((row) -> {
				String tags = Stream.of(row.get(3).split(", ")).sorted().collect(Collectors.joining(", "));
				return "%s | %s | %s | %s".formatted(row.get(1), row.get(2), tags, row.get(4));
			})
			.collect(Collectors.toSet());
	}

	/**
	 * Returns names whose meters have different tags, which some registries reject.
	 */
	private static Set<String> namesWithDifferentTags(ApplicationContext context) {
		return ids(context.getBean(MeterRegistry.class))
			.collect(Collectors.groupingBy(Meter.Id::getName,
					Collectors.mapping((id) -> id.getTags().stream().map(Tag::getKey).toList(), Collectors.toSet())))
			.entrySet()
			.stream()
			.filter((tags) -> tags.getValue().size() > 1)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb", "mongodb" })
	void aChangeOfStateIsVisible(String engine) throws Exception {
		TcpProxy proxy = proxy(engine);
		this.runner.withPropertyValues("app.dbs.orders.url=" + url(engine, proxy)).run((context) -> {
			assertThat(states(context)).containsExactly("up");
			proxy.refuse();
			TestDatabases.await(() -> states(context).equals(List.of("down")));
			assertThat(scrape(context).value("appdbs_probe_failures_total", "db=orders")).isPositive();
			proxy.resume();
			TestDatabases.await(() -> states(context).equals(List.of("up")));
			context.getBean(DatabaseLifecycle.class).getOperations("orders").suspend(true, Duration.ZERO);
			assertThat(states(context)).containsExactly("suspended");
		});
	}

	@Test
	void whenAnOptionalDatabaseIsDownAtTheStartThenItsPoolIsMeasuredOnceItIsUp() throws Exception {
		TcpProxy proxy = proxy("postgresql");
		proxy.refuse();
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url("postgresql", proxy), "app.dbs.orders.required=false",
					"app.dbs.audit.url=" + h2())
			.run((context) -> {
				TestDatabases.await(() -> states(context).equals(List.of("down")));
				Scrape before = scrape(context);
				assertThat(before.find("hikaricp_connections_max", "db=orders")).isEmpty();
				assertThat(before.value("jdbc_connections_max", "db=orders")).isZero();
				assertThat(before.value("appdbs_started_time_seconds", "db=orders")).isNaN();
				proxy.resume();
				TestDatabases.await(() -> states(context).equals(List.of("up")));
				context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("select 1");
				Scrape after = scrape(context);
				assertThat(after.value("hikaricp_connections_max", "db=orders")).isEqualTo(10);
				assertThat(after.value("hikaricp_connections_acquire_seconds_count", "db=orders")).isEqualTo(1);
				assertThat(after.value("jdbc_connections_max", "db=orders")).isEqualTo(10);
				assertThat(after.value("appdbs_started_time_seconds", "db=orders")).isPositive();
				assertThat(this.rejected).isEmpty();
				assertThat(missing(context, after)).isEmpty();
			});
	}

	@Test
	void theReactiveClientHasTheMetersOfItsDatabase() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.catalog.url=" + url("mongodb"),
					"app.dbs.catalog.mongo.reactive=true")
			.run((context) -> {
				context.getBean(ReactiveMongoTemplate.class).insert(new Document(), "reactive").block();
				Scrape scrape = scrape(context);
				assertThat(scrape.find("mongodb_driver_commands_seconds_count", "db=catalog", "command=insert"))
					.hasSize(1);
				assertThat(scrape.labels("mongodb_driver_pool_size", "db")).containsOnly("catalog");
				assertThat(this.rejected).isEmpty();
			});
	}

	@Test
	void failuresToBorrowAreCountedByReason() throws Exception {
		TcpProxy proxy = proxy("postgresql");
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url("postgresql", proxy), "app.dbs.orders.pool.max-size=1",
					"app.dbs.orders.pool.acquire-timeout=250ms")
			.run((context) -> {
				DataSource dataSource = context.getBean("ordersDataSource", DataSource.class);
				try (Connection held = dataSource.getConnection()) {
					assertThat(held).isNotNull();
					assertThat(catchThrowable(dataSource::getConnection)).isNotNull();
				}
				DatabaseLifecycle lifecycle = context.getBean(DatabaseLifecycle.class);
				lifecycle.getOperations("orders").suspend(true, Duration.ZERO);
				assertThat(catchThrowable(dataSource::getConnection)).isNotNull();
				lifecycle.getOperations("orders").resume();
				assertThat(borrowFailures(context)).containsExactly("exhausted 1", "suspended 1");
				proxy.refuse();
				TestDatabases.await(() -> states(context).equals(List.of("down")));
				assertThat(catchThrowable(dataSource::getConnection)).isNotNull();
				assertThat(borrowFailures(context)).contains("down 1");
				DatabaseStatistics statistics = lifecycle.getStatistics("orders");
				assertThat(statistics.getBorrowFailures(BorrowFailure.DOWN)).isOne();
			});
	}

	private static List<String> borrowFailures(ApplicationContext context) {
		return scrape(context).find("appdbs_borrow_failures_total", "db=orders")
			.stream()
			.filter((sample) -> sample.value() > 0)
			.map((sample) -> "%s %.0f".formatted(sample.labels().get("reason"), sample.value()))
			.sorted()
			.toList();
	}

	@Test
	void whenTheApplicationIsClosedThenItsMetersAreRemovedFromAnExternalRegistry() {
		SimpleMeterRegistry survivor = new SimpleMeterRegistry();
		survivor.config().meterFilter(new DatabaseMeterFilter());
		CompositeMeterRegistry composite = new CompositeMeterRegistry().add(survivor);
		this.runner.withBean("composite", CompositeMeterRegistry.class, () -> composite)
			.withPropertyValues("app.dbs.orders.url=" + url("postgresql"), "app.dbs.catalog.url=" + url("mongodb"),
					"spring.datasource.url=" + h2())
			.run((context) -> {
				context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("select 1");
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				assertThat(ofDatabases(survivor)).contains("appdbs.state", "hikaricp.connections.max",
						"jdbc.connections.max", "mongodb.driver.pool.size", "mongodb.driver.commands");
			});
		assertThat(ofDatabases(survivor)).isEmpty();
		assertThat(ofDatabases(composite)).isEmpty();
	}

	private static Set<String> ofDatabases(MeterRegistry registry) {
		return ids(registry)
			.filter((id) -> Stream.of("orders", "catalog")
				.anyMatch((name) -> id.getTags().stream().anyMatch((tag) -> tag.getValue().equals(name))))
			.map(Meter.Id::getName)
			.collect(Collectors.toSet());
	}

	@Test
	void theCommandsOfTheProbeAreNeitherMeasuredNorPassedToListeners() {
		List<String> heard = new CopyOnWriteArrayList<>();
		CommandListener listener = new CommandListener() {

			@Override
			public void commandStarted(CommandStartedEvent event) {
				heard.add(event.getCommandName());
			}

		};
		this.runner
			.withBean("listener", MongoClientSettingsBuilderCustomizer.class,
					() -> (builder) -> builder.addCommandListener(listener))
			.withPropertyValues("app.dbs.catalog.url=" + url("mongodb"), "app.dbs.catalog.health.interval=250ms",
					"app.dbs.catalog.health.timeout=200ms")
			.run((context) -> {
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("catalog");
				TestDatabases.await(() -> statistics.getProbes() - statistics.getFailedProbes() > 3);
				assertThat(heard).containsExactly("insert");
				Scrape scrape = scrape(context);
				assertThat(scrape.labels("mongodb_driver_commands_seconds_count", "command")).containsExactly("insert");
				assertThat(scrape.value("mongodb_driver_commands_seconds_count", "db=catalog", "command=insert"))
					.isEqualTo(1);
				assertThat(scrape.find("mongodb_driver_pool_size")).hasSize(1);
				assertThat(scrape.value("appdbs_probes_seconds_count", "db=catalog")).isGreaterThan(3);
				assertThat(scrape.value("appdbs_response_time_seconds", "db=catalog")).isPositive();
			});
	}

	@Test
	void slowQueriesAreCountedWhereThereIsAThreshold() {
		this.runner
			.withPropertyValues("app.dbs.orders.url=" + url("postgresql"), "app.dbs.orders.slow-query-threshold=50ms",
					"app.dbs.catalog.url=" + url("mongodb"), "app.dbs.catalog.slow-query-threshold=1h",
					"app.dbs.audit.url=" + h2(), "app.dbs.audit.query-log=true")
			.run((context) -> {
				context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("select pg_sleep(0.05)");
				context.getBean("auditJdbcTemplate", JdbcTemplate.class).execute("select 1");
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				Scrape scrape = scrape(context);
				assertThat(scrape.labels("appdbs_queries_slow_seconds_count", "db")).containsExactly("catalog",
						"orders");
				assertThat(scrape.value("appdbs_queries_slow_seconds_count", "db=orders")).isEqualTo(1);
				assertThat(scrape.value("appdbs_queries_slow_seconds_sum", "db=orders")).isGreaterThanOrEqualTo(0.05);
				assertThat(scrape.value("appdbs_queries_slow_seconds_count", "db=catalog")).isZero();
				assertThat(scrape.value("hikaricp_connections_acquire_seconds_count", "db=orders")).isEqualTo(1);
				assertThat(scrape.value("jdbc_connections_max", "db=orders")).isEqualTo(10);
			});
	}

	@Test
	void disablingBootsMongoMetersDisablesOurs() {
		this.runner
			.withPropertyValues("app.dbs.catalog.url=" + url("mongodb"),
					"management.metrics.mongodb.command.enabled=false",
					"management.metrics.mongodb.connectionpool.enabled=false")
			.run((context) -> {
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				assertThat(scrape(context).samples()).noneMatch((sample) -> sample.name().startsWith("mongodb_"))
					.anyMatch((sample) -> sample.name().equals("appdbs_state"));
			});
	}

	@Test
	void withoutBootsModulesOfDatabasesTheMetersAreTheSame() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							DatabasesAutoConfiguration.class, DatabaseMetricsAutoConfiguration.class))
			.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
			.withClassLoader(new FilteredClassLoader(DataSourcePoolMetadataProvider.class))
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.catalog.url=" + url("mongodb"))
			.run((context) -> {
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				Scrape scrape = scrape(context);
				assertThat(scrape.value("hikaricp_connections_max", "db=orders")).isEqualTo(10);
				assertThat(scrape.value("mongodb_driver_commands_seconds_count", "db=catalog")).isEqualTo(1);
				assertThat(scrape.find("mongodb_driver_pool_size", "db=catalog")).hasSize(1);
				assertThat(scrape.find("jdbc_connections_max")).isEmpty();
			});
	}

	@Test
	void aDatabaseThatALibraryHasABeanOfIsMeasuredOnce() {
		this.runner.withUserConfiguration(LibraryDataSources.class)
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.audit.url=" + h2())
			.run((context) -> {
				context.getBeansOfType(DataSource.class)
					.values()
					.forEach((dataSource) -> new JdbcTemplate(dataSource).execute("select 1"));
				Scrape scrape = scrape(context);
				for (String name : List.of("hikaricp_connections_max", "jdbc_connections_max")) {
					assertThat(scrape.labels(name, "db")).as(name).containsExactly("audit", "none", "orders");
				}
				assertThat(scrape.labels("jdbc_connections_max", "name")).containsExactly("audit", "legacy", "orders");
				assertThat(this.rejected).isEmpty();
			});
	}

	@Test
	void aDataSourceOfTheApplicationIsMeasuredUnderTheNameOfItsDatabase() {
		this.runner.withUserConfiguration(OwnDataSource.class)
			.withPropertyValues("app.dbs.orders.url=" + h2(), "app.dbs.audit.url=" + h2())
			.run((context) -> {
				context.getBean("ordersJdbcTemplate", JdbcTemplate.class).execute("select 1");
				Scrape scrape = scrape(context);
				assertThat(scrape.value("hikaricp_connections_max", "db=orders")).isEqualTo(3);
				assertThat(scrape.value("jdbc_connections_max", "db=orders", "name=own")).isEqualTo(3);
				assertThat(this.rejected).isEmpty();
			});
	}

	@Test
	void withoutARegistryThereAreNoMeters() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DatabasesAutoConfiguration.class, DatabaseMetricsAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + h2())
			.run((context) -> assertThat(context).hasSingleBean(Databases.class)
				.doesNotHaveBean(DatabaseMetricsAutoConfiguration.class));
	}

	@Test
	void withoutDatabasesThereAreNoMeters() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(PrometheusMeterRegistry.class)
			.doesNotHaveBean(DatabaseMetricsAutoConfiguration.class));
	}

	@Test
	void theDriversObservationContainsEveryOperationOnceAndNoProbe() {
		ObservationRegistry observations = ObservationRegistry.create();
		List<String> seen = new CopyOnWriteArrayList<>();
		observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStop(Observation.Context context) {
				seen.add(String.valueOf(context.getContextualName()));
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context.getName().startsWith("mongodb");
			}

		});
		this.runner
			.withBean("observation", MongoClientSettingsBuilderCustomizer.class,
					() -> (builder) -> builder.observabilitySettings(
							ObservabilitySettings.micrometerBuilder().observationRegistry(observations).build()))
			.withPropertyValues("app.dbs.catalog.url=" + url("mongodb"), "app.dbs.catalog.health.interval=250ms",
					"app.dbs.catalog.health.timeout=200ms")
			.run((context) -> {
				context.getBean("catalogMongoTemplate", MongoTemplate.class).insert(new Document(), "measured");
				DatabaseStatistics statistics = context.getBean(DatabaseLifecycle.class).getStatistics("catalog");
				TestDatabases.await(() -> statistics.getProbes() - statistics.getFailedProbes() > 3);
				assertThat(seen).containsExactly("insert", "insert measured.measured");
				assertThat(scrape(context).value("mongodb_driver_commands_seconds_count", "command=insert"))
					.isEqualTo(1);
			});
	}

	private static List<String> states(ApplicationContext context) {
		return scrape(context).find("appdbs_state", "db=orders")
			.stream()
			.filter((sample) -> sample.value() == 1)
			.map((sample) -> sample.labels().get("state"))
			.toList();
	}

	private static Scrape scrape(ApplicationContext context) {
		return Scrape.of(context.getBean(PrometheusMeterRegistry.class));
	}

	private TcpProxy proxy(String engine) throws Exception {
		this.proxy = new TcpProxy(url(engine).replaceFirst(".*(?://|@)([^/@]+)/.*", "$1"));
		return this.proxy;
	}

	private static String url(String engine, TcpProxy proxy) {
		return url(engine).replaceFirst("(.*(?://|@))[^/@]+(/.*)", "$1" + proxy.address() + "$2");
	}

	private static String url(String engine) {
		return servers.getUrl("embedded:" + engine, "measured");
	}

	private static String h2() {
		return "jdbc:h2:mem:meters-" + System.nanoTime();
	}

	@Configuration(proxyBeanMethods = false)
	static class LibraryDataSources {

		@Bean(defaultCandidate = false)
		DataSource libraryDataSource(@Qualifier("audit") DataSource dataSource) {
			return dataSource;
		}

		@Bean(defaultCandidate = false)
		DataSource wrappedDataSource(@Qualifier("orders") DataSource dataSource) {
			return new LazyConnectionDataSourceProxy(dataSource);
		}

		/** For Boot's meters, this is the same name as the one of the database's bean. */
		@Bean(defaultCandidate = false)
		DataSource ordersDatasource(@Qualifier("orders") DataSource dataSource) {
			return dataSource;
		}

		@Bean(defaultCandidate = false)
		DataSource legacyDataSource() {
			return DataSourceBuilder.create().url(h2()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		PrometheusMeterRegistry prometheus() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean(defaultCandidate = false)
		@Qualifier("orders")
		HikariDataSource own() {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl(h2());
			dataSource.setMaximumPoolSize(3);
			return dataSource;
		}

	}

	/**
	 * Enables annotations of caches.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

}
