package io.appdbs.encryption;

import java.nio.file.Path;
import java.util.List;

import io.appdbs.encrypted.EncryptedApplication;
import io.appdbs.encrypted.jdbc.Customer;
import io.appdbs.encrypted.jdbc.CustomerRepository;
import io.appdbs.encrypted.mongo.Patient;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for the converters of encrypted values in addition to those of an application.
 */
class EncryptedConversionsTests {

	@TempDir
	static Path folder;

	@Test
	void theConvertersOfTheApplicationStay() {
		String keyset = TestKeysets.create(folder, "keyset.json");
		try (ConfigurableApplicationContext context = run("""
				app.dbs-defaults.encryption: { keyset: '%s', master-key: %s }
				app.dbs.shop: { url: 'embedded:h2', packages: io.appdbs.encrypted.jdbc }
				app.dbs.clinic: { url: 'embedded:mongodb', packages: io.appdbs.encrypted.mongo }
				""".formatted(keyset, TestKeysets.MASTER_KEY))) {
			JdbcClient client = context.getBean("shopJdbcClient", JdbcClient.class);
			client.sql(
					"create table \"customer\" (\"ID\" bigint auto_increment primary key, \"NAME\" varchar(50), \"IBAN\" varchar(200))")
				.update();
			FieldCipher cipher = context.getBean("shopFieldCipher", FieldCipher.class);
			Customer saved = context.getBean(CustomerRepository.class)
				.save(new Customer(null, "Ada", cipher.encrypt("secret")));
			assertThat(context.getBean(CustomerRepository.class).findById(saved.id())).contains(saved);
			JdbcCustomConversions own = context.getBean("own", JdbcCustomConversions.class);
			assertThat(own.hasCustomWriteTarget(StringBuilder.class)).isTrue();
			MongoTemplate template = context.getBean("clinicMongoTemplate", MongoTemplate.class);
			Patient patient = template.insert(
					new Patient(null, "Ada", context.getBean("clinicFieldCipher", FieldCipher.class).encrypt("secret"),
							List.of(), java.util.Map.of()));
			assertThat(template.findById(patient.id(), Patient.class)).isEqualTo(patient);
			template.insert(new Sized("1", new StringBuilder("abc")));
			assertThat(template.findById("1", org.bson.Document.class, "sized").get("text")).isEqualTo("cba");
		}
	}

	@Test
	void withoutEncryptionWritingFails() {
		try (ConfigurableApplicationContext context = run("""
				app.dbs.shop: { url: 'embedded:h2', packages: io.appdbs.encrypted.jdbc }
				app.dbs.clinic: { url: 'embedded:mongodb', packages: io.appdbs.encrypted.mongo }
				""")) {
			assertThatException()
				.isThrownBy(() -> context.getBean(CustomerRepository.class)
					.save(new Customer(null, "Ada", Encrypted.of("e1:AAAA"))))
				.havingRootCause()
				.withMessage(
						"Database 'shop' has no encryption, but an entity has a value of type Encrypted. Set 'app.dbs.shop.encryption.keyset', or use another type.");
			assertThatException()
				.isThrownBy(() -> context.getBean("clinicMongoTemplate", MongoTemplate.class)
					.insert(new Patient(null, "Ada", Encrypted.of("PLAINTEXT"), List.of(), java.util.Map.of())))
				.withMessageNotContaining("PLAINTEXT")
				.havingRootCause()
				.withMessage(
						"Database 'clinic' has no encryption, but an entity has a value of type Encrypted. Set 'app.dbs.clinic.encryption.keyset', or use another type.");
		}
	}

	@Test
	void hintsAreForTheMethodThatRowMappersCall() throws NoSuchMethodException {
		RuntimeHints hints = new RuntimeHints();
		new EncryptedHints().registerHints(hints, null);
		assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(Encrypted.class.getMethod("of", String.class)))
			.accepts(hints);
	}

	/**
	 * Every entity of the application belongs to a database.
	 */
	private static ConfigurableApplicationContext run(String yaml) {
		String others = """
				app.dbs.staff: { url: 'embedded:h2', packages: io.appdbs.encrypted.jpa }
				app.dbs.plain: { url: 'embedded:h2', packages: io.appdbs.encrypted.plain }
				""";
		return new SpringApplicationBuilder(EncryptedApplication.class, OwnConversions.class)
			.web(WebApplicationType.NONE)
			.environment(EnvironmentBuilder.yaml(yaml + others).build())
			.run();
	}

	@org.springframework.data.mongodb.core.mapping.Document("sized")
	record Sized(@org.springframework.data.annotation.Id String id, StringBuilder text) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConversions {

		@Bean
		@Qualifier("shop")
		JdbcCustomConversions own() {
			return new JdbcCustomConversions(List.of(new Reverser()));
		}

		@Bean
		MongoCustomConversions mongoCustomConversions() {
			return new MongoCustomConversions(List.of(new Reverser()));
		}

	}

	@WritingConverter
	static class Reverser implements Converter<StringBuilder, String> {

		@Override
		public String convert(StringBuilder source) {
			return new StringBuilder(source).reverse().toString();
		}

	}

}
