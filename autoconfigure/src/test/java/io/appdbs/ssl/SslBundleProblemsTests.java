package io.appdbs.ssl;

import java.nio.file.Files;
import java.nio.file.Path;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.engine.Causes;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for SSL bundles that cannot be used.
 */
class SslBundleProblemsTests {

	private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("Test");

	@TempDir
	Path folder;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=jdbc:postgresql://localhost:1/orders", "app.dbs.orders.required=false",
				"app.dbs.orders.ssl.bundle=db");

	@Test
	void anUnknownBundleIsReportedWithTheKnownOnes() {
		this.runner
			.withPropertyValues(
					"spring.ssl.bundle.pem.web.truststore.certificate=" + AUTHORITY.getCertificate().toUri())
			.run((context) -> check(problem(context.getStartupFailure()),
					"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', which is not an SSL bundle.",
					"Known bundles: web. Define it below 'spring.ssl.bundle.pem.db', for example with 'spring.ssl.bundle.pem.db.truststore.certificate: file:/certs/ca.pem', or correct the name."));
	}

	@Test
	void anUnknownBundleIsReportedWhereThereIsNone() {
		this.runner.run((context) -> check(problem(context.getStartupFailure()),
				"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', which is not an SSL bundle.",
				"There are no bundles. Define it below 'spring.ssl.bundle.pem.db', for example with 'spring.ssl.bundle.pem.db.truststore.certificate: file:/certs/ca.pem'."));
	}

	@Test
	void withoutBeanForBundlesTheKeyIsReported() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:postgresql://localhost:1/orders",
					"app.dbs.orders.ssl.bundle=db")
			.run((context) -> check(problem(context.getStartupFailure()),
					"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', but there is no bean of the type SslBundles.",
					"Do not exclude SslAutoConfiguration of Spring Boot, or define the bean."));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aKeyThatDoesNotBelongToTheCertificateIsReported(boolean rsa) {
		CertificateFiles files = AUTHORITY.issueForClient("app").copyTo(this.folder, "tls");
		files.replaceKeyWith(rsa ? AUTHORITY.issueRsaForClient("app") : AUTHORITY.issueForClient("app"));
		this.runner
			.withPropertyValues("spring.ssl.bundle.pem.db.keystore.certificate=" + files.certificate().toUri(),
					"spring.ssl.bundle.pem.db.keystore.private-key=" + files.privateKey().toUri())
			.run((context) -> check(problem(context.getStartupFailure()),
					"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', which cannot be used: the private key does not belong to the certificate of 'CN=app'.",
					"Correct the bundle 'db' below 'spring.ssl.bundle'."));
	}

	@Test
	void aMissingFileIsReported() {
		Path missing = this.folder.resolve("missing.crt");
		this.runner.withPropertyValues("spring.ssl.bundle.pem.db.truststore.certificate=" + missing.toUri())
			.run((context) -> {
				InvalidDatabaseConfigurationException problem = problem(context.getStartupFailure());
				assertThat(problem)
					.hasMessageStartingWith(
							"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', which cannot be used: ")
					.hasMessageContaining("missing.crt");
				assertThat(problem.getAction()).isEqualTo("Correct the bundle 'db' below 'spring.ssl.bundle'.");
			});
	}

	@Test
	void aWrongPasswordIsReportedWithoutThePassword() throws Exception {
		Path store = this.folder.resolve("store.p12");
		Files.write(store, new byte[] { 1, 2, 3 });
		this.runner
			.withPropertyValues("spring.ssl.bundle.jks.db.truststore.location=" + store.toUri(),
					"spring.ssl.bundle.jks.db.truststore.type=PKCS12",
					"spring.ssl.bundle.jks.db.truststore.password=s3cr3t")
			.run((context) -> assertThat(problem(context.getStartupFailure()))
				.hasMessageStartingWith(
						"Database 'orders': 'app.dbs.orders.ssl.bundle' is 'db', which cannot be used: ")
				.message()
				.doesNotContain("s3cr3t"));
	}

	@Test
	void aDefaultIsSkippedForADatabaseWithoutTls() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=jdbc:h2:mem:ssl-default", "app.dbs-defaults.ssl.bundle=db")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(AbstractSslBundleTests.usage(context)).isNull();
			});
	}

	private static InvalidDatabaseConfigurationException problem(Throwable failure) {
		assertThat(failure).isNotNull();
		return Causes.find(InvalidDatabaseConfigurationException.class, failure);
	}

	private static void check(InvalidDatabaseConfigurationException problem, String message, String action) {
		assertThat(problem).hasMessage(message);
		assertThat(problem.getAction()).isEqualTo(action);
	}

}
