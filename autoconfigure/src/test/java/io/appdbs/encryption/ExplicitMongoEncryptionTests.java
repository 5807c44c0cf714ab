package io.appdbs.encryption;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.mongodb.ClientEncryptionSettings;
import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.model.vault.DataKeyOptions;
import com.mongodb.client.vault.ClientEncryption;
import com.mongodb.client.vault.ClientEncryptions;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.encrypted.csfle.Visit;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.convert.PropertyValueConverterFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.encryption.MongoEncryptionConverter;
import org.springframework.data.mongodb.core.encryption.EncryptionKey;
import org.springframework.data.mongodb.core.encryption.EncryptionKeyResolver;
import org.springframework.data.mongodb.core.encryption.MongoClientEncryption;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the explicit encryption of MongoDB's driver, which an application configures
 * as the documentation says. The embedded MongoDB does not accept its cipher texts.
 */
@RequiresDocumentDb
class ExplicitMongoEncryptionTests {

	private static final String KEY = Base64.getEncoder().encodeToString(new byte[96]);

	@Test
	void valuesAreStoredAsCipherTextsAndFoundByEquality() {
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withUserConfiguration(ExplicitEncryption.class)
				.withPropertyValues("app.dbs.clinic.url=" + server.getUrlOf("clinic"),
						"app.dbs.clinic.packages=io.appdbs.encrypted.csfle",
						"app.dbs.clinic.mongo.validators.mode=apply", "clinic.encryption-key=" + KEY)
				.run(ExplicitMongoEncryptionTests::verify);
		}
	}

	private static void verify(ApplicationContext context) {
		context.getBean(ClientEncryption.class)
			.createDataKey("local", new DataKeyOptions().keyAltNames(List.of("clinic")));
		MongoTemplate template = context.getBean("clinicMongoTemplate", MongoTemplate.class);
		Visit saved = template.insert(new Visit(null, "Ada", "PLAINTEXT", "PLAINTEXT"));
		template.insert(new Visit(null, "Bob", null, null));
		assertThat(template.findById(saved.id(), Visit.class)).isEqualTo(saved);
		assertThat(template.find(Query.query(Criteria.where("insurance").is("PLAINTEXT")), Visit.class))
			.containsExactly(saved);
		List<Document> documents = template.getCollection("visit").find().into(new ArrayList<>());
		assertThat(documents).hasSize(2).noneMatch((document) -> document.toJson().contains("PLAINTEXT"));
		assertThat(documents.get(0).toJson()).contains("\"subType\": \"06\"");
	}

	@Configuration(proxyBeanMethods = false)
	static class ExplicitEncryption {

		@Bean
		ClientEncryption clientEncryption(@Value("${app.dbs.clinic.url}") String url,
				@Value("${clinic.encryption-key}") String masterKey) {
			return ClientEncryptions.create(ClientEncryptionSettings.builder()
				.keyVaultMongoClientSettings(
						MongoClientSettings.builder().applyConnectionString(new ConnectionString(url)).build())
				.keyVaultNamespace("encryption.keys")
				.kmsProviders(Map.of("local", Map.of("key", Base64.getDecoder().decode(masterKey))))
				.build());
		}

		@Bean
		MongoEncryptionConverter mongoEncryptionConverter(ClientEncryption encryption) {
			return new MongoEncryptionConverter(MongoClientEncryption.just(encryption),
					EncryptionKeyResolver.annotated((context) -> EncryptionKey.keyAltName("clinic")));
		}

		@Bean
		MongoCustomConversions mongoCustomConversions(BeanFactory beanFactory) {
			return MongoCustomConversions.create((adapter) -> adapter
				.registerPropertyValueConverterFactory(PropertyValueConverterFactory.beanFactoryAware(beanFactory)));
		}

	}

}
