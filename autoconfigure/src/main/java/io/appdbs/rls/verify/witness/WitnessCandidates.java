package io.appdbs.rls.verify.witness;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.witness.WitnessOptions.Option;
import io.appdbs.settings.RlsSettings.Type;

/**
 * Values that conditions mention without comparing them with one column by an operator:
 * an argument of a function, a pattern, an element of a list, a key of JSON. Each is
 * tried in all columns that it fits.
 */
final class WitnessCandidates {

	private static final int MAXIMUM = 6;

	private static final int LONGEST = 100;

	private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,9})?");

	private static final Pattern DATE = Pattern.compile("-?infinity|\\d{4}-\\d\\d-\\d\\d[\\d:.+ -]*");

	private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d");

	private static final Pattern BYTES = Pattern.compile("\\\\x(?:[0-9a-f]{2})*");

	private static final Pattern ADDRESS = Pattern
		.compile("\\d{1,3}(\\.\\d{1,3}){3}(/\\d+)?|[0-9a-f:]*::[0-9a-f:]*(/\\d+)?");

	private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8", "oid");

	private final WitnessLiterals literals;

	private final List<String> loose;

	/**
	 * Creates new {@link WitnessCandidates}.
	 * @param columns the columns whose comparisons with literals are known
	 */
	WitnessCandidates(WitnessLiterals literals, Collection<Column> columns) {
		this.literals = literals;
		this.loose = literals.loose(columns.stream().map(Column::name).toList());
	}

	/**
	 * Returns values for a column.
	 */
	List<Option> options(Column column) {
		return values(column).distinct()
			.limit(MAXIMUM)
			.map((value) -> new Option(WitnessValues.literal(column, value),
					column.name() + " = " + WitnessValues.literal(value)))
			.toList();
	}

	private Stream<String> values(Column column) {
		if (column.isBoolean() || column.isEnum()) {
			return Stream.empty();
		}
		return switch (column.base()) {
			case "uuid" -> all(Type.UUID::accepts);
			case "date", "timestamp", "timestamptz" ->
				Stream.concat(all(DATE.asMatchPredicate()).flatMap(WitnessCandidates::since),
						years(column).flatMap((year) -> Stream.of(year + "-01-01", year + "-07-01")));
			case "bytea" -> all(BYTES.asMatchPredicate());
			case "inet", "cidr" -> all(ADDRESS.asMatchPredicate());
			case "char" -> this.literals.strings().stream().filter((value) -> value.length() == 1);
			case "json", "jsonb" -> this.literals.documents(this.loose).stream();
			case "int4range", "int8range", "numrange" ->
				Stream.concat(Stream.of("(,)"), loose(NUMBER).map("[%1$s,%1$s]"::formatted));
			case "daterange", "tsrange", "tstzrange" -> Stream.of("(,)");
			default -> switch (column.category()) {
				case "S" -> Stream.concat(this.loose.stream().filter((value) -> !isDocument(value)), lengths(column));
				case "N" -> column.isNumber() ? numbers(column) : Stream.empty();
				case "A" -> arrays(column);
				default -> Stream.empty();
			};
		};
	}

	private Stream<String> all(Predicate<String> predicate) {
		return Stream.concat(this.literals.strings().stream(), this.loose.stream()).filter(predicate);
	}

	private Stream<String> loose(Pattern pattern) {
		return this.loose.stream().filter((value) -> pattern.matcher(value).matches());
	}

	private Stream<String> years(Column column) {
		return Stream.concat(this.loose.stream(), this.literals.equal(column.name()).stream())
			.filter((value) -> YEAR.matcher(value).matches());
	}

	private static boolean isDocument(String value) {
		return value.startsWith("{") || value.startsWith("[");
	}

	/**
	 * Returns a point in time and, unless it has a time itself, one on the same day.
	 */
	private static Stream<String> since(String date) {
		return (date.length() == 10) ? Stream.of(date, date + " 12:00") : Stream.of(date);
	}

	private Stream<String> lengths(Column column) {
		return this.literals.bounds(column.name())
			.stream()
			.map(Integer::parseInt)
			.filter((length) -> length > 0 && length < LONGEST)
			.flatMap((length) -> Stream.of("x".repeat(length - 1), "x".repeat(length), "x".repeat(length + 1)));
	}

	private Stream<String> numbers(Column column) {
		boolean integer = INTEGERS.contains(column.base());
		return Stream.concat(this.literals.fractions(column.name()).stream(), loose(NUMBER))
			.map(BigDecimal::new)
			.filter((number) -> number.abs().compareTo(greatest(column)) < 0)
			.flatMap((number) -> Stream.of(number, number.subtract(BigDecimal.ONE), number.add(BigDecimal.ONE)))
			.map((number) -> integer ? number.toBigInteger().toString() : number.toPlainString())
			.filter((number) -> !column.base().equals("oid") || !number.startsWith("-"));
	}

	private static BigDecimal greatest(Column column) {
		return switch (column.base()) {
			case "int2" -> BigDecimal.valueOf(Short.MAX_VALUE);
			case "int4", "oid" -> BigDecimal.valueOf(Integer.MAX_VALUE);
			case "numeric" -> BigDecimal.TEN.pow(WitnessValues.digits(column)).subtract(BigDecimal.ONE);
			default -> BigDecimal.valueOf(Long.MAX_VALUE);
		};
	}

	private Stream<String> arrays(Column column) {
		Stream<String> elements = switch (String.valueOf(column.element())) {
			case "uuid" -> all(Type.UUID::accepts);
			case "int2", "int4", "int8", "numeric" -> loose(NUMBER).filter((value) -> value.matches("-?\\d{1,4}"));
			default -> this.loose.stream().filter((value) -> !isDocument(value)).map(WitnessValues::quote);
		};
		List<String> values = new ArrayList<>(elements.map((element) -> "{" + element + "}").toList());
		if (this.literals.isSized()) {
			values.add(0, "{}");
		}
		return values.stream();
	}

}
