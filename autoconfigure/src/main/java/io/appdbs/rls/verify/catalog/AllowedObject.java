package io.appdbs.rls.verify.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.appdbs.settings.TableName;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code rls.allow}, which declares what is public by intent: a policy, as in
 * {@code policy everyone on country}, a routine, as in
 * {@code function app.search(text, integer)}, or a command, as in
 * {@code truncate on staging}.
 */
public final class AllowedObject {

	private static final Pattern ENTRY = Pattern.compile("""
			\\s*(?:(policy)\\s+(%1$s)\\s+on\\s+(?:table\\s+)?(%2$s)\
			|(select|insert|update|delete|truncate|references|trigger)\\s+on\\s+\
			(?:(?:table|view|materialized\\s+view|foreign\\s+table)\\s+)?(%2$s)\
			|(function|procedure)\\s+(%2$s)\\s*\\((.*)\\))\\s*""".formatted(TableName.IDENTIFIER, TableName.QUALIFIED),
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** The names that {@code format_type} prints, and others, with one for each type. */
	private static final Map<Pattern, String> TYPES = Map.ofEntries(type("integer|int4", "int"), type("bigint", "int8"),
			type("smallint", "int2"), type("boolean", "bool"), type("character varying", "varchar"),
			type("double precision|float", "float8"), type("real", "float4"), type("decimal", "numeric"),
			type("timestamp with time zone", "timestamptz"), type("timestamp without time zone", "timestamp"),
			type("time with time zone", "timetz"), type("time without time zone", "time"),
			type("character(?! varying)|bpchar", "char"), type("bit varying", "varbit"));

	private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

	private static final Pattern MODE = Pattern.compile("^(?:in out|in|inout|out|variadic) ");

	private final String keyword;

	private final @Nullable TableName policy;

	private final TableName name;

	private final String arguments;

	private AllowedObject(String keyword, @Nullable TableName policy, TableName name, String arguments) {
		this.keyword = keyword.toLowerCase(Locale.ROOT);
		this.policy = policy;
		this.name = name;
		this.arguments = arguments;
	}

	private static Map.Entry<Pattern, String> type(String names, String name) {
		return Map.entry(Pattern.compile("\\b(?:" + names + ")\\b"), name);
	}

	/**
	 * Parses an entry.
	 * @param entry the entry as it is written
	 * @return the parsed entry or {@code null} if it is malformed
	 */
	public static @Nullable AllowedObject parse(String entry) {
		Matcher matcher = ENTRY.matcher(entry);
		if (!matcher.matches()) {
			return null;
		}
		if (matcher.group(1) != null) {
			return create(matcher.group(1), TableName.parse(matcher.group(2)), matcher.group(3), "");
		}
		return (matcher.group(4) != null) ? create(matcher.group(4), null, matcher.group(5), "")
				: create(matcher.group(6), null, matcher.group(7), matcher.group(8));
	}

	private static @Nullable AllowedObject create(String keyword, @Nullable TableName policy, String name,
			String arguments) {
		TableName parsed = TableName.parse(name);
		return (parsed != null) ? new AllowedObject(keyword, policy, parsed, arguments) : null;
	}

	/**
	 * Returns the policy or {@code null} if it is a command or a routine.
	 */
	@Nullable TableName policy() {
		return this.policy;
	}

	boolean isRoutine() {
		return this.keyword.equals("function") || this.keyword.equals("procedure");
	}

	/**
	 * Returns the first word, in lower case.
	 */
	String keyword() {
		return this.keyword;
	}

	/**
	 * Returns the table or the routine.
	 */
	TableName name() {
		return this.name;
	}

	/**
	 * Returns whether the routine has arguments of the given types. As in SQL, names do
	 * not matter, nor do limits of types, nor arguments that are results only.
	 * @param types the types, with commas between
	 */
	boolean hasArguments(String types) {
		List<String> expected = split(canonical(types));
		List<String> written = split(canonical(this.arguments));
		return areTypes(expected, written)
				|| areTypes(expected, written.stream().filter((argument) -> !argument.startsWith("out ")).toList());
	}

	private static List<String> split(String canonical) {
		return canonical.isEmpty() ? List.of() : List.of(COMMA.split(canonical));
	}

	private static boolean areTypes(List<String> types, List<String> arguments) {
		return types.size() == arguments.size() && IntStream.range(0, types.size()).allMatch((i) -> {
			String argument = MODE.matcher(arguments.get(i)).replaceFirst("");
			return argument.equals(types.get(i)) || argument.endsWith(" " + types.get(i));
		});
	}

	/**
	 * Returns arguments in the form in which two spellings of them are equal.
	 */
	private static String canonical(String arguments) {
		StringBuilder canonical = new StringBuilder();
		String[] parts = arguments.split("\"", -1);
		for (int i = 0; i < parts.length; i++) {
			canonical.append((i % 2 != 0) ? '"' + parts[i] + '"' : canonicalUnquoted(parts[i]));
		}
		return canonical.toString().strip();
	}

	private static String canonicalUnquoted(String text) {
		String canonical = text.toLowerCase(Locale.ROOT)
			.replaceAll("\\s*\\([^()]*\\)", "")
			.replaceAll("\\s+", " ")
			.replaceAll(" ?([,\\[]) ?", "$1")
			.replaceAll("(\\[\\d*\\])+", "[]");
		for (Map.Entry<Pattern, String> type : TYPES.entrySet()) {
			canonical = type.getKey().matcher(canonical).replaceAll(type.getValue());
		}
		return canonical;
	}

}
