package io.appdbs.mongo.command;

import java.util.Set;
import java.util.stream.Collectors;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Shape of an aggregation pipeline: all stages in order, with the names of collections
 * and fields that a stage joins, groups by or writes. Expressions have their operators
 * only, since an expression may compare a field with any text.
 */
final class PipelineShape {

	/** Arguments of stages that name a collection or a field. */
	private static final Set<String> NAMES = Set.of("from", "localField", "foreignField", "as", "connectFromField",
			"connectToField", "depthField", "coll", "db", "into", "on", "distanceField", "includeArrayIndex", "field");

	private static final Set<String> REFERENCES = Set.of("path", "groupBy", "startWith");

	private PipelineShape() {
	}

	static String of(BsonValue pipeline) {
		if (!(pipeline instanceof BsonArray stages)) {
			return CommandShape.VALUE;
		}
		return stages.stream()
			.map((stage) -> (stage instanceof BsonDocument document)
					? CommandShape.document(document, PipelineShape::stage) : CommandShape.VALUE)
			.collect(Collectors.joining(", ", "[", "]"));
	}

	private static String stage(String name, BsonValue value) {
		return switch (name) {
			case "$match" -> CommandShape.filter(value);
			case "$sort", "$project", "$addFields", "$set" -> fields(value);
			case "$group" -> group(value);
			case "$facet" -> (value instanceof BsonDocument document)
					? CommandShape.document(document, (facet, pipeline) -> of(pipeline)) : CommandShape.VALUE;
			case "$unwind", "$sortByCount" ->
				(value instanceof BsonDocument document && !CommandShape.isOperator(document)) ? arguments(document)
						: reference(value);
			case "$unionWith", "$out", "$count" -> nameOrArguments(value);
			case "$lookup", "$graphLookup", "$merge", "$bucket", "$bucketAuto", "$geoNear", "$replaceRoot" ->
				nameOrArguments(value);
			default -> CommandShape.operand(value);
		};
	}

	private static String fields(BsonValue value) {
		return (value instanceof BsonDocument document)
				? CommandShape.document(document, (field, each) -> CommandShape.expression(each)) : CommandShape.VALUE;
	}

	private static String group(BsonValue value) {
		return (value instanceof BsonDocument document)
				? CommandShape.document(document, (field, each) -> field.equals("_id") ? key(each) : accumulator(each))
				: CommandShape.VALUE;
	}

	private static String key(BsonValue value) {
		return (value instanceof BsonDocument document)
				? CommandShape.document(document, (field, each) -> accumulator(each)) : reference(value);
	}

	/**
	 * Returns the shape of an operator that has a field.
	 */
	private static String accumulator(BsonValue value) {
		return (value instanceof BsonDocument document && CommandShape.isOperator(document))
				? CommandShape.document(document,
						(operator, each) -> operator.equals("$literal") ? CommandShape.VALUE : reference(each))
				: reference(value);
	}

	private static String reference(BsonValue value) {
		return (value instanceof BsonString text && FieldName.isReference(text.getValue())) ? text.getValue()
				: CommandShape.expression(value);
	}

	private static String nameOrArguments(BsonValue value) {
		return (value instanceof BsonDocument document) ? arguments(document) : name(value);
	}

	private static String arguments(BsonDocument document) {
		return CommandShape.document(document, PipelineShape::argument);
	}

	private static String argument(String name, BsonValue value) {
		if (NAMES.contains(name)) {
			return (value instanceof BsonDocument document) ? arguments(document)
					: (value instanceof BsonArray) ? CommandShape.list(value, PipelineShape::name) : name(value);
		}
		if (REFERENCES.contains(name)) {
			return reference(value);
		}
		return switch (name) {
			case "pipeline", "whenMatched" -> of(value);
			case "query", "restrictSearchWithMatch" -> CommandShape.filter(value);
			case "let", "output" -> fields(value);
			default -> CommandShape.expression(value);
		};
	}

	private static String name(BsonValue value) {
		return (value instanceof BsonString text) ? FieldName.showName(text.getValue()) : CommandShape.VALUE;
	}

}
