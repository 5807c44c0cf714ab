package io.appdbs.encryption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.encrypted.mongo.Patient;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.core.MongoTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for encrypted fields with a validator, which the embedded MongoDB does not have.
 */
@RequiresDocumentDb
class EncryptedDocumentDbTests {

	@TempDir
	static Path folder;

	@Test
	void theValidatorOfAnEncryptedFieldAcceptsCipherTexts() {
		String keyset = TestKeysets.create(folder, "keyset.json");
		try (DocumentDbServer server = RealServers.startDocumentDb()) {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
				.withPropertyValues("app.dbs.clinic.url=" + server.getUrlOf("clinic"),
						"app.dbs.clinic.packages=io.appdbs.encrypted.mongo",
						"app.dbs.clinic.encryption.keyset=" + keyset,
						"app.dbs.clinic.encryption.master-key=" + TestKeysets.MASTER_KEY,
						"app.dbs.clinic.mongo.indexes.mode=create", "app.dbs.clinic.mongo.validators.mode=apply")
				.run(EncryptedDocumentDbTests::verify);
		}
	}

	private static void verify(ApplicationContext context) {
		FieldCipher cipher = context.getBean("clinicFieldCipher", FieldCipher.class);
		MongoTemplate template = context.getBean("clinicMongoTemplate", MongoTemplate.class);
		Encrypted note = cipher.encrypt("PLAINTEXT");
		Patient saved = template
			.insert(new Patient(null, "Ada", cipher.encrypt("PLAINTEXT"), List.of(note), Map.of("blood", note)));
		assertThat(template.findById(saved.id(), Patient.class)).isEqualTo(saved);
		assertThat(template.getCollection("patient").find().first().toJson()).contains("\"diagnosis\": \"e1:")
			.doesNotContain("PLAINTEXT");
		assertThat(template.getDb().listCollections().into(new ArrayList<>()).toString())
			.contains("diagnosis=Document{{bsonType=[string, null]}}", "items=Document{{bsonType=[string, null]}}");
	}

}
