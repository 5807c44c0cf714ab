package io.appdbs.encryption;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonIOException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.testsupport.ConcurrentTasks;
import io.appdbs.testsupport.EnvironmentBuilder;
import io.appdbs.testsupport.LoggedLines;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KeysetFieldCipher} and {@link Encrypted}.
 */
class KeysetFieldCipherTests {

	private static final int VALUES = Integer.getInteger("appdbs.encrypted-values", 500);

	private final FieldCiphers ciphers = new FieldCiphers(1);

	@TempDir
	Path folder;

	@AfterEach
	void close() {
		this.ciphers.close();
		TestDatabases.awaitNoThreads("appdbs-keyset-");
	}

	private Path keyset() {
		Path file = this.folder.resolve("keyset.json");
		if (!Files.exists(file)) {
			TestKeysets.create(this.folder, "keyset.json");
		}
		return file;
	}

	private FieldCipher cipher(String database) {
		if (!Files.exists(this.folder.resolve("index.json"))) {
			TestKeysets.createIndex(this.folder, "index.json");
		}
		return cipher(database, "index-keyset: '%s'".formatted(this.folder.resolve("index.json").toUri()), "1h");
	}

	private FieldCipher cipher(String database, String more, String interval) {
		this.ciphers.add(definition(database, keyset(), more, interval), null, null, new DefaultResourceLoader());
		return this.ciphers.get(database);
	}

	private static DatabaseDefinition definition(String database, Path keyset, String more, String interval) {
		return definition(database, keyset.toUri().toString(), more, interval);
	}

	private static DatabaseDefinition definition(String database, String keyset, String more, String interval) {
		String yaml = """
				app.dbs.%s:
				  url: embedded:h2
				  encryption:
				    keyset: '%s'
				    master-key: %s
				    refresh-interval: %s
				    %s
				""".formatted(database, keyset, TestKeysets.MASTER_KEY, interval, more);
		return DatabaseSettingsBinder.bind(EnvironmentBuilder.yaml(yaml).build(), List.of(database), null)
			.get(database);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "DE89 3704 0044 0532 0130 00", "äöü\uD83D\uDE00", "e1:AAAA", "\0" })
	void aValueIsReturnedAsItWas(String value) {
		FieldCipher cipher = cipher("orders");
		Encrypted encrypted = cipher.encrypt(value);
		assertThat(encrypted.toCipherText()).matches("e1:[A-Za-z0-9+/]+=*");
		assertThat(encrypted.toCipherText())
			.hasSize(3 + 4 * ((value.getBytes(StandardCharsets.UTF_8).length + 33 + 2) / 3));
		assertThat(cipher.decrypt(Encrypted.of(encrypted.toCipherText()))).isEqualTo(value);
		assertThat(cipher.decrypt(cipher.encrypt(value, "person.iban"), "person.iban")).isEqualTo(value);
		assertThat(cipher.encrypt(value)).isNotEqualTo(encrypted);
	}

	@Test
	void nullStaysNull() {
		FieldCipher cipher = cipher("orders");
		assertThat(cipher.encrypt(null)).isNull();
		assertThat(cipher.encrypt(null, "person.iban")).isNull();
		assertThat(cipher.decrypt(null)).isNull();
		assertThat(cipher.decrypt(null, "person.iban")).isNull();
		assertThat(cipher.blindIndex("person.iban", null)).isNull();
		assertThat(Encrypted.of(null)).isNull();
	}

	@Test
	void aValueBelongsToItsDatabaseAndField() {
		FieldCipher orders = cipher("orders");
		FieldCipher audit = cipher("audit");
		String wrong = "Database '%s': a value cannot be decrypted%s: it was encrypted for another database or field, or has been changed.";
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> audit.decrypt(orders.encrypt("secret")))
			.withMessage(wrong.formatted("audit", " without a field"));
		assertThatExceptionOfType(FieldCipherException.class)
			.isThrownBy(() -> orders.decrypt(orders.encrypt("secret", "person.iban"), "person.name"))
			.withMessage(wrong.formatted("orders", " for the field 'person.name'"));
		assertThatExceptionOfType(FieldCipherException.class)
			.isThrownBy(() -> orders.decrypt(orders.encrypt("secret", "person.iban")))
			.withMessage(wrong.formatted("orders", " without a field"));
		assertThatExceptionOfType(FieldCipherException.class)
			.isThrownBy(() -> orders.decrypt(orders.encrypt("secret"), "person.iban"))
			.withMessage(wrong.formatted("orders", " for the field 'person.iban'"));
	}

	@Test
	void aValueOfAnotherKeysetNamesTheMissingKey() {
		FieldCipher orders = cipher("orders");
		Encrypted value = orders.encrypt("secret");
		TestKeysets.create(this.folder, "other.json");
		FieldCiphers others = new FieldCiphers(1);
		others.add(definition("orders", this.folder.resolve("other.json"), "", "1h"), null, null,
				new DefaultResourceLoader());
		String id = TestKeysets.run("list", keyset().toString()).get(0).split(" ")[0];
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> others.get("orders").decrypt(value))
			.withMessage(
					"Database 'orders': a value cannot be decrypted: 'app.dbs.orders.encryption.keyset' has no key %s, or the value has been changed.",
					id);
		others.close();
	}

	@Test
	void everyChangeOfACipherTextIsFound() {
		FieldCipher cipher = cipher("orders");
		String text = cipher.encrypt("PLAINTEXT").toCipherText();
		byte[] bytes = Base64.getDecoder().decode(text.substring(3));
		for (int i = 0; i < bytes.length * 8; i++) {
			byte[] changed = bytes.clone();
			changed[i / 8] ^= (byte) (1 << (i % 8));
			assertRejected(cipher, "e1:" + Base64.getEncoder().encodeToString(changed));
		}
		for (int i = 0; i < text.length(); i++) {
			assertRejected(cipher, text.substring(0, i));
		}
	}

	@Test
	void arbitraryTextIsRejected() {
		FieldCipher cipher = cipher("orders");
		Random random = new Random(1);
		for (int i = 0; i < VALUES; i++) {
			byte[] bytes = new byte[random.nextInt(80)];
			random.nextBytes(bytes);
			assertRejected(cipher, new String(bytes, StandardCharsets.ISO_8859_1));
			assertRejected(cipher, "e1:" + new String(bytes, StandardCharsets.ISO_8859_1));
			assertRejected(cipher, "e1:" + Base64.getEncoder().encodeToString(bytes));
		}
	}

	private static void assertRejected(FieldCipher cipher, String text) {
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> cipher.decrypt(Encrypted.of(text)))
			.satisfies((ex) -> assertThat(ex.getMessage())
				.startsWith((ex.getCause() != null) ? "Database 'orders': " : "A "));
	}

	@Test
	void halfASurrogatePairIsRejected() {
		FieldCipher cipher = cipher("orders");
		String message = "Database 'orders': a value is not valid Unicode.";
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> cipher.encrypt("\uD83D"))
			.withMessage(message);
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> cipher.blindIndex("x", "\uD83D"))
			.withMessage(message);
	}

	@Test
	void aBlindIndexIsEqualForEqualValuesOfOneField() {
		FieldCipher cipher = cipher("orders");
		String index = cipher.blindIndex("person.iban", "DE89");
		assertThat(index).matches("[0-9a-f]{32}");
		assertThat(cipher.blindIndex("person.iban", "DE89")).isEqualTo(index);
		assertThat(List.of(cipher.blindIndex("person.iban", "DE88"), cipher.blindIndex("person.name", "DE89"),
				cipher.blindIndex("person.ibanD", "E89"), cipher("audit").blindIndex("person.iban", "DE89")))
			.doesNotContain(index)
			.doesNotHaveDuplicates();
		TestKeysets.rotate(keyset());
		((KeysetFieldCipher) cipher).refresh();
		assertThat(cipher.blindIndex("person.iban", "DE89")).isEqualTo(index);
	}

	@Test
	void withoutAKeyThereIsNoBlindIndex() {
		FieldCipher cipher = cipher("orders", "", "1h");
		assertThatExceptionOfType(FieldCipherException.class).isThrownBy(() -> cipher.blindIndex("person.iban", "x"))
			.withMessage(
					"Database 'orders': there is no key for blind indexes. Set 'app.dbs.orders.encryption.index-keyset' to the location of a keyset.");
	}

	@Test
	void afterRotationFormerValuesCanBeDecrypted() {
		FieldCipher cipher = cipher("orders", "", "20ms");
		Encrypted former = cipher.encrypt("secret");
		assertThat(cipher.isCurrent(former)).isTrue();
		TestKeysets.rotate(keyset());
		TestDatabases.await(() -> !cipher.isCurrent(former));
		assertThat(cipher.decrypt(former)).isEqualTo("secret");
		assertThat(cipher.isCurrent(cipher.encrypt("secret"))).isTrue();
		assertThat(this.ciphers.getUsage("orders").keys()).hasSize(2);
	}

	@Test
	void aValueWithAnUnknownKeyReadsTheFileAtOnce() {
		FieldCipher first = cipher("orders");
		FieldCiphers others = new FieldCiphers(1);
		TestKeysets.rotate(keyset());
		others.add(definition("orders", keyset(), "", "1h"), null, null, new DefaultResourceLoader());
		assertThat(first.decrypt(others.get("orders").encrypt("secret"))).isEqualTo("secret");
		others.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "empty", "half", "missing", "without the former key", "other master key", "plain" })
	void aKeysetThatCannotBeUsedLeavesTheFormerOne(String change) throws Exception {
		FieldCipher cipher = cipher("orders", "", "20ms");
		Encrypted former = cipher.encrypt("secret");
		Path file = keyset();
		String text = Files.readString(file);
		String location = file.toUri().toString();
		String prefix = "'app.dbs.orders.encryption.keyset' is '%s', ".formatted(location);
		String expected = switch (change) {
			case "empty" -> write("") + "which is not an encrypted keyset of Tink in JSON.";
			case "half" ->
				write(text.substring(0, text.length() / 2)) + "which is not an encrypted keyset of Tink in JSON.";
			case "missing" -> delete() + "which does not exist.";
			case "plain" -> write("{\"primaryKeyId\": 1, \"key\": []}") + "which has keys in plain text.";
			case "other master key" -> {
				delete();
				TestKeysets.runWith(TestKeysets.OTHER_MASTER_KEY, "create", file.toString());
				yield "which 'app.dbs.orders.encryption.master-key' cannot decrypt: it was encrypted by another key, or has been changed.";
			}
			default -> {
				String id = TestKeysets.run("list", keyset().toString()).get(0).split(" ")[0];
				delete();
				TestKeysets.create(this.folder, "keyset.json");
				yield "which does not contain the key %s that new values are encrypted with.".formatted(id);
			}
		};
		try (LoggedLines log = new LoggedLines()) {
			TestDatabases.await(() -> (prefix + expected).equals(this.ciphers.getUsage("orders").failure()));
			assertThat(cipher.decrypt(former)).isEqualTo("secret");
			assertThat(cipher.isCurrent(cipher.encrypt("secret"))).isTrue();
			Files.writeString(this.folder.resolve("keyset.json"), text);
			TestDatabases.await(() -> this.ciphers.getUsage("orders").failure() == null);
		}
	}

	@Test
	void aFailureIsLoggedOnce() throws Exception {
		FieldCipher cipher = cipher("orders", "", "1h");
		try (LoggedLines log = new LoggedLines()) {
			delete();
			((KeysetFieldCipher) cipher).refresh();
			((KeysetFieldCipher) cipher).refresh();
			assertThat(log.messages()).containsExactly(
					"Database 'orders' keeps its keys for encrypted fields: 'app.dbs.orders.encryption.keyset' is '%s', which does not exist."
						.formatted(this.folder.resolve("keyset.json").toUri()));
		}
	}

	@Test
	void theSecretsOfALocationAreNotShown() {
		String location = "https://svc:s3cr3t@cfg/k.json?sig=s3cr3t";
		UnreadableResource resource = new UnreadableResource(new FileSystemResource(keyset()), location);
		DefaultResourceLoader loader = new DefaultResourceLoader();
		loader.addProtocolResolver((requested, parent) -> requested.equals(location) ? resource : null);
		DatabaseDefinition definition = definition("orders", location, "index-keyset: '%s'".formatted(location), "1h");
		assertThat(definition.settings().encryption()).hasToString(
				"EncryptionSettings[keyset=https://***@cfg/k.json?***, indexKeyset=https://***@cfg/k.json?***, refreshInterval=PT1H]");
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
			.isThrownBy(() -> this.ciphers.add(definition, null, null, loader))
			.withMessageContaining("'app.dbs.orders.encryption.index-keyset' is 'https://***@cfg/k.json?***', whose");
		String expected = "'app.dbs.orders.encryption.keyset' is 'https://***@cfg/k.json?***', which ";
		this.ciphers.add(definition("orders", location, "", "1h"), null, null, loader);
		KeysetFieldCipher cipher = (KeysetFieldCipher) this.ciphers.get("orders");
		for (RuntimeException failure : new RuntimeException[] { null, new IllegalStateException(location) }) {
			resource.fail(failure);
			try (LoggedLines log = new LoggedLines()) {
				cipher.refresh();
				assertThat(this.ciphers.getUsage("orders").failure()).isEqualTo(expected + "cannot be read.");
				assertThat(log.messages()).contains(
						"Database 'orders' keeps its keys for encrypted fields: %scannot be read.".formatted(expected));
			}
			assertThatExceptionOfType(InvalidDatabaseConfigurationException.class)
				.isThrownBy(() -> this.ciphers.add(definition("orders", location, "", "1h"), null, null, loader))
				.withMessage("Database 'orders': " + expected + "cannot be read.")
				.satisfies((ex) -> assertThat(NestedExceptionUtils.getMostSpecificCause(ex))
					.hasMessage(expected + "cannot be read."));
			resource.succeed();
			cipher.refresh();
		}
	}

	private String write(String text) throws Exception {
		Files.writeString(keyset(), text);
		return "";
	}

	private String delete() throws Exception {
		Files.delete(this.folder.resolve("keyset.json"));
		return "";
	}

	@Test
	void rotationUnderLoadFailsNoCall() throws Exception {
		FieldCipher cipher = cipher("orders", "", "10ms");
		Set<Integer> ids = ConcurrentHashMap.newKeySet();
		Encrypted first = cipher.encrypt("first");
		AtomicBoolean rotated = new AtomicBoolean();
		ConcurrentTasks.run(17, (index) -> {
			if (index == 16) {
				for (int i = 0; i < 3; i++) {
					Encrypted before = cipher.encrypt("before");
					TestKeysets.rotate(keyset());
					TestDatabases.await(() -> !cipher.isCurrent(before));
				}
				rotated.set(true);
				return null;
			}
			for (int i = 0; i < VALUES || !rotated.get(); i++) {
				Encrypted value = cipher.encrypt(index + "-" + i);
				ids.add(EncryptionKeys.findId(value.toBytes()));
				assertThat(cipher.decrypt(value)).isEqualTo(index + "-" + i);
				assertThat(cipher.decrypt(first)).isEqualTo("first");
			}
			return null;
		});
		assertThat(cipher.isCurrent(first)).isFalse();
		ids.add(EncryptionKeys.findId(cipher.encrypt("last").toBytes()));
		assertThat(ids).hasSize(4);
		assertThat(this.ciphers.getUsage("orders").keys()).hasSize(4);
	}

	@Test
	void noTextShowsTheValue() throws Exception {
		Encrypted value = cipher("orders").encrypt("PLAINTEXT");
		assertThat(value).hasToString("******");
		assertThat(new Holder(value)).hasToString("Holder[value=******]");
		assertThat(JsonMapper.builder().build().writeValueAsString(new Holder(value))).isEqualTo("{\"value\":{}}");
		assertThatExceptionOfType(DatabindException.class)
			.isThrownBy(() -> JsonMapper.builder().build().readValue("{\"value\":\"PLAINTEXT\"}", Holder.class));
		assertThatExceptionOfType(NotSerializableException.class)
			.isThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(value));
		assertThat(DefaultConversionService.getSharedInstance().convert(value.toCipherText(), Encrypted.class))
			.isEqualTo(value)
			.hasSameHashCodeAs(value);
		assertThat(cipher("orders")).hasToString("FieldCipher of database 'orders'");
	}

	@Test
	void librariesThatReadFieldsDoNotShowTheValue() {
		Holder plain = new Holder(Encrypted.of("PLAINTEXT"));
		assertThat(new Gson().toJson(plain)).isEqualTo("{\"value\":{}}");
		assertThat(new GsonBuilder().serializeNulls().create().toJson(List.of(plain))).isEqualTo("[{\"value\":{}}]");
		assertThatExceptionOfType(JsonIOException.class)
			.isThrownBy(() -> new Gson().fromJson("{\"value\":{\"text\":\"PLAINTEXT\"}}", Holder.class));
		JsonMapper fields = JsonMapper.builder()
			.changeDefaultVisibility((checker) -> checker.withFieldVisibility(Visibility.ANY))
			.build();
		assertThat(fields.writeValueAsString(plain)).isEqualTo("{\"value\":{}}");
		assertThat(Serializable.class.isAssignableFrom(EncryptedSqlValue.class)).isFalse();
		assertThat(Encrypted.class.getDeclaredFields()).filteredOn((field) -> !Modifier.isStatic(field.getModifiers()))
			.isNotEmpty()
			.allMatch((field) -> Modifier.isTransient(field.getModifiers()));
	}

	@Test
	void aBeanCanDecryptTheKeyset() throws Exception {
		MasterKey.registerAlgorithms();
		Aead service = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
			.getPrimitive(RegistryConfiguration.get(), Aead.class);
		Path file = this.folder.resolve("kms.json");
		// the format that Tinkey writes
		Files.writeString(file, TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
				KeysetHandle.generateNew(PredefinedAeadParameters.AES128_GCM), service, new byte[0]));
		this.ciphers.add(definition("orders", file, "", "1h"), service, "kms", new DefaultResourceLoader());
		FieldCipher cipher = this.ciphers.get("orders");
		assertThat(cipher.decrypt(cipher.encrypt("secret"))).isEqualTo("secret");
		Aead other = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
			.getPrimitive(RegistryConfiguration.get(), Aead.class);
		assertThatExceptionOfType(InvalidDatabaseConfigurationException.class).isThrownBy(
				() -> this.ciphers.add(definition("orders", file, "", "1h"), other, "kms", new DefaultResourceLoader()))
			.withMessage(
					"Database 'orders': 'app.dbs.orders.encryption.keyset' is '%s', which the Aead bean 'kms' cannot decrypt: it was encrypted by another key, or has been changed.",
					file.toUri());
	}

	record Holder(Encrypted value) {

	}

	/**
	 * A resource that exists, and whose failures name its location.
	 */
	private static final class UnreadableResource extends AbstractResource {

		private final Resource delegate;

		private final String location;

		private Exception failure;

		UnreadableResource(Resource delegate, String location) {
			this.delegate = delegate;
			this.location = location;
		}

		void fail(RuntimeException failure) {
			this.failure = (failure != null) ? failure
					: new IOException("Server returned HTTP response code: 403 for URL: " + this.location);
		}

		void succeed() {
			this.failure = null;
		}

		@Override
		public boolean exists() {
			return true;
		}

		@Override
		public InputStream getInputStream() throws IOException {
			if (this.failure instanceof RuntimeException unchecked) {
				throw unchecked;
			}
			if (this.failure instanceof IOException checked) {
				throw checked;
			}
			return this.delegate.getInputStream();
		}

		@Override
		public String getDescription() {
			return this.location;
		}

	}

}
