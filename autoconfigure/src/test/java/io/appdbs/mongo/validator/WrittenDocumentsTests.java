package io.appdbs.mongo.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.appdbs.mongo.MongoModel;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import org.bson.Document;
import org.bson.UuidRepresentation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that every document that the mapping writes is valid.
 */
@RequiresDocumentDb
class WrittenDocumentsTests {

	private static DocumentDbServer server;

	private static MongoClient client;

	@BeforeAll
	static void start() {
		server = RealServers.startDocumentDb();
		client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(server.getUrlOf("written")))
			.uuidRepresentation(UuidRepresentation.STANDARD)
			.build());
	}

	@AfterAll
	static void stop() {
		client.close();
		server.close();
	}

	@Test
	void everyDocumentThatTheMappingWritesIsValid() {
		assertThat(write(WrittenDocuments.conversions(), WrittenDocuments.all())).isEmpty();
	}

	@Test
	void everyDocumentThatTheMappingWritesWithOtherConversionsIsValid() {
		List<Object> documents = WrittenDocuments.all()
			.stream()
			.filter((document) -> !(document instanceof WrittenDocuments.Converted))
			.toList();
		assertThat(write(WrittenDocuments.stringDecimals(), documents)).isEmpty();
	}

	@Test
	void valuesOfOtherTypesAreRejected() {
		MongoTemplate template = createCollections(WrittenDocuments.conversions(), WrittenDocuments.all());
		for (String document : List.of("{ string: 1 }", "{ primitiveInt: 'x' }", "{ primitiveInt: null }",
				"{ booleanValue: 1 }", "{ day: 'NODAY' }", "{ instant: 'yesterday' }", "{ uuid: 'x' }",
				"{ bigDecimal: '1.5' }", "{ _id: 1 }", "{ _id: {} }")) {
			assertThatExceptionOfType(MongoWriteException.class).as(document)
				.isThrownBy(() -> template.getCollection("types").insertOne(Document.parse(document)))
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(121));
		}
	}

	@Test
	void valuesOfOtherWritersAreAccepted() {
		MongoTemplate template = createCollections(WrittenDocuments.conversions(), WrittenDocuments.all());
		for (String document : List.of("{ primitiveLong: 1 }", "{ intValue: 1.0 }", "{ string: null, day: null }",
				"{ unknown: [] }", "{ _class: 'other' }", "{ bigDecimal: 2 }", "{}")) {
			assertThatNoException().as(document)
				.isThrownBy(() -> template.getCollection("types").insertOne(Document.parse(document)));
		}
	}

	private static List<String> write(MongoCustomConversions conversions, List<Object> documents) {
		MongoTemplate template = createCollections(conversions, documents);
		List<String> failures = new ArrayList<>();
		for (Object document : documents) {
			try {
				template.save(document);
				template.save(document);
			}
			catch (RuntimeException ex) {
				failures.add(document + ": " + ex.getMessage());
			}
		}
		return failures;
	}

	private static MongoTemplate createCollections(MongoCustomConversions conversions, List<Object> documents) {
		MongoModel model = TestModels.create(conversions,
				documents.stream().map(Object::getClass).distinct().toArray(Class<?>[]::new));
		MongoDatabase database = client.getDatabase("written");
		database.drop();
		Map<String, WantedValidator> wanted = WantedValidators.of(model).byCollection();
		assertThat(wanted).hasSizeGreaterThan(20);
		wanted.forEach((name, validator) -> database
			.runCommand(new Document("create", name).append("validator", validator.validator())
				.append("validationAction", "error")));
		return new MongoTemplate(new SimpleMongoClientDatabaseFactory(client, "written"), model.createConverter());
	}

}
