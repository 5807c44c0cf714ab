package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.bson.Document;
import org.junit.jupiter.api.Test;

import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.DBRef;
import org.springframework.data.mongodb.core.mapping.DocumentReference;
import org.springframework.data.mongodb.core.mapping.Field;
import org.springframework.data.mongodb.core.mapping.FieldType;
import org.springframework.data.mongodb.core.mapping.TimeSeries;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WantedValidators}.
 */
class WantedValidatorsTests {

	private static final MongoCustomConversions CONVERSIONS = MongoCustomConversions
		.create((adapter) -> adapter.registerConverters(List.of(new WrittenWriter(), new CentsWriter())));

	private static WantedValidators wanted(Class<?>... types) {
		return WantedValidators.of(TestModels.create(CONVERSIONS, types));
	}

	@Test
	void aDocumentHasToBeValidForOneOfTheEntitiesOfItsCollection() {
		WantedValidator validator = wanted(Animal.class, Cat.class).byCollection().get("animals");
		assertThat(validator.entities()).containsExactly(Animal.class.getName(), Cat.class.getName());
		assertThat(validator.validator().getList("$or", Document.class)).hasSize(2)
			.allSatisfy((alternative) -> assertThat(alternative.get("$jsonSchema", Document.class))
				.containsKeys("description", "bsonType", "properties"));
		assertThat(WantedValidator.isDerived(validator.validator())).isTrue();
		assertThat(WantedValidator.isDerived(Document.parse("{ $jsonSchema: { required: ['a'] } }"))).isFalse();
	}

	@Test
	void entitiesWhoseDocumentsAreNotKnownAreLeftOut() {
		WantedValidators wanted = wanted(Measurement.class, Computed.class, Written.class, Base.class);
		assertThat(wanted.byCollection()).isEmpty();
		assertThat(wanted.leftOut()).isEqualTo(Map.of(Measurement.class.getName(), "its collection is a time series",
				Computed.class.getName(), "the name or the collation of its collection is an expression",
				Written.class.getName(), "it has a converter", Base.class.getName(), "it is abstract"));
	}

	@Test
	void theCollectionOfAnEntityThatIsLeftOutHasNoValidator() {
		WantedValidators wanted = wanted(Measurement.class, Summary.class);
		assertThat(wanted.byCollection()).isEmpty();
		assertThat(wanted.leftOut()).containsEntry("measurements",
				Measurement.class.getName() + " is stored there as well, and its collection is a time series");
	}

	@Test
	void orderAndNumericTypesMakeNoDifference() {
		WantedValidator validator = wanted(Cat.class).byCollection().get("animals");
		Document reordered = Document.parse("""
				{ $jsonSchema: { properties: { owner: { bsonType: ['string'] }, name: { bsonType: ['null', 'string'] },
				  _id: { bsonType: ['objectId', 'null', 'string'] } },
				  required: ['owner'], title: 'cats', bsonType: 'object' } }""");
		assertThat(validator.isSame(reordered)).isTrue();
		reordered.get("$jsonSchema", Document.class).put("required", List.of("owner", "name"));
		assertThat(validator.isSame(reordered)).isFalse();
		assertThat(Rules.normalize(Document.parse("{ minimum: 1 }")))
			.isEqualTo(Rules.normalize(Document.parse("{ minimum: { $numberDecimal: '1.0' } }")));
	}

	@Test
	void constraintsDoNotApplyToValuesThatAreConverted() {
		WantedValidator validator = wanted(Sale.class).byCollection().get("sale");
		assertThat(validator.validator().get("$jsonSchema", Document.class))
			.containsEntry("required", List.of("price", "created", "buyer"))
			.extractingByKey("properties")
			.isEqualTo(Document
				.parse("""
						{ _id: { bsonType: ['string', 'objectId', 'null'] },
						  price: { bsonType: ['int', 'long', 'double', 'decimal'] },
						  created: { bsonType: 'date' },
						  discount: { bsonType: ['int', 'long', 'double', 'decimal', 'null'] },
						  buyer: { bsonType: ['double', 'string', 'object', 'array', 'binData', 'objectId', 'bool', 'date', 'regex',
						    'dbPointer', 'javascript', 'symbol', 'javascriptWithScope', 'int', 'timestamp', 'long', 'decimal',
						    'minKey', 'maxKey'] },
						  sellers: { bsonType: ['array', 'null'] },
						  code: { bsonType: ['string', 'int', 'long', 'double', 'decimal', 'null'] } }"""));
		assertThat(validator.leftOut()).containsExactly("sale.price: @Max, since the value is converted",
				"sale.sellers: @Size, since the field has another form",
				"sale.code: @Max, since the field has another form");
	}

	@org.springframework.data.mongodb.core.mapping.Document
	static class Sale {

		String id;

		@NotNull
		@Max(100)
		BigDecimal price;

		Integer discount;

		@NotNull
		Instant created;

		@NotNull
		@DocumentReference
		Animal buyer;

		@DBRef
		@Size(min = 2)
		List<Animal> sellers;

		@Max(5)
		@Field(targetType = FieldType.STRING)
		Long code;

	}

	/** The number of cents. */
	@WritingConverter
	static class CentsWriter implements Converter<BigDecimal, Long> {

		@Override
		public Long convert(BigDecimal source) {
			return source.movePointRight(2).longValueExact();
		}

	}

	@org.springframework.data.mongodb.core.mapping.Document("animals")
	static class Animal {

		String id;

		String name;

	}

	static class Cat extends Animal {

		@NotNull
		String owner;

	}

	@TimeSeries(collection = "measurements", timeField = "time")
	static class Measurement {

		String id;

		Instant time;

	}

	@org.springframework.data.mongodb.core.mapping.Document("measurements")
	record Summary(String id) {
	}

	@org.springframework.data.mongodb.core.mapping.Document("#{'computed'}")
	record Computed(String id) {
	}

	@org.springframework.data.mongodb.core.mapping.Document
	record Written(String id) {
	}

	@org.springframework.data.mongodb.core.mapping.Document
	abstract static class Base {

		String id;

	}

	@WritingConverter
	static class WrittenWriter implements Converter<Written, Document> {

		@Override
		public Document convert(Written source) {
			return new Document();
		}

	}

}
