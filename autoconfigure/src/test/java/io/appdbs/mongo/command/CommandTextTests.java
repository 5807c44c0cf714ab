package io.appdbs.mongo.command;

import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CommandText}.
 */
class CommandTextTests {

	private static String text(String command) {
		BsonDocument document = BsonDocument.parse(command);
		String text = CommandText.of(document.getFirstKey(), document, false).text();
		assertThat(text).doesNotContain("s3cr3t").doesNotContain("42");
		return text;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~',
			textBlock = """
					{ find: 'item', filter: { a: 's3cr3t' } } ~ find item {filter: {a: ?}}
					{ find: 'item', filter: { 'a.b': { $gt: 42, $lt: 42 }, c: { $in: ['s3cr3t', 42] } } } ~ find item {filter: {a.b: {$gt: ?, $lt: ?}, c: {$in: [?]}}}
					{ find: 'item', filter: { $or: [{ a: 42 }, { b: { $not: { $regex: 's3cr3t' } } }] } } ~ find item {filter: {$or: [{a: ?}, {b: {$not: {$regex: ?}}}]}}
					{ find: 'item', filter: { tags: { $elemMatch: { x: 42, y: { $gt: 42 } } } } } ~ find item {filter: {tags: {$elemMatch: {x: ?, y: {$gt: ?}}}}}
					{ find: 'item', filter: { tags: { $elemMatch: { $gt: 42 } } } } ~ find item {filter: {tags: {$elemMatch: {$gt: ?}}}}
					{ find: 'item', filter: { home: { s3cr3t: 42 } } } ~ find item {filter: {home: ?}}
					{ find: 'item', filter: { $expr: { $eq: ['$price', 's3cr3t'] } } } ~ find item {filter: {$expr: {$eq: [?]}}}
					{ find: 'item', filter: { $expr: { $eq: ['$password', '$s3cr3t'] } } } ~ find item {filter: {$expr: {$eq: [?]}}}
					{ find: 'item', filter: { place: { $near: { $geometry: { type: 'Point', coordinates: [42, 42] }, $maxDistance: 42 } } } } ~ find item {filter: {place: {$near: ?}}}
					{ find: 'item', filter: { $text: { $search: 's3cr3t' } }, sort: { a: 1 }, projection: { a: { $slice: 42 }, b: 1 } } ~ find item {filter: {$text: {$search: ?}}, sort: {a: ?}, projection: {a: {$slice: ?}, b: ?}}
					{ find: 'item', filter: {}, maxTimeMS: 42, $db: 's3cr3t', limit: 42 } ~ find item {filter: {}, limit: ?}
					{ count: 'item', query: { a: 42 } } ~ count item {query: {a: ?}}
					{ distinct: 'item', key: 's3cr3t', query: { a: 42 } } ~ distinct item {key: ?, query: {a: ?}}
					""")
	void filtersHaveNoValues(String command, String text) {
		assertThat(text(command)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~',
			textBlock = """
					{ insert: 'item', documents: [{ _id: 42, tags: ['s3cr3t'], lines: [{ a: 42 }], home: { a: 42 }, empty: [] }] } ~ insert item {documents: [{_id: ?, tags: [?], lines: [?], home: ?, empty: []}]}
					{ insert: 'item', documents: [{ names: { 's3cr3t@example.com': 42, s3cr3t: 42 } }] } ~ insert item {documents: [{names: ?}]}
					{ insert: 'item', documents: [{ 's3cr3t@example.com': 42 }] } ~ insert item {documents: [{?: ?}]}
					{ update: 'item', updates: [{ q: { _id: 42 }, u: { $set: { 'names.s3cr3t@example.com': 42, home: { s3cr3t: 42 } } }, multi: true }] } ~ update item {updates: [{q: {_id: ?}, u: {$set: {names.?: ?, home: ?}}, multi: ?}]}
					{ update: 'item', updates: [{ q: {}, u: { $push: { tags: { $each: ['s3cr3t'], $slice: 42 } }, $inc: { 'counts.4912345678942': 1 } } }] } ~ update item {updates: [{q: {}, u: {$push: {tags: {$each: [?], $slice: ?}}, $inc: {counts.?: ?}}}]}
					{ update: 'item', updates: [{ q: {}, u: { a: 42, b: { s3cr3t: 42 } } }] } ~ update item {updates: [{q: {}, u: {a: ?, b: ?}}]}
					{ update: 'item', updates: [{ q: {}, u: [{ $set: { a: '$b' } }] }] } ~ update item {updates: [{q: {}, u: [{$set: {a: ?}}]}]}
					{ update: 'item', updates: [{ q: {}, u: { $set: { 'a.$[line].b': 42 } }, arrayFilters: [{ 'line.c': 42 }] }] } ~ update item {updates: [{q: {}, u: {$set: {a.$[line].b: ?}}, arrayFilters: [{line.c: ?}]}]}
					{ findAndModify: 'item', query: { a: 42 }, update: { $set: { b: { s3cr3t: 42 } } }, new: true } ~ findAndModify item {query: {a: ?}, update: {$set: {b: ?}}, new: ?}
					{ delete: 'item', deletes: [{ q: { a: 's3cr3t' }, limit: 1 }] } ~ delete item {deletes: [{q: {a: ?}, limit: ?}]}
					{ bulkWrite: 1, ops: [{ insert: 0, document: { a: { s3cr3t: 42 } } }, { update: 0, filter: { b: 42 }, updateMods: { $set: { c: { s3cr3t: 1 } } } }, { delete: 0, filter: { d: { s3cr3t: 42 } } }], nsInfo: [{ ns: 's3cr3t' }] } ~ bulkWrite {ops: [{insert: ?, document: {a: ?}}, {update: ?, filter: {b: ?}, updateMods: {$set: {c: ?}}}, {delete: ?, filter: {d: ?}}], nsInfo: [{ns: ?}]}
					""")
	void writesHaveNoValuesAndNoKeysOfNestedDocuments(String command, String text) {
		assertThat(text(command)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~',
			textBlock = """
					[{ $match: { a: 's3cr3t' } }, { $sort: { b: -1 } }, { $match: { a: 42 } }] ~ [{$match: {a: ?}}, {$sort: {b: ?}}, {$match: {a: ?}}]
					[{ $group: { _id: '$category', total: { $sum: '$line.amount' }, n: { $sum: 1 } } }] ~ [{$group: {_id: $category, total: {$sum: $line.amount}, n: {$sum: ?}}}]
					[{ $group: { _id: { a: '$a', b: { $year: '$day' } }, first: { $first: { $cond: [{ $eq: ['$a', 's3cr3t'] }, 42, '$s3cr3t'] } } } }] ~ [{$group: {_id: {a: $a, b: {$year: $day}}, first: {$first: {$cond: [{$eq: [?]}, ?]}}}}]
					[{ $group: { _id: 's3cr3t', x: { $push: { $literal: '$s3cr3t' } } } }] ~ [{$group: {_id: ?, x: {$push: {$literal: ?}}}}]
					[{ $lookup: { from: 'stock', localField: 'sku', foreignField: 'item.sku', as: 'stock' } }] ~ [{$lookup: {from: stock, localField: sku, foreignField: item.sku, as: stock}}]
					[{ $lookup: { from: 'stock', let: { sku: '$sku' }, pipeline: [{ $match: { $expr: { $eq: ['$sku', '$$sku'] }, place: 's3cr3t' } }, { $limit: 42 }], as: 'stock' } }] ~ [{$lookup: {from: stock, let: {sku: ?}, pipeline: [{$match: {$expr: {$eq: [?]}, place: ?}}, {$limit: ?}], as: stock}}]
					[{ $graphLookup: { from: 'part', startWith: '$parts', connectFromField: 'parts', connectToField: '_id', as: 'all', restrictSearchWithMatch: { a: 's3cr3t' } } }] ~ [{$graphLookup: {from: part, startWith: $parts, connectFromField: parts, connectToField: _id, as: all, restrictSearchWithMatch: {a: ?}}}]
					[{ $unwind: '$lines' }, { $unwind: { path: '$a.b', preserveNullAndEmptyArrays: true } }] ~ [{$unwind: $lines}, {$unwind: {path: $a.b, preserveNullAndEmptyArrays: ?}}]
					[{ $facet: { one: [{ $match: { a: 42 } }], two: [{ $sortByCount: '$tags' }] } }] ~ [{$facet: {one: [{$match: {a: ?}}], two: [{$sortByCount: $tags}]}}]
					[{ $unionWith: { coll: 'old', pipeline: [{ $match: { a: 's3cr3t' } }] } }, { $unionWith: 'older' }] ~ [{$unionWith: {coll: old, pipeline: [{$match: {a: ?}}]}}, {$unionWith: older}]
					[{ $project: { a: 1, b: { $concat: ['$c', 's3cr3t'] }, d: { s3cr3t: 1 } } }] ~ [{$project: {a: ?, b: {$concat: [?]}, d: ?}}]
					[{ $addFields: { a: 's3cr3t', b: { $ifNull: ['$b', 's3cr3t'] } } }, { $set: { c: { $literal: 's3cr3t' } } }] ~ [{$addFields: {a: ?, b: {$ifNull: [?]}}}, {$set: {c: {$literal: ?}}}]
					[{ $bucket: { groupBy: '$price', boundaries: [1, 42], default: 's3cr3t', output: { n: { $sum: 1 } } } }] ~ [{$bucket: {groupBy: $price, boundaries: [?], default: ?, output: {n: {$sum: ?}}}}]
					[{ $merge: { into: 'target', on: ['_id', 'a'], whenMatched: [{ $set: { a: '$$new.a' } }] } }] ~ [{$merge: {into: target, on: [_id, a], whenMatched: [{$set: {a: ?}}]}}]
					[{ $out: 'target' }] ~ [{$out: target}]
					[{ $count: 'n' }] ~ [{$count: n}]
					[{ $geoNear: { near: { type: 'Point', coordinates: [42, 42] }, distanceField: 'distance', query: { a: 's3cr3t' } } }] ~ [{$geoNear: {near: ?, distanceField: distance, query: {a: ?}}}]
					[{ $search: { text: { query: 's3cr3t', path: 'title' } } }] ~ [{$search: ?}]
					[{ $documents: [{ a: { s3cr3t: 42 } }] }] ~ [{$documents: [?]}]
					[{ $replaceRoot: { newRoot: '$line' } }, { $replaceWith: { $mergeObjects: ['$a', { s3cr3t: 42 }] } }] ~ [{$replaceRoot: {newRoot: ?}}, {$replaceWith: {$mergeObjects: [?]}}]
					""")
	void pipelinesHaveTheirStagesAndFieldsButNoValues(String pipeline, String text) {
		assertThat(text("{ aggregate: 'item', pipeline: %s, cursor: {} }".formatted(pipeline)))
			.isEqualTo("aggregate item {pipeline: %s}".formatted(text));
	}

	@Test
	void stagesThatAreNamesOfSecretsAreNotShown() {
		assertThat(text("{ aggregate: 'item', pipeline: [{ $lookup: { from: 's3cr3t@example.com', as: '42' } }] }"))
			.isEqualTo("aggregate item {pipeline: [{$lookup: {from: ?, as: ?}}]}");
	}

	@Test
	void otherCommandsHaveTheirKeys() {
		assertThat(text("{ createIndexes: 'item', indexes: [{ key: { a: 1 }, name: 's3cr3t' }] }"))
			.isEqualTo("createIndexes item {indexes: [{key: {a: ?}, name: ?}]}");
		assertThat(text("{ listCollections: 1, filter: { name: 's3cr3t' }, cursor: {} }"))
			.isEqualTo("listCollections {filter: {name: ?}}");
	}

}
