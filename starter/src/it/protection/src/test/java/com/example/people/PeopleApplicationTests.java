package com.example.people;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.appdbs.audit.AuditEvent;
import io.appdbs.audit.AuditOutcome;
import io.appdbs.encryption.FieldCipher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
class PeopleApplicationTests {

	private static final String IBAN = "DE02120300000000202051";

	@TempDir
	private static Path folder;

	private static Server server;

	@BeforeAll
	static void start() throws Exception {
		server = new Server(folder);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void everyProtectionHolds(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = run("people_app")) {
			FieldCipher cipher = context.getBean(FieldCipher.class);
			PersonRepository people = context.getBean(PersonRepository.class);
			SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("anna", null, "ROLE_USER"));
			people.save(new Person(null, "Anna", cipher.encrypt(IBAN)));
			assertThat(people.findAll()).singleElement()
				.satisfies((person) -> assertThat(cipher.decrypt(person.iban())).isEqualTo(IBAN));
			JdbcClient jdbcClient = context.getBean("peopleJdbcClient", JdbcClient.class);
			assertThat(jdbcClient.sql("SELECT iban FROM person").query(String.class).single()).startsWith("e1:");
			// a session sees only itself of those of other users
			assertThat(jdbcClient.sql("SELECT bool_and(ssl) FROM pg_stat_ssl WHERE ssl IS NOT NULL")
				.query(Boolean.class)
				.single()).isTrue();
			List<AuditEvent> events = context.getBean(AuditRecords.class).getEvents();
			assertThat(events).singleElement().satisfies((event) -> {
				assertThat(event.user().name()).isEqualTo("anna");
				assertThat(event.outcome()).isEqualTo(AuditOutcome.COMMITTED);
				assertThat(event.statements()).singleElement()
					.satisfies((statement) -> assertThat(statement.text()).startsWith("INSERT INTO"));
			});
			assertThat(events.toString()).doesNotContain(IBAN);
		}
		finally {
			SecurityContextHolder.clearContext();
		}
		assertThat(output.getAll()).doesNotContain(IBAN);
	}

	@Test
	void withTheCertificateOfAnotherTheApplicationDoesNotStart(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("people_intern").close());
		assertThat(output.getAll()).contains("Database 'people'", "certificate");
	}

	private static ConfigurableApplicationContext run(String login) throws Exception {
		List<String> arguments = server.arguments(login);
		byte[] masterKey = "0123456789abcdef0123456789abcdef".getBytes();
		arguments.add("--PEOPLE_MASTER_KEY=" + Base64.getEncoder().encodeToString(masterKey));
		arguments.add("--PEOPLE_KEYSET=file:" + writeKeyset(masterKey));
		arguments.add("--app.dbs.people.startup.timeout=5s");
		return new SpringApplication(PeopleApplication.class).run(arguments.toArray(String[]::new));
	}

	private static Path writeKeyset(byte[] masterKey) throws Exception {
		AeadConfig.register();
		AesGcmParameters parameters = AesGcmParameters.builder()
			.setKeySizeBytes(32)
			.setIvSizeBytes(12)
			.setTagSizeBytes(16)
			.setVariant(AesGcmParameters.Variant.NO_PREFIX)
			.build();
		AesGcmKey key = AesGcmKey.builder()
			.setParameters(parameters)
			.setKeyBytes(SecretBytes.copyFrom(masterKey, InsecureSecretKeyAccess.get()))
			.build();
		Aead master = KeysetHandle.newBuilder()
			.addEntry(KeysetHandle.importKey(key).withRandomId().makePrimary())
			.build()
			.getPrimitive(RegistryConfiguration.get(), Aead.class);
		String keyset = TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
				KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), master, new byte[0]);
		return Files.writeString(folder.resolve("people.json"), keyset);
	}

}
