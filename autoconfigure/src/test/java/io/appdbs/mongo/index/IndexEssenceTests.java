package io.appdbs.mongo.index;

import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexEssence}.
 */
class IndexEssenceTests {

	private static IndexEssence essence(String json) {
		return IndexEssence.of(Document.parse(json));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					{key: {a: 1}} | {v: 2, key: {a: 1.0}, name: 'a_1', ns: 'shop.a', background: true}
					{key: {a: -1, b: 1}} | {key: {a: {$numberLong: '-1'}, b: 1}, unique: false, sparse: false, hidden: false}
					{key: {a: 1}, unique: true} | {key: {a: 1}, unique: 1}
					{key: {a: 1}, expireAfterSeconds: 60} | {key: {a: 1}, expireAfterSeconds: 60.0}
					{key: {a: 'text', b: 'text'}, weights: {b: 2.0}} | {key: {_fts: 'text', _ftsx: 1}, weights: {a: 1, b: 2}, default_language: 'english', language_override: 'language', textIndexVersion: 3}
					{key: {c: 1, a: 'text', d: 1}} | {key: {c: 1, _fts: 'text', _ftsx: 1, d: 1}, weights: {a: 1}}
					{key: {a: '2dsphere'}} | {key: {a: '2dsphere'}, '2dsphereIndexVersion': 3}
					{key: {a: '2d'}, bits: 26, min: -180, max: 180} | {key: {a: '2d'}}
					{key: {a: 1}, partialFilterExpression: {a: {$gt: 5, $lt: 9}}} | {key: {a: 1}, partialFilterExpression: {a: {$lt: 9.0, $gt: 5}}}
					{key: {'$**': 1}, wildcardProjection: {a: 1, b: 1}} | {key: {'$**': 1}, wildcardProjection: {b: true, a: true}}
					{key: {a: 1}, collation: {locale: 'simple'}} | {key: {a: 1}}
					{key: {a: 1}, collation: {locale: 'en', strength: 2}} | {key: {a: 1}, collation: {locale: 'en', caseLevel: false, caseFirst: 'off', strength: 2, numericOrdering: false, alternate: 'non-ignorable', maxVariable: 'punct', normalization: false, backwards: false, version: '57.1'}}
					{key: {a: 1}, collation: {locale: 'fr_CA'}} | {key: {a: 1}, collation: {locale: 'fr_CA', strength: 3, backwards: true}}
					""")
	void theseAreTheSame(String one, String other) {
		assertThat(essence(one)).isEqualTo(essence(other)).hasSameHashCodeAs(essence(other));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					{key: {a: 1, b: 1}} | {key: {b: 1, a: 1}} | {a: 1, b: 1} | {b: 1, a: 1}
					{key: {a: 1}} | {key: {a: -1}} | {a: 1} | {a: -1}
					{key: {a: 'hashed'}} | {key: {a: 1}} | {a: hashed} | {a: 1}
					{key: {a: 1}, unique: true} | {key: {a: 1}} | unique: true | unique: false
					{key: {a: 1}, hidden: true} | {key: {a: 1}} | hidden: true | hidden: false
					{key: {a: 1}} | {key: {a: 1}, expireAfterSeconds: 0} | expireAfterSeconds: none | expireAfterSeconds: 0
					{key: {a: 'text'}, default_language: 'none'} | {key: {_fts: 'text', _ftsx: 1}, weights: {a: 1}} | default_language: 'none' | default_language: none
					{key: {a: 'text'}} | {key: {_fts: 'text', _ftsx: 1}, weights: {a: 1, b: 1}} | {$text: {a: 1}} | {$text: {a: 1, b: 1}}
					{key: {a: '2d'}, bits: 20} | {key: {a: '2d'}} | bits: 20 | bits: none
					{key: {a: 1}, partialFilterExpression: {b: '1'}} | {key: {a: 1}, partialFilterExpression: {b: 1}} | partialFilterExpression: {b: '1'} | partialFilterExpression: {b: 1}
					{key: {a: 1}, collation: {locale: 'en'}} | {key: {a: 1}, collation: {locale: 'de'}} | collation: {locale: 'en'} | collation: {locale: 'de'}
					{key: {a: 1}, collation: {locale: 'en'}, sparse: true} | {key: {a: 1}} | sparse: true, collation: {locale: 'en'} | sparse: false, collation: none
					""")
	void theseAreDifferent(String one, String other, String is, String should) {
		assertThat(essence(one)).isNotEqualTo(essence(other));
		assertThat(essence(one).describeDifference(essence(other))).isEqualTo(is);
		assertThat(essence(other).describeDifference(essence(one))).isEqualTo(should);
	}

	@Test
	void anIndexWithoutCollationHasThatOfTheCollection() {
		Document collation = Document.parse("{locale: 'de', strength: 3}");
		IndexEssence index = essence("{key: {a: 1}}");
		assertThat(index.withDefaultCollation(collation))
			.isEqualTo(essence("{key: {a: 1}, collation: {locale: 'de', version: '57.1'}}"));
		assertThat(index.withDefaultCollation(null)).isEqualTo(index);
		IndexEssence other = essence("{key: {a: 1}, collation: {locale: 'en'}}");
		assertThat(other.withDefaultCollation(collation)).isEqualTo(other);
	}

	@Test
	void valuesInFiltersAreWrittenByTheirMeaning() {
		assertThat(essence(
				"{key: {a: 1}, partialFilterExpression: {a: {$numberDecimal: '1.50'}, b: {$date: '2026-11-26T00:00:00Z'}, c: [true, null], d: {$numberDouble: 'NaN'}}}"))
			.hasToString("{a: 1} partialFilterExpression: {a: 1.5, b: 2026-11-26T00:00Z, c: [true, null], d: NaN}");
	}

}
