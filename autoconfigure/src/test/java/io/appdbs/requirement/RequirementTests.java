package io.appdbs.requirement;

import java.time.Duration;
import java.util.List;

import io.appdbs.schema.TableInformation.Index;
import io.appdbs.schema.TypeFamily;
import io.appdbs.settings.StartupSettings;
import io.appdbs.settings.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequiredColumn}, {@link RequiredIndex} and their lists in
 * {@link StartupSettings}.
 */
class RequirementTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
			a.b | - | a | b | -
			a.b.c | a | b | c | -
			a.b:Number | - | a | b | Number
			a."b.c" : numeric(10,2) | - | a | "b.c" | numeric(10,2)
			"a b"."c d"."e:f": timestamp with time zone | "a b" | "c d" | "e:f" | timestamp with time zone
			a.b: int4[] | - | a | b | int4[]
			a.b: public."Mood" | - | a | b | public."Mood\"""")
	void columnsAreParsed(String entry, String schema, String table, String column, String type) {
		assertThat(RequiredColumn.parse(entry))
			.isEqualTo(new RequiredColumn(new TableName(schema, table), column, type));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a.", ".a", "a.b.c.d", "a.b:", "a.b: ", "a.b: 1", "a.b: x; y", "a.b number",
			"a(b)", "a.*" })
	void malformedColumnsAreNotParsed(String entry) {
		assertThat(RequiredColumn.parse(entry)).isNull();
	}

	@Test
	void aColumnHasTheFamilyOfItsType() {
		TableName table = new TableName(null, "a");
		assertThat(new RequiredColumn(table, "b", "JSON").family()).isEqualTo(TypeFamily.JSON);
		assertThat(new RequiredColumn(table, "b", "jsonb").family()).isNull();
		assertThat(new RequiredColumn(table, "b", null).family()).isNull();
	}

	@Test
	void indexesAreParsed() {
		assertThat(RequiredIndex.parse("a(b)")).isEqualTo(new RequiredIndex("a", List.of("b"), false));
		assertThat(RequiredIndex.parse("s.\"a b\" ( \"c, d\" ,e )  Unique"))
			.isEqualTo(new RequiredIndex("s.\"a b\"", List.of("\"c, d\"", "e"), true));
		assertThat(RequiredIndex.parseOfCollection("a-b.c(d.e, f)unique"))
			.isEqualTo(new RequiredIndex("a-b.c", List.of("d.e", "f"), true));
		assertThat(new RequiredIndex("a", List.of("b", "c"), true)).hasToString("a(b, c) unique");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a()", "a(b", "a(b,)", "(b)", "a(b) uniq", "a(b) unique unique", "a(lower(b))",
			"a(b c)", "a(b.c)", "x.y.z(a)", "a(b desc)" })
	void malformedIndexesAreNotParsed(String entry) {
		assertThat(RequiredIndex.parse(entry)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "a()", "a(b", "a(b,)", "(b)", "a(b) uniq", "a$b(c)", "a(b c)" })
	void malformedIndexesOfCollectionsAreNotParsed(String entry) {
		assertThat(RequiredIndex.parseOfCollection(entry)).isNull();
	}

	@Test
	void theFirstSimilarIndexExplainsWhyNoneSatisfies() {
		List<Index> indexes = List.of(new Index("i1", List.of("b", "a"), true, true, false),
				new Index("i2", List.of("a", "b"), false, true, true),
				new Index("i3", List.of("a"), true, false, false));
		assertThat(explain("t(a)", indexes)).isEqualTo("i2 is partial");
		assertThat(explain("t(a) unique", indexes)).isEqualTo("i2 is not unique");
		assertThat(explain("t(b) unique", indexes)).isEqualTo("i1 is unique for more columns");
		assertThat(explain("t(b)", indexes)).isNull();
		assertThat(explain("t(b, a) unique", indexes)).isNull();
		assertThat(explain("t(c)", indexes)).isEmpty();
		assertThat(explain("t(b, a, c)", indexes)).isEmpty();
	}

	private static String explain(String entry, List<Index> indexes) {
		RequiredIndex required = RequiredIndex.parse(entry);
		assertThat(required).isNotNull();
		return required.explain(required.columns(), indexes, String::equals);
	}

	@Test
	void whatWasSeparatedBetweenColumnsIsJoined() {
		assertThat(indexes("a(b", "c) unique", "d(e)", "f(g", "h", "i)")).containsExactly("a(b, c) unique", "d(e)",
				"f(g, h, i)");
		assertThat(indexes("a(b", "c(d)")).containsExactly("a(b", "c(d)");
		assertThat(indexes("a", "b)")).containsExactly("a", "b)");
	}

	private static List<String> indexes(String... entries) {
		return new StartupSettings(Duration.ofSeconds(1), List.of(), List.of(), List.of(entries), List.of())
			.requiredIndexes();
	}

}
