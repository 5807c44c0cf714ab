package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import org.bson.BsonTimestamp;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

import org.springframework.core.convert.converter.Converter;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.annotation.Transient;
import org.springframework.data.annotation.Version;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.ValueConverter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.geo.Point;
import org.springframework.data.mongodb.core.convert.MongoConversionContext;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.MongoValueConverter;
import org.springframework.data.mongodb.core.geo.GeoJsonPoint;
import org.springframework.data.mongodb.core.mapping.DBRef;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.DocumentReference;
import org.springframework.data.mongodb.core.mapping.Field;
import org.springframework.data.mongodb.core.mapping.FieldType;
import org.springframework.data.mongodb.core.mapping.MongoId;
import org.springframework.data.mongodb.core.mapping.Unwrapped;

/**
 * Entities with values of every kind that a mapping writes.
 */
final class WrittenDocuments {

	static final String OBJECT_ID = "507f1f77bcf86cd799439011";

	private WrittenDocuments() {
	}

	static MongoCustomConversions conversions() {
		return MongoCustomConversions
			.create((adapter) -> adapter.bigDecimal(MongoCustomConversions.BigDecimalRepresentation.DECIMAL128)
				.registerConverters(List.of(new MoneyWriter(), new MoneyReader(), new EuroWriter(), new ColorWriter(),
						new RangeWriter(), new CodedWriter())));
	}

	static MongoCustomConversions stringDecimals() {
		return MongoCustomConversions
			.create((adapter) -> adapter.bigDecimal(MongoCustomConversions.BigDecimalRepresentation.STRING)
				.useNativeDriverJavaTimeCodecs());
	}

	static List<Object> all() {
		List<Object> all = new ArrayList<>();
		all.add(new Types());
		all.add(Types.filled());
		all.addAll(identifiers());
		all.addAll(List.of(new Containers(), Containers.filled(), new Nested(), Nested.filled(), new Open(),
				Open.filled()));
		all.addAll(List.of(new References(), References.filled(), new Converted(), Converted.filled()));
		all.addAll(List.of(new Nulls(), new Nulls("x"), new Circle(), new Shape(), new Versioned()));
		all.add(new ImmutableOrder(null, "first", List.of(new ImmutableOrder.Line("a", 2)), null));
		all.add(new ImmutableOrder(OBJECT_ID, null, null, new ImmutableOrder.Line(null, 0)));
		return all;
	}

	private static List<Object> identifiers() {
		return List.of(new StringId(null), new StringId("custom"), new StringId(OBJECT_ID), new PlainId(null),
				new PlainId(OBJECT_ID), new ObjectIdId(null), new ObjectIdId(new ObjectId()), new BigIntegerId(null),
				new BigIntegerId(BigInteger.TEN), new LongId(4L), new UuidId(UUID.randomUUID()),
				new StringMongoId(OBJECT_ID), new StringMongoId("custom"), new ObjectIdMongoId(OBJECT_ID),
				new ObjectIdMongoId("custom"), new ObjectIdMongoId(null), new ConvertedId(OBJECT_ID),
				new EnumId(DayOfWeek.MONDAY), new DateId(LocalDate.of(2026, 1, 1)),
				new CompositeId(new CompositeId.Key("a", 1, LocalDate.of(2026, 1, 1))), new NoId("x"));
	}

	@Document("types")
	static class Types {

		@Id
		String id;

		boolean primitiveBoolean;

		byte primitiveByte;

		short primitiveShort;

		int primitiveInt;

		long primitiveLong;

		float primitiveFloat;

		double primitiveDouble;

		char primitiveChar;

		Boolean booleanValue;

		Byte byteValue;

		Short shortValue;

		Integer intValue;

		Long longValue;

		Float floatValue;

		Double doubleValue;

		Character character;

		BigDecimal bigDecimal;

		BigInteger bigInteger;

		Decimal128 decimal128;

		AtomicInteger atomicInteger;

		AtomicLong atomicLong;

		Number number;

		String string;

		CharSequence sequence;

		DayOfWeek day;

		Planet planet;

		Date date;

		Instant instant;

		LocalDate localDate;

		LocalDateTime localDateTime;

		LocalTime localTime;

		Duration duration;

		Period period;

		ZoneId zone;

		UUID uuid;

		ObjectId objectId;

		byte[] bytes;

		Binary binary;

		Pattern pattern;

		BsonTimestamp timestamp;

		URI uri;

		Locale locale;

		Currency currency;

		org.bson.Document document;

		Point point;

		GeoJsonPoint place;

		@Field(targetType = FieldType.STRING)
		Long asString;

		@Field(targetType = FieldType.DECIMAL128)
		BigDecimal asDecimal;

		@Field(targetType = FieldType.OBJECT_ID)
		String asObjectId;

		@Field(targetType = FieldType.DATE_TIME)
		Instant asDate;

		@Field(targetType = FieldType.INT64)
		String asLong;

		@Field(targetType = FieldType.STRING)
		List<Long> asStrings;

		@Field("other.name")
		String path;

		@Transient
		Object notWritten = new Object();

		@ReadOnlyProperty
		String computed = "x";

		static Types filled() {
			Types types = new Types();
			types.fillNumbers();
			types.fillTimes();
			types.fillTexts();
			types.uuid = UUID.randomUUID();
			types.objectId = new ObjectId();
			types.bytes = new byte[] { 1, 2 };
			types.binary = new Binary(new byte[] { 3 });
			types.timestamp = new BsonTimestamp(1, 2);
			types.document = new org.bson.Document("a", 1);
			types.point = new Point(1, 2);
			types.place = new GeoJsonPoint(1, 2);
			types.asString = 7L;
			types.asDecimal = new BigDecimal("1.5");
			types.asObjectId = OBJECT_ID;
			types.asDate = Instant.EPOCH;
			types.asLong = "12";
			types.asStrings = List.of(1L, 2L);
			types.path = "dotted";
			return types;
		}

		private void fillNumbers() {
			this.primitiveChar = 'c';
			this.booleanValue = true;
			this.byteValue = 1;
			this.shortValue = 2;
			this.intValue = 3;
			this.longValue = 4L;
			this.floatValue = 5.5f;
			this.doubleValue = 6.5;
			this.character = 'x';
			this.bigDecimal = new BigDecimal("12.34");
			this.bigInteger = BigInteger.TWO;
			this.decimal128 = Decimal128.parse("1.25");
			this.atomicInteger = new AtomicInteger(1);
			this.atomicLong = new AtomicLong(2);
			this.number = 1.5f;
		}

		private void fillTimes() {
			this.date = new Date();
			this.instant = Instant.now();
			this.localDate = LocalDate.now();
			this.localDateTime = LocalDateTime.now();
			this.localTime = LocalTime.now();
			this.duration = Duration.ofMinutes(1);
			this.period = Period.ofDays(1);
			this.zone = ZoneId.of("UTC");
		}

		private void fillTexts() {
			this.string = "text";
			this.sequence = "sequence";
			this.day = DayOfWeek.FRIDAY;
			this.planet = Planet.EARTH;
			this.pattern = Pattern.compile("a+");
			this.uri = URI.create("http://localhost");
			this.locale = Locale.GERMANY;
			this.currency = Currency.getInstance("EUR");
		}

	}

	/** The classes of its constants differ from the declared one. */
	enum Planet {

		EARTH {
			@Override
			int moons() {
				return 1;
			}
		},
		VENUS;

		int moons() {
			return 0;
		}

	}

	@Document("string-ids")
	record StringId(@Id String id) {
	}

	@Document("plain-ids")
	static class PlainId {

		String id;

		PlainId(String id) {
			this.id = id;
		}

	}

	@Document("object-ids")
	record ObjectIdId(@Id ObjectId id) {
	}

	@Document("big-integers")
	record BigIntegerId(@Id BigInteger id) {
	}

	@Document("longs")
	record LongId(@Id Long id) {
	}

	@Document("uuids")
	record UuidId(@Id UUID id) {
	}

	@Document("string-mongo-ids")
	record StringMongoId(@MongoId String id) {
	}

	@Document("object-mongo-ids")
	record ObjectIdMongoId(@MongoId(FieldType.OBJECT_ID) String id) {
	}

	@Document("converted-ids")
	record ConvertedId(@Id @Field(targetType = FieldType.STRING) String id) {
	}

	@Document("enum-ids")
	record EnumId(@Id DayOfWeek id) {
	}

	@Document("date-ids")
	record DateId(@Id LocalDate id) {
	}

	@Document("composite-ids")
	record CompositeId(@Id Key id) {

		record Key(String tenant, int number, LocalDate day) {
		}

	}

	@Document("no-ids")
	record NoId(String name) {
	}

	@Document("containers")
	static class Containers {

		@Id
		String id;

		List<String> strings;

		List<Instant> instants;

		Set<DayOfWeek> days;

		EnumSet<DayOfWeek> enumSet;

		List<BigDecimal> decimals;

		List<UUID> uuids;

		List<Locale> locales;

		List<List<Integer>> nested;

		List<byte[]> blobs;

		List<Money> money;

		List<Nested.Address> addresses;

		List<?> anything;

		Iterable<String> iterable;

		int[] ints;

		String[] array;

		char[] chars;

		Byte[] boxedBytes;

		long[][] matrix;

		Map<String, Integer> counts;

		Map<String, Object> attributes;

		Map<Planet, List<String>> byPlanet;

		EnumMap<DayOfWeek, LocalTime> opening;

		Map<String, Nested.Address> byName;

		static Containers filled() {
			Containers containers = new Containers();
			containers.strings = new ArrayList<>();
			containers.strings.add("a");
			containers.strings.add(null);
			containers.instants = List.of(Instant.EPOCH);
			containers.days = new LinkedHashSet<>(Set.of(DayOfWeek.MONDAY));
			containers.enumSet = EnumSet.of(DayOfWeek.SUNDAY);
			containers.decimals = List.of(BigDecimal.ONE);
			containers.uuids = List.of(UUID.randomUUID());
			containers.locales = List.of(Locale.GERMAN);
			containers.nested = List.of(List.of(1, 2), List.of());
			containers.blobs = List.of(new byte[] { 1 });
			containers.money = List.of(new Money(3, "EUR"));
			containers.addresses = List.of(new Nested.Address("street", null));
			containers.anything = List.of(1, "x", new Nested.Address("other", null));
			containers.iterable = List.of("i");
			containers.ints = new int[] { 1 };
			containers.array = new String[] { "s", null };
			containers.chars = new char[] { 'c' };
			containers.boxedBytes = new Byte[] { 1 };
			containers.matrix = new long[][] { { 1 }, {} };
			containers.counts = Map.of("a", 1);
			containers.attributes = Map.of("b", List.of(1), "c", Map.of("d", Locale.GERMAN));
			containers.byPlanet = Map.of(Planet.EARTH, List.of("x"));
			containers.opening = new EnumMap<>(Map.of(DayOfWeek.MONDAY, LocalTime.NOON));
			containers.byName = Map.of("home", new Nested.Address("street", null));
			return containers;
		}

	}

	@Document("nested")
	static class Nested {

		@Id
		String id;

		Address home;

		@Field("w")
		Address work;

		Node tree;

		Generic<String> generic;

		@Unwrapped.Nullable
		Name name;

		@Unwrapped.Nullable(prefix = "other_")
		Name otherName;

		static Nested filled() {
			Nested nested = new Nested();
			nested.home = new Address("street", new Nested());
			nested.work = new Company("street");
			nested.tree = new Node();
			nested.tree.children = List.of(new Node());
			nested.tree.parent = new Node();
			nested.generic = new Generic<>();
			nested.generic.value = "text";
			nested.generic.values = List.of("text");
			nested.name = new Name("a", "b", 1);
			nested.otherName = new Name("c", null, 2);
			return nested;
		}

		static class Address {

			@Id
			String id = OBJECT_ID;

			String street;

			int number;

			Nested owner;

			Address(String street, Nested owner) {
				this.street = street;
				this.owner = owner;
			}

		}

		static class Company extends Address {

			String name = "company";

			Company(String street) {
				super(street, null);
			}

		}

		static class Node {

			Node parent;

			List<Node> children;

			Map<String, Node> byName;

		}

		static class Generic<T> {

			T value;

			List<T> values;

		}

		record Name(String first, String last, int rank) {
		}

	}

	@Document("open")
	static class Open {

		@Id
		String id;

		Object object;

		Object document;

		Comparable<?> comparable;

		Coded constant;

		Coded implementation;

		Price price;

		Price converted;

		static Open filled() {
			Open open = new Open();
			open.object = List.of(1);
			open.document = new Nested.Address("street", null);
			open.comparable = 5;
			open.constant = Code.FIRST;
			open.implementation = new CodedRecord("second");
			open.price = new Price();
			open.converted = new Euro();
			return open;
		}

	}

	interface Coded {

	}

	enum Code implements Coded {

		FIRST

	}

	record CodedRecord(String code) implements Coded {
	}

	static class Price {

		int amount = 3;

	}

	static class Euro extends Price {

	}

	interface Convertible {

	}

	abstract static class Labelled {

		String label = "label";

	}

	static class ConvertedLabel extends Labelled implements Convertible {

	}

	@Document("references")
	static class References {

		@Id
		String id;

		@DBRef
		Target reference;

		@DBRef(lazy = true)
		Target lazy;

		@DBRef
		List<Target> references;

		@DBRef
		Map<String, Target> referenceMap;

		@DocumentReference
		Target pointer;

		@DocumentReference
		List<Target> pointers;

		@DocumentReference
		Map<String, Target> pointerMap;

		@DocumentReference(lookup = "{ 'name' : ?#{name} }")
		Target byName;

		@ReadOnlyProperty
		@DocumentReference(lookup = "{ 'owner' : ?#{#self._id} }")
		List<Target> backReferences;

		static References filled() {
			References references = new References();
			references.reference = new Target();
			references.lazy = new Target();
			references.references = List.of(new Target());
			references.referenceMap = Map.of("a", new Target());
			references.pointer = new Target();
			references.pointers = List.of(new Target());
			references.pointerMap = Map.of("a", new Target());
			references.backReferences = List.of(new Target());
			return references;
		}

	}

	@Document("targets")
	static class Target {

		@Id
		String id = OBJECT_ID;

		int required = 1;

		String name = "name";

	}

	@Document("converted")
	static class Converted {

		@Id
		String id;

		Money money;

		Color color;

		Range range;

		Labelled labelled;

		@ValueConverter(Reversing.class)
		String reversed;

		@ValueConverter(Splitting.class)
		String split;

		static Converted filled() {
			Converted converted = new Converted();
			converted.money = new Money(3, "EUR");
			converted.color = Color.RED;
			converted.range = new Range(1, 2);
			converted.labelled = new ConvertedLabel();
			converted.reversed = "abc";
			converted.split = "a,b";
			return converted;
		}

	}

	record Money(int amount, String currency) {
	}

	enum Color {

		RED

	}

	record Range(int from, int to) {
	}

	@WritingConverter
	static class MoneyWriter implements Converter<Money, String> {

		@Override
		public String convert(Money source) {
			return source.amount() + source.currency();
		}

	}

	@ReadingConverter
	static class MoneyReader implements Converter<String, Money> {

		@Override
		public Money convert(String source) {
			return new Money(0, source);
		}

	}

	@WritingConverter
	static class EuroWriter implements Converter<Euro, String> {

		@Override
		public String convert(Euro source) {
			return "euro";
		}

	}

	@WritingConverter
	static class ColorWriter implements Converter<Color, Integer> {

		@Override
		public Integer convert(Color source) {
			return source.ordinal();
		}

	}

	@WritingConverter
	static class RangeWriter implements Converter<Range, org.bson.Document> {

		@Override
		public org.bson.Document convert(Range source) {
			return new org.bson.Document("bounds", List.of(source.from(), source.to()));
		}

	}

	@WritingConverter
	static class CodedWriter implements Converter<Convertible, String> {

		@Override
		public String convert(Convertible source) {
			return "converted";
		}

	}

	static class Reversing implements MongoValueConverter<String, String> {

		@Override
		public String read(String value, MongoConversionContext context) {
			return value;
		}

		@Override
		public String write(String value, MongoConversionContext context) {
			return new StringBuilder(value).reverse().toString();
		}

	}

	static class Splitting implements MongoValueConverter<String, List<String>> {

		@Override
		public String read(List<String> value, MongoConversionContext context) {
			return String.join(",", value);
		}

		@Override
		public List<String> write(String value, MongoConversionContext context) {
			return List.of(value.split(","));
		}

	}

	@Document("nulls")
	static class Nulls {

		@Id
		String id;

		@Field(write = Field.Write.ALWAYS)
		String text;

		@Field(write = Field.Write.ALWAYS)
		DayOfWeek day;

		@Field(write = Field.Write.ALWAYS)
		List<String> list;

		@Field(write = Field.Write.ALWAYS)
		Nested.Address address;

		@Field(write = Field.Write.ALWAYS)
		Long number;

		Nulls() {
		}

		Nulls(String text) {
			this.text = text;
		}

	}

	@Document("shapes")
	static class Shape {

		@Id
		String id;

		String name = "shape";

	}

	static class Circle extends Shape {

		double radius = 2;

	}

	@Document("versioned")
	static class Versioned {

		@Id
		String id;

		@Version
		Long version;

	}

	@Document("orders")
	record ImmutableOrder(String id, String name, List<Line> lines, Line first) {

		record Line(String article, int quantity) {
		}

	}

}
