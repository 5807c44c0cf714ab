package io.appdbs.mongo.command;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Shape of the arguments of a command: the names of fields and operators, with {@code ?}
 * for each value. A document that is a value has no shape, because its keys may be data,
 * as those of a map are.
 */
final class CommandShape {

	static final String VALUE = "?";

	/** The maximum number of array elements whose shapes are compared. */
	private static final int MAX_ELEMENTS = 100;

	private static final Set<String> LOGICAL = Set.of("$and", "$or", "$nor");

	private CommandShape() {
	}

	/**
	 * Returns the shape of the arguments of a command.
	 */
	static String of(BsonDocument arguments) {
		return document(arguments, CommandShape::argument);
	}

	private static String argument(String name, BsonValue value) {
		return switch (name) {
			case "filter", "query", "q" -> filter(value);
			case "arrayFilters" -> list(value, CommandShape::filter);
			case "documents" -> list(value, CommandShape::data);
			case "document" -> data(value);
			case "u", "update", "updateMods" -> update(value);
			case "updates", "deletes", "ops" -> list(value, CommandShape::command);
			case "pipeline" -> PipelineShape.of(value);
			case "sort", "projection", "fields", "min", "max" -> names(value);
			default -> generic(value);
		};
	}

	private static String command(BsonValue value) {
		return (value instanceof BsonDocument document) ? of(document) : VALUE;
	}

	/**
	 * Returns the shape of a condition.
	 */
	static String filter(BsonValue value) {
		return (value instanceof BsonDocument document) ? document(document, CommandShape::condition) : VALUE;
	}

	private static String condition(String name, BsonValue value) {
		if (LOGICAL.contains(name)) {
			return list(value, CommandShape::filter);
		}
		return name.equals("$expr") ? expression(value) : operand(value);
	}

	/**
	 * Returns the shape of what a field is compared with, or changed to. Only operators
	 * are known to be no data.
	 */
	static String operand(BsonValue value) {
		if (value instanceof BsonDocument document && isOperator(document)) {
			return document(document, CommandShape::operator);
		}
		return simple(value);
	}

	private static String operator(String name, BsonValue value) {
		return switch (name) {
			case "$elemMatch" ->
				(value instanceof BsonDocument document && isOperator(document) && !isLogical(document))
						? operand(value) : filter(value);
			case "$not" -> operand(value);
			default -> simple(value);
		};
	}

	private static boolean isLogical(BsonDocument document) {
		return LOGICAL.contains(document.getFirstKey());
	}

	static boolean isOperator(BsonDocument document) {
		return !document.isEmpty() && document.getFirstKey().startsWith("$");
	}

	/**
	 * Returns the shape of a document to write.
	 */
	private static String data(BsonValue value) {
		return (value instanceof BsonDocument document) ? document(document, (name, each) -> simple(each)) : VALUE;
	}

	private static String update(BsonValue value) {
		if (value instanceof BsonArray) {
			return PipelineShape.of(value);
		}
		return (value instanceof BsonDocument document && isOperator(document))
				? document(document, (operator, fields) -> names(fields)) : data(value);
	}

	/**
	 * Returns the shape of a document whose keys are the names of fields.
	 */
	static String names(BsonValue value) {
		return (value instanceof BsonDocument document) ? document(document, (name, each) -> operand(each)) : VALUE;
	}

	/**
	 * Returns the shape of an expression: its operators.
	 */
	static String expression(BsonValue value) {
		if (value instanceof BsonDocument document && isOperator(document)) {
			return document(document, (name, each) -> name.equals("$literal") ? VALUE : expression(each));
		}
		if (value instanceof BsonArray array && !array.isEmpty()) {
			return list(array, CommandShape::expression);
		}
		return simple(value);
	}

	static String simple(BsonValue value) {
		return (value instanceof BsonArray array) ? (array.isEmpty() ? "[]" : "[?]") : VALUE;
	}

	/**
	 * Returns the shape of arguments of which nothing is known.
	 */
	private static String generic(BsonValue value) {
		if (value instanceof BsonDocument document) {
			return document(document, (name, each) -> generic(each));
		}
		return (value instanceof BsonArray) ? list(value, CommandShape::generic) : VALUE;
	}

	/**
	 * Returns the different shapes of the elements.
	 */
	static String list(BsonValue value, Function<BsonValue, String> shape) {
		if (!(value instanceof BsonArray array)) {
			return VALUE;
		}
		return array.stream().limit(MAX_ELEMENTS).map(shape).distinct().collect(Collectors.joining(", ", "[", "]"));
	}

	static String document(BsonDocument document, EntryShape shape) {
		return document.entrySet()
			.stream()
			.map((entry) -> describe(entry, shape))
			.collect(Collectors.joining(", ", "{", "}"));
	}

	private static String describe(Map.Entry<String, BsonValue> entry, EntryShape shape) {
		return FieldName.show(entry.getKey()) + ": " + shape.describe(entry.getKey(), entry.getValue());
	}

	/**
	 * Describes the value of an entry.
	 */
	@FunctionalInterface
	interface EntryShape {

		String describe(String name, BsonValue value);

	}

}
