package io.appdbs.bean;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.autoconfigure.diagnostics.InjectionFailures;
import io.appdbs.encryption.FieldCipher;
import io.appdbs.encryption.TestKeysets;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the beans that encrypt fields.
 */
class EncryptionBeansTests {

	private static final String KEYSET = "app.dbs.orders.encryption.keyset";

	private static final String MASTER_KEY = "app.dbs.orders.encryption.master-key=" + TestKeysets.MASTER_KEY;

	@TempDir
	static Path folder;

	private static String keyset;

	private static String index;

	private static Aead master;

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:h2");

	private final ApplicationContextRunner runner = this.plain.withPropertyValues(KEYSET + "=" + keyset);

	@BeforeAll
	static void createKeysets() throws Exception {
		keyset = TestKeysets.create(folder, "keyset.json");
		index = TestKeysets.createIndex(folder, "index.json");
		AeadConfig.register();
		master = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
			.getPrimitive(RegistryConfiguration.get(), Aead.class);
	}

	@Test
	void theCipherOfADatabaseHasItsQualifierAndRole() {
		this.runner.withPropertyValues(MASTER_KEY)
			.withUserConfiguration(Injected.class, Unqualified.class)
			.run((context) -> {
				FieldCipher cipher = context.getBean(Injected.class).cipher;
				assertThat(context.getBean("ordersFieldCipher")).isSameAs(cipher);
				assertThat(context.getBean(Unqualified.class).cipher).isSameAs(cipher);
				assertThat(cipher.decrypt(cipher.encrypt("secret"))).isEqualTo("secret");
			});
		assertThat(TestDatabases.threads("appdbs-keyset-")).isEmpty();
	}

	@Test
	void defaultsApplyToAllDatabases() {
		this.plain
			.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs-defaults.encryption.keyset=" + keyset,
					"app.dbs-defaults.encryption.master-key=" + TestKeysets.MASTER_KEY,
					"app.dbs-defaults.encryption.index-keyset=" + index)
			.run((context) -> assertThat(context.getBeansOfType(FieldCipher.class))
				.containsOnlyKeys("ordersFieldCipher", "auditFieldCipher"));
	}

	@Test
	void aMasterKeyInTheDefaultsIsForDatabasesWithAKeyset() {
		this.plain.withPropertyValues("app.dbs-defaults.encryption.master-key=" + TestKeysets.MASTER_KEY)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FieldCipher.class));
	}

	@Test
	void anAeadBeanDecryptsTheKeyset() throws Exception {
		String location = write("bean.json", TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
				KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), master, new byte[0]));
		this.plain.withPropertyValues(KEYSET + "=" + location)
			.withBean("kms", Aead.class, () -> master)
			.run((context) -> assertThat(context).hasNotFailed());
		this.plain.withPropertyValues(KEYSET + "=" + location)
			.withUserConfiguration(QualifiedAead.class)
			.withBean("other", Aead.class, () -> mock(Aead.class))
			.run((context) -> assertThat(context).hasNotFailed());
		fails(this.plain.withPropertyValues(KEYSET + "=" + location, MASTER_KEY)
			.withUserConfiguration(QualifiedAead.class), """
					Database 'orders': '%s' is set, but the Aead bean 'kms' decrypts its keysets.

					Remove '%1$s', or the bean.""".formatted("app.dbs.orders.encryption.master-key"));
		fails(this.runner.withBean("kms", Aead.class, () -> master),
				"""
						Database 'orders': '%s' is '%s', which the Aead bean 'kms' cannot decrypt: it was encrypted by another key, or has been changed.

						Use the key that encrypted the keyset, or correct '%1$s'."""
					.formatted(KEYSET, keyset));
	}

	@Test
	void withoutAMasterKeyTheStartFails() {
		fails(this.runner,
				"""
						Database 'orders': '%s' is set, but there is nothing to decrypt the keyset with.

						Set 'app.dbs.orders.encryption.master-key' to the key that encrypted the keyset, 32 bytes in Base64, or define a bean of type com.google.crypto.tink.Aead with @Qualifier("orders"), such as that of a key management service."""
					.formatted(KEYSET));
	}

	@Test
	void aWrongMasterKeyIsReported() {
		fails(this.runner.withPropertyValues("app.dbs.orders.encryption.master-key=" + TestKeysets.OTHER_MASTER_KEY),
				"""
						Database 'orders': '%s' is '%s', which 'app.dbs.orders.encryption.master-key' cannot decrypt: it was encrypted by another key, or has been changed.

						Use the key that encrypted the keyset, or correct '%1$s'."""
					.formatted(KEYSET, keyset));
	}

	@Test
	void aKeysetThatCannotBeUsedIsReported() throws Exception {
		failsWith(folder.resolve("missing.json").toUri().toString(), "which does not exist",
				"Create it with the command io.appdbs.encryption.Keysets, or correct '%s'.");
		String notKeyset = "which is not an encrypted keyset of Tink in JSON";
		String create = "Create the keyset with the command io.appdbs.encryption.Keysets, or correct '%s'.";
		failsWith(write("empty.json", ""), notKeyset, create);
		failsWith(write("other.json", "{\"a\": 1}"), notKeyset, create);
		failsWith(write("base64.json", "{\"encryptedKeyset\": \"%\"}"), notKeyset, create);
		KeysetHandle handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
		failsWith(
				write("plain.json",
						TinkJsonProtoKeysetFormat.serializeKeyset(handle,
								com.google.crypto.tink.InsecureSecretKeyAccess.get())),
				"which has keys in plain text",
				"Encrypt the keyset by 'app.dbs.orders.encryption.master-key', and treat its keys as disclosed: '%s' must refer to an encrypted keyset.");
		failsWith(index, "whose keys cannot encrypt with associated data, or none of them is primary and enabled",
				"Create a keyset of type AES256_GCM with a primary key, or correct '%s'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NO_PREFIX", "CRUNCHY" })
	void aKeysetWhoseCipherTextsDoNotNameTheKeyIsRejected(String variant) throws Exception {
		AesGcmParameters parameters = AesGcmParameters.builder()
			.setKeySizeBytes(32)
			.setIvSizeBytes(12)
			.setTagSizeBytes(16)
			.setVariant(
					variant.equals("CRUNCHY") ? AesGcmParameters.Variant.CRUNCHY : AesGcmParameters.Variant.NO_PREFIX)
			.build();
		KeysetHandle primary = KeysetHandle.newBuilder()
			.addEntry(KeysetHandle.generateEntryFromParameters(parameters).withFixedId(42).makePrimary())
			.build();
		KeysetHandle other = KeysetHandle.newBuilder()
			.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
				.withFixedId(7)
				.makePrimary())
			.addEntry(KeysetHandle.generateEntryFromParameters(parameters).withFixedId(42))
			.build();
		for (KeysetHandle keyset : List.of(primary, other)) {
			String location = write("raw.json",
					TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, master, new byte[0]));
			fails(this.plain.withPropertyValues(KEYSET + "=" + location).withBean("kms", Aead.class, () -> master),
					"""
							Database 'orders': '%s' is '%s', whose key 42 does not write its id into cipher texts, so a value does not show which key encrypted it.

							Create a keyset with the command io.appdbs.encryption.Keysets, or of the template AES256_GCM, which has the output prefix TINK. Templates that end with RAW or NO_PREFIX, and the output prefixes CRUNCHY and LEGACY, cannot be used. Or correct '%1$s'."""
						.formatted(KEYSET, location));
		}
		KeysetHandle.Builder disabled = KeysetHandle.newBuilder(other);
		disabled.getAt(1).setStatus(KeyStatus.DISABLED);
		String location = write("disabled.json",
				TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(disabled.build(), master, new byte[0]));
		this.plain.withPropertyValues(KEYSET + "=" + location)
			.withBean("kms", Aead.class, () -> master)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theSecretsOfALocationAreNotShown() {
		this.plain
			.withPropertyValues(KEYSET + "=http://svc:s3cr3t@127.0.0.1:1/k.json?sig=s3cr3t", MASTER_KEY,
					"app.dbs.orders.sql-init.schema-locations=http://svc:s3cr3t@127.0.0.1:1/k.sql")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.sql-init.schema-locations' is 'http://***@127.0.0.1:1/k.sql', but there is no such script.

							    Origin: "app.dbs.orders.sql-init.schema-locations" from property source "test"

							Correct 'app.dbs.orders.sql-init.schema-locations', create the script, or write 'optional:' in front of the location if it may be missing."""));
		this.plain.withPropertyValues(KEYSET + "=http://svc:s3cr3t@127.0.0.1:1/k.json?sig=s3cr3t", MASTER_KEY)
			.run((context) -> {
				assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo("""
						Database 'orders': '%s' is 'http://***@127.0.0.1:1/k.json?***', which does not exist.

						Create it with the command io.appdbs.encryption.Keysets, or correct '%1$s'."""
					.formatted(KEYSET));
				StringWriter trace = new StringWriter();
				context.getStartupFailure().printStackTrace(new PrintWriter(trace));
				assertThat(trace.toString()).contains("http://***@127.0.0.1").doesNotContain("s3cr3t");
			});
	}

	@Test
	void aKeysetForIndexesMustComputeThem() {
		fails(this.runner.withPropertyValues(MASTER_KEY, "app.dbs.orders.encryption.index-keyset=" + keyset),
				"""
						Database 'orders': 'app.dbs.orders.encryption.index-keyset' is '%s', whose primary key cannot compute an index of 16 bytes, or none of its keys is primary and enabled.

						Create a keyset of type HMAC_SHA256_PRF with a primary key, or correct 'app.dbs.orders.encryption.index-keyset'."""
					.formatted(keyset));
	}

	@Test
	void problemsAreReportedTogether() {
		this.plain.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs-defaults.encryption.keyset=" + keyset)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure()))
				.contains("Database 'orders': 'app.dbs-defaults.encryption.keyset' is set")
				.contains("Database 'audit': 'app.dbs-defaults.encryption.keyset' is set"));
	}

	private void failsWith(String location, String what, String action) {
		fails(this.plain.withPropertyValues(KEYSET + "=" + location, MASTER_KEY),
				"Database 'orders': '%s' is '%s', %s.\n\n%s".formatted(KEYSET, location, what,
						action.formatted(KEYSET)));
	}

	private static void fails(ApplicationContextRunner runner, String text) {
		runner.run((context) -> {
			assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(text)
				.doesNotContain(TestKeysets.MASTER_KEY, TestKeysets.OTHER_MASTER_KEY);
			assertThat(context.getStartupFailure()).hasStackTraceContaining("orders")
				.satisfies((failure) -> assertThat(
						org.springframework.core.NestedExceptionUtils.getMostSpecificCause(failure).toString())
					.doesNotContain(TestKeysets.MASTER_KEY));
		});
	}

	private static String write(String name, String text) throws Exception {
		return Files.writeString(folder.resolve(name), text).toUri().toString();
	}

	@Test
	void withoutTinkTheStartFails() {
		this.runner.withPropertyValues(MASTER_KEY)
			.withClassLoader(new FilteredClassLoader("com.google.crypto.tink"))
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure()))
				.startsWith(
						"Database 'orders': '%s' needs 'com.google.crypto.tink:tink', which is not on the class path."
							.formatted(KEYSET))
				.contains("Add to the dependencies:\n\n"
						+ "    <dependency><groupId>com.google.crypto.tink</groupId><artifactId>tink</artifactId>"));
	}

	@Test
	void aBeanOfTheApplicationReplacesTheCipher() {
		this.plain.withUserConfiguration(OwnCipher.class, Injected.class).run((context) -> {
			assertThat(context.getBean(Injected.class).cipher).isSameAs(context.getBean("own"));
			assertThat(context.getBean("ordersFieldCipher")).isSameAs(context.getBean("own"));
		});
		fails(this.runner.withPropertyValues(MASTER_KEY).withUserConfiguration(OwnCipher.class), """
				Database 'orders': '%s' is set, but the bean 'own' encrypts its fields.

				Remove '%1$s', or the bean.""".formatted(KEYSET));
	}

	@Test
	void theCipherOfADatabaseWithoutKeysetIsExplained() {
		injectionFails(this.plain.withUserConfiguration(Injected.class),
				"Field cipher in %s required a bean of type '%s' of the database 'orders', but '%s' is not set."
					.formatted(Injected.class.getName(), FieldCipher.class.getName(), KEYSET),
				"Set '%s' to the location of a keyset.".formatted(KEYSET));
		injectionFails(this.plain.withUserConfiguration(Unqualified.class),
				"Field cipher in %s required a bean of type '%s', but 'encryption.keyset' is set for none of the databases: orders."
					.formatted(Unqualified.class.getName(), FieldCipher.class.getName()),
				"Set 'app.dbs.<name>.encryption.keyset' to the location of a keyset for one of these names.");
		injectionFails(
				this.runner.withPropertyValues("app.dbs.audit.url=embedded:h2", MASTER_KEY)
					.withUserConfiguration(Unqualified.class),
				"Field cipher in %s required a bean of type '%s' without a qualifier, which is needed to select one of the databases: orders."
					.formatted(Unqualified.class.getName(), FieldCipher.class.getName()),
				"Add @Qualifier with one of these names to the injection point.");
		injectionFails(this.plain.withUserConfiguration(Misspelt.class),
				"Field cipher in %s required a bean of type '%s' of the database 'order', but no database has that name. Known: orders."
					.formatted(Misspelt.class.getName(), FieldCipher.class.getName()),
				"Did you mean 'orders'? Use one of the known names in @Qualifier, or configure the database with 'app.dbs.order.url'.");
	}

	private static void injectionFails(ApplicationContextRunner runner, String description, String action) {
		FailureAnalysis analysis = InjectionFailures.analyzeCipher(runner);
		assertThat(analysis.getDescription()).isEqualTo(description);
		assertThat(analysis.getAction()).isEqualTo(action);
	}

	@Test
	void jdbcClientNeedsNoConfigurationForEncryptedValues() {
		this.runner.withPropertyValues(MASTER_KEY).run((context) -> {
			FieldCipher cipher = context.getBean(FieldCipher.class);
			JdbcClient client = context.getBean(JdbcClient.class);
			client.sql("create table person (iban varchar(200))").update();
			client.sql("insert into person values (?)").param(cipher.encrypt("secret")).update();
			client.sql("insert into person values (?)")
				.param(1, cipher.encrypt("secret"), java.sql.Types.VARCHAR)
				.update();
			assertThat(client.sql("select iban from person").query(String.class).list()).hasSize(2)
				.allMatch((text) -> text.startsWith("e1:"));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Autowired
		@Qualifier("orders")
		FieldCipher cipher;

	}

	@Configuration(proxyBeanMethods = false)
	static class Misspelt {

		@Autowired
		@Qualifier("order")
		FieldCipher cipher;

	}

	@Configuration(proxyBeanMethods = false)
	static class Unqualified {

		@Autowired
		FieldCipher cipher;

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCipher {

		@Bean
		@Qualifier("orders")
		FieldCipher own() {
			return mock(FieldCipher.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedAead {

		@Bean
		@Qualifier("orders")
		Aead kms() {
			return master;
		}

	}

}
