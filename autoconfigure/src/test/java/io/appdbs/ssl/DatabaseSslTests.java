package io.appdbs.ssl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.security.SslSettings;
import io.appdbs.testsupport.tls.CertificateAuthority;
import io.appdbs.testsupport.tls.CertificateFiles;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link DatabaseSsl} without a server.
 */
class DatabaseSslTests {

	private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("Test");

	private final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("db", bundle("first"));

	private final CountDownLatch proceed = new CountDownLatch(1);

	private DatabaseSsl ssl;

	@BeforeEach
	void open() {
		this.ssl = open(this.bundles);
	}

	@AfterEach
	void close() {
		this.proceed.countDown();
		this.ssl.close();
	}

	@Test
	void ofSeveralBundlesDuringATrialTheLatestIsTaken() {
		List<String> tried = new CopyOnWriteArrayList<>();
		this.ssl.begin((properties, use) -> {
			tried.add(subject(properties));
			this.proceed.await();
			use.run();
		});
		this.bundles.updateBundle("db", bundle("second"));
		Awaitility.await().until(() -> !tried.isEmpty());
		this.bundles.updateBundle("db", bundle("third"));
		this.bundles.updateBundle("db", bundle("fourth"));
		assertThat(this.ssl.getUsage().certificate().subject()).isEqualTo("CN=first");
		this.proceed.countDown();
		Awaitility.await().until(() -> this.ssl.getUsage().renewals() == 2);
		assertThat(tried).containsExactly("CN=second", "CN=fourth");
		assertThat(this.ssl.getUsage().certificate().subject()).isEqualTo("CN=fourth");
	}

	@Test
	void aBundleThatIsReloadedBeforeTheBeginIsTaken() {
		this.bundles.updateBundle("db", bundle("second"));
		this.ssl.begin((properties, use) -> use.run());
		Awaitility.await().until(() -> this.ssl.getUsage().renewals() == 1);
		assertThat(this.ssl.getUsage().certificate().subject()).isEqualTo("CN=second");
	}

	@Test
	void aTrialThatFailedIsRepeated() {
		List<String> tried = new CopyOnWriteArrayList<>();
		this.ssl.begin((properties, use) -> {
			tried.add(subject(properties));
			if (tried.size() == 1) {
				throw new IllegalStateException("down");
			}
			use.run();
		});
		this.bundles.updateBundle("db", bundle("second"));
		Awaitility.await().until(() -> this.ssl.getUsage().failure() != null);
		assertThat(this.ssl.getUsage().failure())
			.isEqualTo("the reloaded bundle does not work: the driver failed. The driver says: down");
		Awaitility.await().until(() -> this.ssl.getUsage().renewals() == 1);
		assertThat(this.ssl.getUsage().failure()).isNull();
	}

	@Test
	void whenItIsClosedDuringATrialThenNothingIsRegistered() {
		List<String> keys = new CopyOnWriteArrayList<>();
		List<Throwable> rejected = new CopyOnWriteArrayList<>();
		this.ssl.begin((properties, use) -> {
			keys.add(properties.get(Engine.SSL_KEY));
			try {
				this.proceed.await();
			}
			catch (InterruptedException ex) {
				// as a driver does
			}
			try {
				use.run();
			}
			catch (IllegalStateException ex) {
				rejected.add(ex);
			}
		});
		String key = this.ssl
			.apply(new DatabaseConnectionDetails("jdbc:postgresql://h/d", List.of(), null, null, null, Map.of()))
			.properties()
			.get(Engine.SSL_KEY);
		this.bundles.updateBundle("db", bundle("second"));
		Awaitility.await().until(() -> !keys.isEmpty());
		this.ssl.close();
		Awaitility.await().until(() -> !rejected.isEmpty() && SslContexts.find(keys.get(0)) == null);
		assertThat(SslContexts.find(key)).isNull();
		assertThatIllegalStateException().isThrownBy(() -> SslContexts.get(key))
			.withMessage("There are no certificates for the connection: database '" + key
					+ "' has been closed, or another class loader has opened it");
	}

	@Test
	void twoContextsCanHaveADatabaseOfTheSameName() {
		try (DatabaseSsl other = open(new DefaultSslBundleRegistry("db", bundle("other")))) {
			assertThat(other.createContext()).isNotSameAs(this.ssl.createContext());
			other.close();
			assertThat(this.ssl.createContext().getSocketFactory()).isNotNull();
		}
	}

	private static String subject(Map<String, String> properties) {
		return SslContexts.get(properties.get(Engine.SSL_KEY)).getCertificate().subject();
	}

	private static DatabaseSsl open(DefaultSslBundleRegistry bundles) {
		DatabaseSettings settings = mock();
		given(settings.ssl()).willReturn(new SslSettings("db", SslSettings.Verify.FULL));
		return DatabaseSsl.open(
				new DatabaseDefinition("orders", settings, Engines.load(null).findById("postgresql"), () -> null),
				bundles);
	}

	private static SslBundle bundle(String subject) {
		CertificateFiles files = AUTHORITY.issueForClient(subject);
		Path authority = AUTHORITY.getCertificate();
		return SslBundle.of(new PemSslStoreBundle(
				PemSslStoreDetails.forCertificate(files.certificate().toUri().toString())
					.withPrivateKey(files.privateKey().toUri().toString()),
				PemSslStoreDetails.forCertificate(authority.toUri().toString())));
	}

}
