package io.appdbs.mongo.command;

import java.util.List;

import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CommandMask}.
 */
class CommandMaskTests {

	private static final CommandMask MASK = new CommandMask(List.of("iban", "address.zip"));

	@ParameterizedTest
	@CsvSource(delimiter = '~',
			textBlock = """
					{ find: 'p', filter: { iban: 's3cr3t', name: 'Ann' } } ~ find p {"filter": {"iban": "******", "name": "Ann"}}
					{ find: 'p', filter: { iban: { $in: ['s3cr3t', 's3cr3t'] }, age: { $gt: 7 } } } ~ find p {"filter": {"iban": "******", "age": {"$gt": 7}}}
					{ find: 'p', filter: { $or: [{ 'account.iban': 's3cr3t' }, { 'accounts.0.iban': 's3cr3t' }] } } ~ find p {"filter": {"$or": [{"account.iban": "******"}, {"accounts.0.iban": "******"}]}}
					{ find: 'p', filter: { 'address.zip': 42, 'address.city': 'B' } } ~ find p {"filter": {"address.zip": "******", "address.city": "B"}}
					{ find: 'p', filter: { address: { zip: 42, city: 'B' }, zip: 7 } } ~ find p {"filter": {"address": {"zip": "******", "city": "B"}, "zip": 7}}
					{ find: 'p', filter: { address: { $elemMatch: { zip: { $not: { $eq: 42 } }, city: 'B' } } } } ~ find p {"filter": {"address": {"$elemMatch": {"zip": "******", "city": "B"}}}}
					{ find: 'p', filter: { 'address.3.zip.s3cr3t': 42 } } ~ find p {"filter": {"address.3.zip.******": "******"}}
					{ find: 'p', filter: { $text: { $search: 's3cr3t' } }, limit: 3 } ~ find p {"filter": {"$text": {"$search": "******"}}, "limit": 3}
					{ find: 'p', filter: { $where: 'this.iban == "s3cr3t"' }, limit: 42 } ~ find p {"filter": {"$where": "******"}, "limit": "******"}
					{ find: 'p', filter: { $expr: { $eq: ['$iban', 's3cr3t'] }, age: 42 } } ~ find p {"filter": {"$expr": {"$eq": ["$iban", "******"]}, "age": "******"}}
					{ insert: 'p', documents: [{ _id: 7, iban: 's3cr3t', address: [{ zip: 42, city: 'B' }] }, { iban: ['s3cr3t'] }] } ~ insert p {"documents": [{"_id": 7, "iban": "******", "address": [{"zip": "******", "city": "B"}]}, {"iban": "******"}]}
					{ update: 'p', updates: [{ q: { _id: 7 }, u: { $set: { iban: 's3cr3t', name: 'Ann', 'address.zip': 42 }, $push: { 'accounts': { iban: 's3cr3t' } } } }] } ~ update p {"updates": [{"q": {"_id": 7}, "u": {"$set": {"iban": "******", "name": "Ann", "address.zip": "******"}, "$push": {"accounts": {"iban": "******"}}}}]}
					{ update: 'p', updates: [{ q: {}, u: { $set: { 'address.$[line].zip': 42 } }, arrayFilters: [{ 'line.zip': 42, 'line.city': 'B' }] }] } ~ update p {"updates": [{"q": {}, "u": {"$set": {"address.$[line].zip": "******"}}, "arrayFilters": [{"line.zip": "******", "line.city": "B"}]}]}
					{ update: 'p', updates: [{ q: {}, u: [{ $set: { iban: { $concat: ['$x', 's3cr3t'] } } }] }] } ~ update p {"updates": [{"q": {}, "u": [{"$set": {"iban": "******"}}]}]}
					{ findAndModify: 'p', query: { iban: 's3cr3t' }, update: { iban: 's3cr3t', name: 'Ann' } } ~ findAndModify p {"query": {"iban": "******"}, "update": {"iban": "******", "name": "Ann"}}
					{ delete: 'p', deletes: [{ q: { iban: 's3cr3t' }, limit: 1 }] } ~ delete p {"deletes": [{"q": {"iban": "******"}, "limit": 1}]}
					{ distinct: 'p', key: 'iban', query: { name: 'Ann' } } ~ distinct p {"key": "******", "query": {"name": "******"}}
					{ aggregate: 'p', pipeline: [{ $match: { iban: 's3cr3t', age: 7 } }, { $sort: { age: 1 } }] } ~ aggregate p {"pipeline": [{"$match": {"iban": "******", "age": 7}}, {"$sort": {"age": 1}}]}
					{ aggregate: 'p', pipeline: [{ $project: { x: '$iban' } }, { $match: { x: 's3cr3t' } }] } ~ aggregate p {"pipeline": [{"$project": {"x": "$iban"}}, {"$match": {"x": "******"}}]}
					{ aggregate: 'p', pipeline: [{ $lookup: { from: 'a', localField: 'iban', foreignField: 'no', as: 'x' } }, { $match: { 'x.no': 's3cr3t' } }] } ~ aggregate p {"pipeline": [{"$lookup": {"from": "******", "localField": "******", "foreignField": "******", "as": "******"}}, {"$match": {"x.no": "******"}}]}
					{ bulkWrite: 1, ops: [{ insert: 0, document: { iban: 's3cr3t' } }, { update: 0, filter: { iban: 's3cr3t' }, updateMods: { $set: { a: 7 } } }] } ~ bulkWrite {"ops": [{"insert": 0, "document": {"iban": "******"}}, {"update": 0, "filter": {"iban": "******"}, "updateMods": {"$set": {"a": 7}}}]}
					""")
	void valuesOfFieldsAreMasked(String command, String text) {
		BsonDocument document = BsonDocument.parse(command);
		assertThat(CommandText.of(document.getFirstKey(), document, true, MASK).text()).isEqualTo(text)
			.doesNotContain("s3cr3t", "42");
	}

	@Test
	void theCommandItselfIsNotChanged() {
		BsonDocument document = BsonDocument.parse("{ find: 'p', filter: { iban: 's3cr3t' } }");
		CommandText.of("find", document, true, MASK);
		assertThat(document).isEqualTo(BsonDocument.parse("{ find: 'p', filter: { iban: 's3cr3t' } }"));
	}

	@Test
	void whenNothingIsMaskedThenAllValuesAreShown() {
		BsonDocument document = BsonDocument.parse("{ find: 'p', filter: { iban: 'DE1' } }");
		assertThat(CommandText.of("find", document, true).text()).isEqualTo("find p {\"filter\": {\"iban\": \"DE1\"}}");
	}

}
