package io.appdbs.mongo.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Hides the values of fields in commands. A field is known by its path, without operators
 * and positions of arrays. If a command refers to such a field in a value, as expressions
 * do, all its values are hidden.
 */
final class CommandMask {

	private static final BsonString MASKED = new BsonString("******");

	private static final Pattern POSITION = Pattern.compile("\\d+|\\$.*");

	/** A reference to a field or variable. */
	private static final Pattern REFERENCE = Pattern.compile("\\$\\$?[\\p{L}_][\\p{L}\\p{N}_.]*");

	private final List<List<String>> paths;

	private final Pattern mention;

	/**
	 * Creates a new {@link CommandMask}.
	 * @param fields the fields, as paths with dots
	 */
	CommandMask(Collection<String> fields) {
		this.paths = fields.stream().map((field) -> List.of(field.split("\\."))).toList();
		this.mention = Pattern.compile(this.paths.stream()
			.map((path) -> Pattern.quote(path.get(path.size() - 1)))
			.collect(Collectors.joining("|", "(?<![\\p{L}\\p{N}_])(?:", ")(?![\\p{L}\\p{N}_])")));
	}

	/**
	 * Returns the arguments of a command without the values of fields.
	 */
	BsonDocument apply(BsonDocument arguments) {
		if (this.paths.isEmpty()) {
			return arguments;
		}
		return isMentioned(arguments) ? (BsonDocument) hide(arguments) : document(arguments, List.of(), false);
	}

	private boolean isMentioned(BsonValue value) {
		if (value instanceof BsonDocument document) {
			return document.values().stream().anyMatch(this::isMentioned);
		}
		if (value instanceof BsonArray array) {
			return array.stream().anyMatch(this::isMentioned);
		}
		return switch (value.getBsonType()) {
			case STRING -> this.mention.matcher(value.asString().getValue()).find();
			case JAVASCRIPT, JAVASCRIPT_WITH_SCOPE -> true;
			default -> false;
		};
	}

	/**
	 * Hides all values except for references.
	 */
	private BsonValue hide(BsonValue value) {
		if (value instanceof BsonDocument document) {
			BsonDocument hidden = new BsonDocument();
			document.forEach((key, each) -> hidden.append(hideKey(List.of(), key), hide(each)));
			return hidden;
		}
		if (value instanceof BsonArray array) {
			return new BsonArray(array.stream().map(this::hide).toList());
		}
		return (value instanceof BsonString string && REFERENCE.matcher(string.getValue()).matches()) ? value : MASKED;
	}

	/**
	 * Hides the values of fields.
	 * @param parent the names above
	 * @param identifiers whether names begin with the identifier of an array filter,
	 * which stands for the fields above
	 */
	private BsonDocument document(BsonDocument document, List<String> parent, boolean identifiers) {
		BsonDocument result = new BsonDocument();
		for (Map.Entry<String, BsonValue> entry : document.entrySet()) {
			String key = entry.getKey();
			List<String> path = append(parent, key);
			boolean masked = contains(path, identifiers) || key.equals("$search");
			result.append(hideKey(parent, key),
					masked ? MASKED : value(entry.getValue(), path, identifiers || key.equals("arrayFilters")));
		}
		return result;
	}

	private BsonValue value(BsonValue value, List<String> path, boolean identifiers) {
		if (value instanceof BsonDocument document) {
			return document(document, path, identifiers);
		}
		return (value instanceof BsonArray array)
				? new BsonArray(array.stream().map((each) -> value(each, path, identifiers)).toList()) : value;
	}

	private static List<String> append(List<String> parent, String key) {
		return Stream
			.concat(parent.stream(),
					Arrays.stream(key.split("\\.")).filter((name) -> !POSITION.matcher(name).matches()))
			.toList();
	}

	private boolean contains(List<String> path, boolean identifiers) {
		return this.paths.stream()
			.anyMatch((masked) -> identifiers ? path.contains(masked.get(masked.size() - 1)) : isPart(masked, path));
	}

	private static boolean isPart(List<String> masked, List<String> path) {
		for (int i = 0; i + masked.size() <= path.size(); i++) {
			if (path.subList(i, i + masked.size()).equals(masked)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Cuts off the part of a key that is below a field, which can be data.
	 */
	private String hideKey(List<String> parent, String key) {
		String[] names = key.split("\\.");
		List<String> shown = new ArrayList<>();
		for (String name : names) {
			shown.add(name);
			if (shown.size() < names.length && contains(append(parent, String.join(".", shown)), false)) {
				return String.join(".", shown) + "." + MASKED.getValue();
			}
		}
		return key;
	}

}
