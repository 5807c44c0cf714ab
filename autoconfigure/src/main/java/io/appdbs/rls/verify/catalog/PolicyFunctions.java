package io.appdbs.rls.verify.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.ProofCatalog.Function;

/**
 * The functions that policies call. Those that compute are called for witness rows, too.
 * Those that read tables would read real ones, and those that are VOLATILE may do
 * anything: something else stands for their results.
 */
public final class PolicyFunctions {

	/** What may read, write or call something that the text does not show. */
	private static final Pattern READING = Pattern.compile(
			"(?i)(?<!\\bdistinct\\s)\\bfrom\\b|\\b(?:join|into|update|insert|delete|execute|perform|call|table)\\b");

	private static final Pattern INERT = Pattern.compile("'(?:[^']|'')*'|--[^\\n]*|(?s:/\\*.*?\\*/)");

	private static final Pattern CALL = Pattern.compile("([\\p{L}_][\\w$]*)\"?\\s*\\(");

	/** Languages whose text says nothing, of functions that extensions bring. */
	private static final Set<String> COMPILED = Set.of("c", "internal");

	private static final Set<String> READABLE = Set.of("sql", "plpgsql");

	private final Map<Long, Function> functions;

	private final Map<String, List<Function>> byName;

	private final Map<Long, Boolean> reading = new HashMap<>();

	PolicyFunctions(Map<Long, Function> functions) {
		this.functions = functions;
		this.byName = functions.values()
			.stream()
			.collect(Collectors.groupingBy(
					(function) -> function.name().substring(function.name().lastIndexOf('.') + 1).replace("\"", "")));
	}

	/**
	 * Returns why a condition that calls the functions cannot be evaluated at all.
	 */
	Stream<String> reasons(Collection<Long> ids) {
		return known(ids).filter((function) -> !isSafe(function) && !isAssumed(function) && !isBoolean(function))
			.map(this::reason);
	}

	/**
	 * Returns which functions decide, each of them by true or false.
	 * @param ids the ids
	 * @return which functions decide, each of them by true or false
	 */
	public Stream<String> deciding(Collection<Long> ids) {
		return known(ids).filter((function) -> !isSafe(function) && isBoolean(function)).map(this::reason);
	}

	/**
	 * Returns the functions that are taken to return the user.
	 * @param ids the ids
	 * @return the functions that are taken to return the user
	 */
	public List<Function> assumed(Collection<Long> ids) {
		return known(ids).filter((function) -> !isSafe(function) && isAssumed(function)).toList();
	}

	/**
	 * Returns the functions that the role of statements may not execute.
	 * @param ids the ids
	 * @return the functions that the role of statements may not execute
	 */
	public List<Function> denied(Collection<Long> ids) {
		return known(ids).filter((function) -> !function.executable()).toList();
	}

	/**
	 * Returns whether a function is called, so that it may read settings.
	 * @param ids the ids
	 * @return whether a function is called, so that it may read settings
	 */
	public boolean areCalled(Collection<Long> ids) {
		return called(ids).findAny().isPresent();
	}

	/**
	 * Returns the texts of functions that are called.
	 * @param ids the ids
	 * @return the texts of functions that are called
	 */
	public String bodies(Collection<Long> ids) {
		return called(ids).map(Function::body).collect(Collectors.joining("\n"));
	}

	private Stream<Function> called(Collection<Long> ids) {
		return known(ids).filter((function) -> isSafe(function) && !COMPILED.contains(function.language()));
	}

	private Stream<Function> known(Collection<Long> ids) {
		return ids.stream().distinct().map(this.functions::get).filter(Objects::nonNull);
	}

	private String reason(Function function) {
		return function
				+ (function.isVolatile() ? ", which is VOLATILE and therefore not called" : ", which reads tables");
	}

	/**
	 * Replace the calls of functions that are not called.
	 * @param text the condition
	 * @param ids the functions in it
	 * @param decision what those that decide return
	 * @return the condition to evaluate
	 */
	public String resolve(String text, Collection<Long> ids, boolean decision) {
		String resolved = text;
		for (Function function : known(ids).filter((function) -> !isSafe(function)).toList()) {
			if (isAssumed(function)) {
				resolved = new PrintedSql(resolved).replaceCalls(function.name(), assumption(function));
			}
			else if (isBoolean(function)) {
				resolved = new PrintedSql(resolved).replaceCalls(function.name(), String.valueOf(decision));
			}
		}
		return resolved;
	}

	private static String assumption(Function function) {
		String user = "NULLIF(current_setting('%s', true), '')".formatted(WitnessUsers.ASSUMED);
		return "(SELECT %s::%s AS assumed%s)".formatted(user, function.type(),
				function.set() ? " WHERE %s IS NOT NULL".formatted(user) : "");
	}

	private boolean isSafe(Function function) {
		return !function.isVolatile() && !isReading(function);
	}

	/**
	 * Returns whether a function identifies the user by a lookup.
	 */
	private static boolean isAssumed(Function function) {
		return !function.isVolatile() && function.arguments() == 0
				&& (function.type().equals("uuid") || Set.of("N", "S").contains(function.category()));
	}

	private static boolean isBoolean(Function function) {
		return function.category().equals("B") && !function.set();
	}

	private boolean isReading(Function function) {
		Boolean known = this.reading.get(function.id());
		if (known != null) {
			return known;
		}
		// what calls itself is decided by the rest
		this.reading.put(function.id(), false);
		boolean reads = !COMPILED.contains(function.language())
				&& (!READABLE.contains(function.language()) || reads(function.body()));
		this.reading.put(function.id(), reads);
		return reads;
	}

	private boolean reads(String body) {
		String text = INERT.matcher(body).replaceAll("''");
		return READING.matcher(text).find() || CALL.matcher(text)
			.results()
			.flatMap((match) -> this.byName.getOrDefault(match.group(1).toLowerCase(Locale.ROOT), List.of()).stream())
			.anyMatch((function) -> function.isVolatile() || isReading(function));
	}

}
