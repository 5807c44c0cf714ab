package io.appdbs.mongo.index;

import org.bson.Document;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexRule}.
 */
class IndexRuleTests {

	private static IndexRule check(String keys, String options) {
		return IndexRule.findViolated(DeclaredIndex.of("a", Document.parse(keys), Document.parse(options), "A"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			{a: 'geoHaystack', b: 1} | {} | UNKNOWN_KIND
			{a: 0} | {} | UNKNOWN_KIND
			{a: true} | {} | UNKNOWN_KIND
			{a: 'text', b: '2dsphere'} | {} | SEVERAL_KINDS
			{a: 'hashed', b: 'hashed'} | {} | SEVERAL_HASHED
			{a: 'hashed'} | {unique: true} | UNIQUE_HASHED
			{'$**': 1} | {unique: true} | UNIQUE_WILDCARD
			{'a.$**': 1} | {unique: true} | UNIQUE_WILDCARD
			{a: 1, b: 1} | {expireAfterSeconds: 60} | TTL_OF_SEVERAL
			{_id: 1} | {expireAfterSeconds: 60} | TTL_OF_IDENTIFIER
			{a: 1} | {expireAfterSeconds: {$numberLong: '2147483648'}} | TTL_TOO_LONG
			{a: 1} | {sparse: true, partialFilterExpression: {b: 1}} | SPARSE_PARTIAL
			{a: 'text'} | {collation: {locale: 'en'}} | COLLATION
			{a: '2d'} | {collation: {locale: 'en'}} | COLLATION
			""")
	void theServerRefuses(String keys, String options, IndexRule rule) {
		assertThat(check(keys, options)).isEqualTo(rule);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{a: 1, b: -1.0}", "{a: 'text', b: 'text', c: 1}", "{a: '2dsphere', b: '2dsphere'}",
			"{a: 1, b: 'hashed'}", "{'$**': 'text'}" })
	void theServerAccepts(String keys) {
		assertThat(check(keys, "{}")).isNull();
		assertThat(check(keys, "{collation: {locale: 'simple'}}")).isNull();
	}

}
