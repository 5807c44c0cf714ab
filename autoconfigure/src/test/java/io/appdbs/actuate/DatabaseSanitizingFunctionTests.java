package io.appdbs.actuate;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseSanitizingFunction}.
 */
class DatabaseSanitizingFunctionTests {

	private final Sanitizer sanitizer = new Sanitizer(List.of(new DatabaseSanitizingFunction()));

	@ParameterizedTest
	@CsvSource({ "app.dbs.orders.password, s3cr3t", "APP_DBS_ORDERS_PASSWORD, s3cr3t",
			"APP_DBSDEFAULTS_PASSWORD, s3cr3t", "APP_DBS_DEFAULTS_PASSWORD, s3cr3t",
			"app.dbs-runtime.template.password, s3cr3t", "APP_DBSRUNTIME_TEMPLATE_PASSWORD, s3cr3t",
			"app.dbs-defaults.password, s3cr3t", "app.dbsDefaults.password, s3cr3t",
			"app.dbs[orders].replicas[0].password, s3cr3t", "app.dbs.orders.replicas[0].password, s3cr3t",
			"app.dbs.orders.hikari.data-source-properties.sslpassword, s3cr3t",
			"app.dbs.orders.hikari.dataSourceProperties.trustCertificateKeyStorePassword, s3cr3t",
			"app.dbs.orders.flyway.placeholders.api_key, s3cr3t", "app.dbs.orders.flyway.jdbc-properties.token, s3cr3t",
			"app.dbs.orders.url, postgresql://app:s3cr3t@host/orders",
			"app.dbs.orders.url, postgresql://app@host/orders",
			"APP_DBS_ORDERS_URL, jdbc:oracle:thin:scott/tiger@//host/orders",
			"app.dbs.orders.url, jdbc:postgresql://host/orders?ssl=true&password=s3cr3t",
			"app.dbs.orders.url, jdbc:h2:mem:orders;USER=sa",
			"app.dbs.orders.url, mongodb://host/orders?authMechanismProperties=AWS_SESSION_TOKEN:s3cr3t",
			"app.dbs.orders.flyway.url, jdbc:postgresql://host/orders?user=app" })
	void secretsAreHidden(String key, String value) {
		assertThat(sanitize(key, value)).isEqualTo("******");
	}

	@ParameterizedTest
	@CsvSource({ "app.dbs.orders.username, app", "app.dbs.orders.credentials.password-file, /run/password",
			"app.dbs.orders.credentials.timeout, 5s", "app.dbs.orders.credentials.failure, none",
			"app.dbs.orders.pool.keepalive, 5m",
			"app.dbs.orders.url, postgresql://users.internal/users?sslmode=require",
			"app.dbs.orders.url, embedded:postgresql", "app.dbs.orders.url, jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1",
			"app.dbsx.password, own", "app.password, own", "spring.datasource.password, own" })
	void othersAreShown(String key, String value) {
		assertThat(sanitize(key, value)).isEqualTo(value);
	}

	private Object sanitize(String key, String value) {
		return this.sanitizer.sanitize(new SanitizableData(null, key, value), true);
	}

}
