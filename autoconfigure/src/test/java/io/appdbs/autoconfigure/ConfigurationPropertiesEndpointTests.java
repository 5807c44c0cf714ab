package io.appdbs.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.ActuatorApplication.Response;
import io.appdbs.testsupport.ActuatorSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the settings of databases at {@code /actuator/configprops}.
 */
class ConfigurationPropertiesEndpointTests {

	/** Contained in every secret. */
	private static final String MARKER = "m4rk3r";

	private static final String SETTINGS = "contexts.*.beans.appDbsSettings";

	private static final String DEFAULTS = "contexts.*.beans['app.dbs-defaults-io.appdbs.settings.DatabaseSettings']";

	private static final String SHOWN = "management.endpoint.configprops.show-values=always";

	private static final List<String> PROPERTIES = List.of("app.dbs-defaults.pool.max-size=3",
			"app.dbs-defaults.pool.acquire-timeout=${ACQUIRE:5s}", "app.dbs-defaults.password=${UNKNOWN}",
			"app.dbs.orders.url=jdbc:h2:mem:configprops;USER=sa;PASSWORD=" + MARKER,
			"app.dbs.orders.password=" + MARKER, "app.dbs.orders.pool.min-size=1",
			"app.dbs.orders.hikari.data-source-properties.password=" + MARKER, "app.dbs.order-archive.url=embedded:h2",
			"app.dbs.order-archive.password=", "app.dbs.order-archive.hikari.maximum-pool-size=4",
			"app.dbs.audit.enabled=false", "app.dbs.audit.pool.max-size=${AUDIT_POOL}",
			"app.dbs.audit.url=postgresql://app:" + MARKER + "@${HOST}/audit");

	@Test
	void valuesAreHiddenByDefault() {
		try (ActuatorApplication application = run()) {
			Response response = application.get("/configprops");
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.at(SETTINGS + ".prefix")).asString().contains("app.dbs");
			assertThat(response.at(SETTINGS + ".properties.orders.pool.maxSize")).asString().contains("******");
			assertThat(response.at(SETTINGS + ".properties.orders.url")).asString().contains("******");
			assertThat(response.body()).doesNotContain(MARKER, "h2:mem:configprops");
		}
	}

	@Test
	void boundValuesAndTheirOriginsAreShown() {
		try (ActuatorApplication application = run(SHOWN)) {
			Response response = application.get("/configprops");
			String orders = SETTINGS + ".properties.orders";
			assertThat(response.at(orders + ".pool.minSize")).hasToString("[1]");
			assertThat(response.at(orders + ".pool.maxSize")).hasToString("[3]");
			assertThat(response.at(orders + ".pool.acquireTimeout")).hasToString("[\"PT5S\"]");
			assertThat(response.at(orders + ".required")).hasToString("[true]");
			assertThat(response.at(orders + ".health.interval")).hasToString("[\"PT1S\"]");
			assertThat(response.at(SETTINGS + ".properties.order-archive.pool.maxSize")).hasToString("[4]");
			assertThat(response.at(SETTINGS + ".properties.order-archive.url")).hasToString("[\"embedded:h2\"]");
			assertThat(response.at(SETTINGS + ".inputs.orders.pool.minSize")).hasToString(
					"[{\"value\":\"1\",\"origin\":\"\\\"app.dbs.orders.pool.min-size\\\" from property source \\\"commandLineArgs\\\"\"}]");
			assertThat(response.at(SETTINGS + ".inputs.orders.pool.maxSize")).hasToString("[{}]");
			assertThat(response.at(DEFAULTS + ".inputs.pool.maxSize")).hasToString(
					"[{\"value\":\"3\",\"origin\":\"\\\"app.dbs-defaults.pool.max-size\\\" from property source \\\"commandLineArgs\\\"\"}]");
			assertThat(response.at(SETTINGS + ".properties.audit")).hasToString("[]");
		}
	}

	@Test
	void secretsAreNeverShown() {
		try (ActuatorApplication application = run(SHOWN, "management.endpoint.env.show-values=always")) {
			Response response = application.get("/configprops/app.dbs");
			assertThat(response.at(SETTINGS + ".properties.orders.password")).hasToString("[\"******\"]");
			assertThat(response.at(SETTINGS + ".properties.orders.url")).hasToString("[\"******\"]");
			assertThat(response.at(SETTINGS + ".inputs.orders.password.value")).hasToString("[\"******\"]");
			assertThat(Stream.of("/configprops", "/env", "/env/app.dbs.orders.password", "/env/app.dbs.audit.url"))
				.allSatisfy(
						(path) -> assertThat(application.get(path).body()).contains("******").doesNotContain(MARKER));
		}
	}

	@Test
	void functionsOfTheApplicationHideFurtherValues() {
		try (ActuatorApplication application = ActuatorApplication.run(WebApplicationType.SERVLET, Sanitized.class,
				"app.dbs.orders.url=jdbc:h2:mem:hidden", SHOWN)) {
			Response response = application.get("/configprops");
			assertThat(response.at(SETTINGS + ".properties.orders.url")).hasToString("[\"******\"]");
			assertThat(response.at(SETTINGS + ".properties.orders.required")).hasToString("[true]");
		}
	}

	@Test
	void aDefaultThatNoDatabaseUsesNeedNotResolve() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:unused-default", "app.dbs.orders.startup.timeout=5s",
					"app.dbs-defaults.startup.timeout=${UNKNOWN}")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(ConfigurationPropertiesBean.getAll(context)).containsKey("appDbsSettings");
			});
	}

	private static ActuatorApplication run(String... properties) {
		return ActuatorApplication.run(WebApplicationType.SERVLET, ActuatorSecurity.Servlet.class,
				Stream.concat(PROPERTIES.stream(), Stream.of(properties)).toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ActuatorSecurity.Servlet.class)
	static class Sanitized {

		@Bean
		SanitizingFunction urls() {
			SanitizingFunction function = (data) -> data.withSanitizedValue();
			return function.ifLikelyUri();
		}

	}

}
