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
import io.appdbs.mongo.MongoModel;
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

class ConstrainedDocumentsTests {

	private static MongoClient client;

	@BeforeAll
	static void start() {
		client = MongoClients.create("mongodb://127.0.0.1:28117");
	}

	@AfterAll
	static void stop() {
		client.close();
	}

	@Test
	void everyDocumentThatTheApplicationAcceptsIsValid() {
		List<String> stricter = new ArrayList<>();
		List<String> laxer = new ArrayList<>();
		MongoTemplate template = createCollection();
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			Validator validator = factory.getValidator();
			for (Constrained variant : Constrained.variants()) {
				Set<String> violations = validator.validate(variant)
					.stream()
					.map((violation) -> violation.getPropertyPath() + " = " + violation.getInvalidValue())
					.collect(Collectors.toCollection(TreeSet::new));
				boolean accepted = isAccepted(template, variant);
				if (violations.isEmpty() && !accepted) {
					stricter.add(new Document(template.getConverter().convertToMongoType(variant) instanceof Document d ? d : new Document()).toJson());
				}
				if (!violations.isEmpty() && accepted) {
					laxer.add(violations.toString());
				}
			}
		}
		assertThat(stricter).isEmpty();
		System.out.println("LAXER " + laxer.stream().map((x) -> x.replaceAll("[\n\t\r]", "?")).toList());
	}

	private static MongoTemplate createCollection() {
		MongoModel model = TestModels.create(WrittenDocuments.conversions(), Constrained.class);
		MongoDatabase database = client.getDatabase("constrained");
		database.drop();
		WantedValidators.of(model).byCollection().forEach((name, validator) -> { System.out.println(validator.validator().toJson()); System.out.println(validator.leftOut());
		database
			.runCommand(new Document("create", name).append("validator", validator.validator())
				.append("validationAction", "error")); });
		return new MongoTemplate(new SimpleMongoClientDatabaseFactory(client, "constrained"),
				model.createConverter());
	}

	private static boolean isAccepted(MongoTemplate template, Constrained variant) {
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
		List<String> texts = List.of("", "a", "ab", "A", "K", "\u212a", "\u017f", "s", "1", "12", "a-b", "a.b@c.d", "a_b",
				"x\n", "x\r", "x\r\n", "x\u2028", "\n", "a\nb", "a\rb", "é", "É", "\uD83D\uDE00", "\uD83D\uDE00x", "aa",
				"abab", " ", "\u00a0", "\u0660", "ä1", "]", "[", "a]", "-", "^", "+", "2026-01-31", "foo$", "\u0130", "x y");
		MongoCollection<Document> collection = client.getDatabase("patterns").getCollection("texts");
		collection.drop();
		texts.forEach((text) -> collection.insertOne(new Document("text", text)));
		List<String> differences = new ArrayList<>();
		for (String regexp : List.of(".", ".*", "a|b", "[ab]+", "\\w+", "\\W", "\\d+", "\\D+", "\\s", "\\S+", "[\\w-.]+@[\\w-.]+",
				"[^a]", "[^\\s]+", "x$", "^x$", "x\\s?", "x.?", "(?=a)\\w+", "(?!a).+", "(a)\\1", "(ab)\\1", "\\p{L}+",
				"\\p{Lu}", "\\p{Punct}", "[\\p{Alpha}\\d]+", "[\\]\\[^-]", "[]a]+".replace("[]", "[\\]"), "\\P{Upper}+", "\\u00e9", "[à-ÿ]\\d?",
				"\\d{4}-\\d{2}-\\d{2}", "\\h", "\\v", "(?>a+)b?", "a*+", ".{2}", "..", "[\\x{1F600}-\\x{1F64F}]x?", "[+\\-^]")) {
			System.out.println("REGEX " + regexp);
			ServerPattern pattern = new PatternTranslator(regexp, Set.of()).translate();
			Set<String> accepted = collection
				.find(new Document("$jsonSchema",
						new Document("properties",
								new Document("text", new Document("pattern", pattern.toString())))))
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
