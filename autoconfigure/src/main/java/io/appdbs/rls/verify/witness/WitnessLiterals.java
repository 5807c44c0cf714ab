package io.appdbs.rls.verify.witness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What conditions compare columns with, as PostgreSQL prints it: values that make a
 * difference to witness rows. Columns are known by their name alone, which at worst gives
 * a value to a column of the same name.
 */
final class WitnessLiterals {

	private static final String NAME = "([a-z_][a-z0-9_$]*|\"(?:[^\"]|\"\")*\")";

	private static final String STRING = "'((?:[^']|'')*)'";

	private static final Pattern COMPARISON = Pattern.compile(NAME
			+ "\\)*(?:::[\\w .\"]+(?:\\(\\d+\\))?)?\\)* (=|<>|~~\\*?|>=?|<=?|OPERATOR\\([\\w.\"]+=\\)) (ANY \\(+ARRAY\\[)?\\(*"
			+ "(?:" + STRING + "|(-?\\d+(?:\\.\\d+)?)\\b)");

	private static final Pattern REVERSED = Pattern.compile(STRING + "::[\\w .\"]+\\)* = (?:ANY )?\\(*" + NAME);

	private static final Pattern KEY = Pattern.compile("(?:->>?|\\?) " + STRING);

	private static final Pattern ANY_STRING = Pattern.compile(STRING);

	private static final Pattern PATH = Pattern
		.compile("#>>? '\\{([^'{}\"]*)\\}'|(?:->>? " + STRING + "(?:::text)?\\)* ?)+");

	/** Names of settings, and lengths of types. */
	private static final Pattern NAMES = Pattern.compile(
			"current_setting\\('[^']*'|\\bSELECT \\d+\\b|(?:->>?|\\?) '(?:[^']|'')*'|#>>? '(?:[^']|'')*'|\\b[a-z]+\\(\\d+(?:,\\d+)?\\)(?=[\\[)\\s])");

	private static final Pattern ANY_NUMBER = Pattern.compile("(?<![\\w.$])-?\\d+(?:\\.\\d+)?(?![\\w.])");

	private static final Pattern DOCUMENT = Pattern
		.compile("(?s)\\s*(?:\\{\\s*\".*\"\\s*:.*\\}|\\[(?:\\s*\"[^\"]*\"\\s*,?)+\\])\\s*");

	private static final Pattern SIZED = Pattern.compile("cardinality|array_(?:length|ndims|upper)|<@|'\\{\\}'");

	/** What classes of characters in a pattern may match. */
	private static final List<String> SAMPLES = List.of("abc", "ABC", "123");

	private static final Pattern CLASS = Pattern.compile("\\[[^\\]]*\\]");

	private static final Pattern WILDCARDS = Pattern.compile("[%^$*+?()|\\\\]");

	private static final Pattern BOOLEAN = Pattern.compile("->> " + STRING + "(?:::text)?\\)*::boolean");

	private static final Pattern SIMILAR = Pattern.compile(
			"~|\\^@|\\b(?:\"left\"|\"right\"|left|right|substr|\"substring\"|\"position\"|strpos|starts_with|split_part|length|SIMILAR)\\b");

	private static final Pattern CURRENT_ROLE = Pattern.compile("\\b(?:CURRENT_USER|SESSION_USER|CURRENT_ROLE)\\b");

	private static final Pattern UNSURE = Pattern
		.compile("COALESCE|IS (?:NOT )?(?:NULL|TRUE|FALSE|UNKNOWN|DISTINCT)|CASE|num_(?:non)?nulls");

	private static final Pattern NEGATIVE = Pattern
		.compile("\\bNOT |\\bcount\\(|\\bEXCEPT\\b|\\bCOALESCE\\(|\\bALL \\(|\\bIS NULL|\\bbool_|<> ANY|\\bCASE\\b");

	private static final Pattern TIME = Pattern
		.compile("\\bnow\\(\\)|'now'|\\bCURRENT_(?:DATE|TIMESTAMP)|\\bLOCALTIMESTAMP|_timestamp\\(\\)|\\bage\\(");

	private static final int MAXIMUM = 3;

	private final String text;

	private final Map<String, Set<String>> equal = new LinkedHashMap<>();

	private final Map<String, Set<String>> bounds = new LinkedHashMap<>();

	/**
	 * Finds what conditions compare with.
	 * @param text the conditions
	 */
	WitnessLiterals(String text) {
		this.text = text;
		Matcher matcher = COMPARISON.matcher(text);
		while (matcher.find()) {
			addComparison(matcher);
		}
		REVERSED.matcher(text).results().forEach((match) -> add(this.equal, match.group(2), match.group(1)));
	}

	private void addComparison(Matcher matcher) {
		String column = matcher.group(1);
		String operator = matcher.group(2);
		if (matcher.group(3) != null) {
			int end = this.text.indexOf(']', matcher.end(3));
			ANY_STRING.matcher(this.text.substring(matcher.end(3), Math.max(end, matcher.end(3))))
				.results()
				.forEach((match) -> add(this.equal, column, match.group(1)));
		}
		else if (operator.startsWith("~~")) {
			add(this.equal, column, matcher.group(4).replaceAll("[%_]", "x"));
		}
		else if (operator.startsWith("<") || operator.startsWith(">")) {
			add("<>".equals(operator) ? this.equal : this.bounds, column, value(matcher));
		}
		else {
			add(this.equal, column, value(matcher));
		}
	}

	private static String value(MatchResult match) {
		return (match.group(4) != null) ? match.group(4) : match.group(5);
	}

	private static void add(Map<String, Set<String>> map, String column, String value) {
		Set<String> values = map.computeIfAbsent(column, (name) -> new LinkedHashSet<>());
		if (values.size() < MAXIMUM) {
			values.add(value.replace("''", "'"));
		}
	}

	/**
	 * Returns the values that a column is compared with for being equal, or not.
	 */
	List<String> equal(String column) {
		return List.copyOf(this.equal.getOrDefault(column, Set.of()));
	}

	/**
	 * Returns the numbers that a column is compared with for being less or greater.
	 */
	List<String> bounds(String column) {
		return this.bounds.getOrDefault(column, Set.of())
			.stream()
			.filter((value) -> value.matches("-?\\d{1,9}"))
			.toList();
	}

	/**
	 * Returns the fractions that a column is compared with for being less or greater.
	 */
	List<String> fractions(String column) {
		return this.bounds.getOrDefault(column, Set.of())
			.stream()
			.filter((value) -> value.matches("-?\\d{1,9}\\.\\d{1,9}"))
			.toList();
	}

	/**
	 * Returns all texts but the names of settings and keys.
	 */
	List<String> strings() {
		return ANY_STRING.matcher(NAMES.matcher(this.text).replaceAll(""))
			.results()
			.map((match) -> match.group(1).replace("''", "'"))
			.distinct()
			.toList();
	}

	/**
	 * Returns the texts and numbers that are compared with none of some columns, taken
	 * apart where they are lists, and without wildcards.
	 */
	List<String> loose(Collection<String> columns) {
		Set<String> known = new HashSet<>();
		columns.forEach((column) -> {
			known.addAll(this.equal.getOrDefault(column, Set.of()));
			known.addAll(this.bounds.getOrDefault(column, Set.of()));
		});
		String numbers = ANY_STRING.matcher(NAMES.matcher(this.text).replaceAll("")).replaceAll("");
		return Stream
			.concat(strings().stream().flatMap(WitnessLiterals::elements),
					ANY_NUMBER.matcher(numbers).results().map(MatchResult::group))
			.filter((value) -> !known.contains(value) && value.matches("(?s).*[\\p{L}\\d].*"))
			.distinct()
			.toList();
	}

	private static Stream<String> elements(String text) {
		if (text.contains("\"")) {
			return Stream.of(text);
		}
		String list = text.matches("(?s)\\{.*\\}") ? text.substring(1, text.length() - 1) : text;
		return Stream.of(list.split("[,;|]"))
			.flatMap((element) -> element.contains("[")
					? Stream.concat(SAMPLES.stream(), Stream.of(CLASS.matcher(element).replaceAll("a")))
					: Stream.of(element))
			.map((element) -> WILDCARDS.matcher(element).replaceAll(""));
	}

	/**
	 * Returns JSON with values for the keys that are read.
	 */
	List<String> documents(Collection<String> values) {
		List<String> documents = new ArrayList<>(
				strings().stream().filter((value) -> DOCUMENT.matcher(value).matches()).toList());
		if (BOOLEAN.matcher(this.text).find()) {
			documents.add(document("true"));
			documents.add(document("false"));
		}
		values.stream()
			.filter((value) -> !value.contains("\""))
			.forEach((value) -> documents.add(document(WitnessValues.quote(value))));
		return documents;
	}

	private String document(String value) {
		return Stream.concat(allKeys().stream().map(List::of), paths().stream())
			.map((path) -> path.stream().map(WitnessValues::quote).collect(Collectors.joining(":{")) + ":" + value
					+ "}".repeat(path.size() - 1))
			.collect(Collectors.joining(",", "{", "}"));
	}

	private List<List<String>> paths() {
		return PATH.matcher(this.text).results().map((match) -> {
			if (match.group(1) != null) {
				return List.of(match.group(1).split(","));
			}
			return ANY_STRING.matcher(match.group()).results().map((key) -> key.group(1).replace("''", "'")).toList();
		}).filter((path) -> path.size() > 1).distinct().toList();
	}

	/**
	 * Returns whether it may make a difference that an array is empty.
	 */
	boolean isSized() {
		return SIZED.matcher(this.text).find();
	}

	/**
	 * Returns whether it may make a difference that something is not there.
	 */
	boolean isNegative() {
		return NEGATIVE.matcher(this.text).find();
	}

	/**
	 * Returns whether it may make a difference when something was.
	 */
	boolean readsTime() {
		return TIME.matcher(this.text).find();
	}

	/**
	 * Returns the keys that are read from JSON and are no flags.
	 */
	Set<String> keys() {
		Set<String> keys = allKeys();
		BOOLEAN.matcher(this.text).results().forEach((match) -> keys.remove(match.group(1).replace("''", "'")));
		return keys;
	}

	private Set<String> allKeys() {
		Set<String> keys = new LinkedHashSet<>(List.of("id", "user_id", "owner"));
		KEY.matcher(this.text).results().forEach((match) -> keys.add(match.group(1).replace("''", "'")));
		return keys;
	}

	/**
	 * Returns all texts that are compared with anything.
	 * @return all texts that are compared with anything
	 */
	List<String> texts() {
		List<String> texts = new ArrayList<>();
		ANY_STRING.matcher(this.text.replaceAll("current_setting\\('[^']*'", ""))
			.results()
			.map((match) -> match.group(1).replace("''", "'"))
			.filter((value) -> value.length() > 1 && !texts.contains(value))
			.forEach(texts::add);
		return texts.subList(0, Math.min(texts.size(), MAXIMUM));
	}

	/**
	 * Returns whether texts are compared for being similar.
	 */
	boolean isSimilar() {
		return SIMILAR.matcher(this.text).find();
	}

	boolean readsCurrentRole() {
		return CURRENT_ROLE.matcher(this.text).find();
	}

	/**
	 * Returns whether it may make a difference that something is NULL.
	 */
	boolean isUnsure() {
		return UNSURE.matcher(this.text).find();
	}

	/**
	 * Returns whether a column itself is asked for being NULL.
	 */
	boolean isUnsure(String column) {
		return isUnsure() && Pattern
			.compile("(?<!\\w)" + Pattern.quote(column)
					+ "\\)* IS (?:NOT )?(?:NULL|DISTINCT)|(?:COALESCE|num_nulls)\\([^)]*" + Pattern.quote(column))
			.matcher(this.text)
			.find();
	}

	boolean divides() {
		return this.text.contains(" / ") || this.text.contains(" % ");
	}

}
