package io.appdbs.mongo.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.appdbs.testsupport.documentdb.DocumentDbServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresDocumentDb;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no validator is stricter than the constraints of the application.
 */
@RequiresDocumentDb
class ConstrainedDocumentsTests {

	private static DocumentDbServer server;

	private static MongoClient client;

	@BeforeAll
	static void start() {
		server = RealServers.startDocumentDb();
		client = MongoClients.create(server.getUrlOf("constrained"));
	}

	@AfterAll
	static void stop() {
		client.close();
		server.close();
	}

	@Test
	void noDocumentThatTheApplicationAcceptsIsRejected() {
		MongoTemplate template = createCollection(Constrained.class);
		List<String> rejected = new ArrayList<>();
		Set<String> accepted = new TreeSet<>();
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			Validator validator = factory.getValidator();
			for (Constrained variant : Constrained.variants()) {
				Set<ConstraintViolation<Constrained>> violations = validator.validate(variant);
				boolean saved = save(template, variant);
				if (violations.isEmpty() && !saved) {
					rejected.add(String.valueOf(template.getConverter().convertToMongoType(variant)));
				}
				else if (!violations.isEmpty() && saved) {
					violations.forEach((violation) -> accepted.add(describe(violation)));
				}
			}
		}
		assertThat(rejected).isEmpty();
		assertThat(accepted).as("what a validator cannot express")
			.containsExactly("atLeast: Size", "bytes: Size", "code: Size", "email: Email", "grouped: Size",
					"optional.label: NotBlank", "past: Past", "price: Digits");
	}

	private static String describe(ConstraintViolation<?> violation) {
		return "%s: %s".formatted(violation.getPropertyPath(),
				violation.getConstraintDescriptor().getAnnotation().annotationType().getSimpleName());
	}

	@Test
	void constraintsThatAreNotExpressedAreReported() {
		assertThat(wanted(Constrained.class).leftOut()).containsExactly("constrained.bytes: @Size",
				"constrained.price: @Digits",
				"constrained.untranslatable: @Pattern with '(?s).*', since '(?s)' has another meaning on the server",
				"constrained.past: @Past, since the value is converted");
	}

	@Test
	void constraintsOfMapsAreExpressed() {
		assertThat(wanted(Constrained.Mapped.class).validator()).isEqualTo(Document.parse("""
				{ $jsonSchema: { description: 'Derived from io.appdbs.mongo.validator.Constrained$Mapped',
				  bsonType: 'object', properties: { names: { bsonType: ['object', 'null'],
				    minProperties: 1, maxProperties: 2, additionalProperties: { bsonType: 'string',
				      pattern: '\\\\A[\\\\s\\\\S]*[^\\\\x00-\\\\x20][\\\\s\\\\S]*\\\\z' } } } } }
				"""));
	}

	private static WantedValidator wanted(Class<?> type) {
		return WantedValidators.of(TestModels.create(WrittenDocuments.conversions(), type))
			.byCollection()
			.values()
			.iterator()
			.next();
	}

	private static MongoTemplate createCollection(Class<?> type) {
		WantedValidator wanted = wanted(type);
		MongoDatabase database = client.getDatabase("constrained");
		database.drop();
		database.runCommand(new Document("create", wanted.collection()).append("validator", wanted.validator())
			.append("validationAction", "error"));
		return new MongoTemplate(new SimpleMongoClientDatabaseFactory(client, "constrained"),
				TestModels.create(WrittenDocuments.conversions(), type).createConverter());
	}

	private static boolean save(MongoTemplate template, Constrained variant) {
		try {
			template.save(variant);
			return true;
		}
		catch (RuntimeException ex) {
			assertThat(ex).hasStackTraceContaining("code=121");
			return false;
		}
	}

	@Test
	void patternsMatchTheSameTexts() throws Exception {
		List<String> texts = List.of("", "a", "ab", "A", "K", "\u212a", "\u017f", "s", "1", "12", "a-b", "a.b@c.d",
				"a_b", "x\n", "x\r", "x\r\n", "x\u2028", "\n", "a\nb", "a\rb", "é", "É", "\uD83D\uDE00",
				"\uD83D\uDE00x", "aa", "abab", " ", "\u00a0", "\u0660", "ä1", "]", "[", "a]", "-", "^", "+",
				"2026-01-31", "foo$", "\u0130", "x y");
		MongoCollection<Document> collection = client.getDatabase("constrained").getCollection("texts");
		collection.drop();
		texts.forEach((text) -> collection.insertOne(new Document("text", text)));
		List<String> differences = new ArrayList<>();
		for (String regexp : List.of(".", ".*", "a|b", "[ab]+", "\\w+", "\\W", "\\d+", "\\D+", "\\s", "\\S+",
				"[\\w-.]+@[\\w-.]+", "[^a]", "[^\\s]+", "x$", "^x$", "x\\s?", "x.?", "(?=a)\\w+", "(?!a).+", "(a)\\1",
				"(ab)\\1", "\\p{L}+", "\\p{Lu}", "\\p{Punct}", "[\\p{Alpha}\\d]+", "[\\]\\[^-]",
				"[]a]+".replace("[]", "[\\]"), "\\P{Upper}+", "\\u00e9", "[à-ÿ]\\d?", "\\d{4}-\\d{2}-\\d{2}", "\\h",
				"\\v", "(?>a+)b?", "a*+", ".{2}", "..", "[\\x{1F600}-\\x{1F64F}]x?", "[+\\-^]")) {
			ServerPattern pattern = new PatternTranslator(regexp, Set.of()).translate();
			Set<String> accepted = collection
				.find(new Document("$jsonSchema",
						new Document("properties", new Document("text", new Document("pattern", pattern.toString())))))
				.map((document) -> document.getString("text"))
				.into(new TreeSet<>());
			Set<String> matching = texts.stream()
				.filter((text) -> Pattern.compile(regexp).matcher(text).matches())
				.collect(Collectors.toCollection(TreeSet::new));
			if (!accepted.equals(matching)) {
				differences.add("%s as %s: %s instead of %s".formatted(regexp, pattern, accepted, matching));
			}
		}
		assertThat(differences).isEmpty();
	}

}
