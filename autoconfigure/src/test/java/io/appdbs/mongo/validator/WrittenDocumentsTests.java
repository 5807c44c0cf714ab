package io.appdbs.mongo.validator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.appdbs.mongo.MongoModel;
import org.bson.Document;
import org.bson.UuidRepresentation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;
import org.springframework.data.mongodb.core.mapping.MongoPersistentEntity;

import static org.assertj.core.api.Assertions.assertThat;

class WrittenDocumentsTests {

	private static MongoClient client;

	@BeforeAll
	static void start() {
		client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString("mongodb://127.0.0.1:28117"))
			.uuidRepresentation(UuidRepresentation.STANDARD)
			.build());
	}

	@AfterAll
	static void stop() {
		client.close();
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

	private List<String> write(MongoCustomConversions conversions, List<Object> documents) {
		MongoModel model = createModel(conversions, documents.stream().map(Object::getClass).distinct());
		SimpleMongoClientDatabaseFactory factory = new SimpleMongoClientDatabaseFactory(client, "written");
		client.getDatabase("written").drop();
		MongoTemplate template = new MongoTemplate(factory, model.createConverter());
		WantedValidators wanted = WantedValidators.of(model);
		wanted.byCollection()
			.forEach((name, validator) -> client.getDatabase("written")
				.runCommand(new Document("create", name).append("validator", validator.validator())
					.append("validationAction", "error")));
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

	private static MongoModel createModel(MongoCustomConversions conversions, Stream<Class<?>> types) {
		MongoMappingContext context = new MongoMappingContext();
		context.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
		context.setInitialEntitySet(types.collect(java.util.stream.Collectors.toSet()));
		context.afterPropertiesSet();
		return new MongoModel(conversions, () -> context);
	}

}
