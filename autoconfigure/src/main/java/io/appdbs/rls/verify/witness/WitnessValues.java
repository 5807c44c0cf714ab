package io.appdbs.rls.verify.witness;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.WitnessUsers;
import io.appdbs.rls.verify.catalog.WitnessUsers.Person;
import org.jspecify.annotations.Nullable;

/**
 * The values of columns in witness rows. A person has one value per type, in all columns
 * and tables, so that tables can be joined and no column that says who owns a row has to
 * be found.
 */
final class WitnessValues {

	/** Shorter texts cannot hold a number of four digits. */
	private static final int SHORTEST = 4;

	private static final int MODIFIER_OFFSET = 4;

	private static final int UNLIMITED = 1000;

	private final WitnessUsers users;

	/** The keys that are read from JSON. */
	private final Collection<String> keys;

	WitnessValues(WitnessUsers users, Collection<String> keys) {
		this.users = users;
		this.keys = keys;
	}

	/**
	 * Returns a row in parentheses.
	 */
	String row(List<Column> columns, Person person, WitnessWorld world) {
		// a row without columns is still a row
		return columns.isEmpty() ? "(0)"
				: IntStream.range(0, columns.size())
					.mapToObj((i) -> value(columns.get(i), holder(person, i), world))
					.collect(Collectors.joining(",", "(", ")"));
	}

	private static Person holder(Person person, int column) {
		if (person != Person.SEVERAL) {
			return person;
		}
		return (column % 2 == 0) ? Person.A : Person.C;
	}

	private String value(Column column, Person person, WitnessWorld world) {
		String fixed = world.values().get(column);
		if (fixed != null) {
			return fixed;
		}
		Person holder = person;
		if (world.near() != WitnessWorld.Near.NONE) {
			if (column.isText()) {
				return literal(column, world.near().change(this.users.text(Person.B, column.name())));
			}
			holder = Person.C;
		}
		if (person == Person.NOBODY) {
			if (column.isIdentity() && !column.notNull()) {
				return "NULL::" + column.type();
			}
			holder = Person.C;
		}
		String value = value(column, holder);
		return (value != null) ? literal(column, value) : "NULL::" + column.type();
	}

	/**
	 * Returns whether there is a value for a column.
	 */
	boolean isKnown(Column column) {
		return value(column, Person.B) != null;
	}

	private @Nullable String value(Column column, Person person) {
		if (column.isEnum()) {
			return column.labels().isEmpty() ? null : column.labels().get(0);
		}
		return switch (column.base()) {
			case "bool" -> "false";
			case "char" -> person.name().substring(0, 1);
			case "uuid" -> this.users.uuid(person, column.name());
			case "date", "timestamp", "timestamptz" -> "2901-01-01";
			case "time", "timetz" -> "10:00";
			case "interval" -> "1 day";
			case "json", "jsonb" -> json(person, column.name());
			case "bytea" -> "\\x0" + Integer.toHexString(person.number());
			case "inet", "cidr" -> "10.0.0." + person.number() % 100;
			case "tsvector" -> person.name();
			case "daterange", "tsrange", "tstzrange" -> "[2001-01-01,2901-01-01)";
			case "int4range", "int8range", "numrange" -> "[%1$d,%1$d]".formatted(person.number());
			default -> switch (column.category()) {
				case "N" -> number(column, person);
				case "S" -> text(column, person);
				case "A" -> array(column, person);
				default -> null;
			};
		};
	}

	private @Nullable String number(Column column, Person person) {
		if (!column.isNumber()) {
			return null;
		}
		String number = this.users.number(person, column.name());
		return (column.base().equals("numeric") && number.length() > digits(column))
				? String.valueOf(person.number() % 10) : number;
	}

	/**
	 * Returns how many digits a number may have before the point.
	 */
	static int digits(Column column) {
		int modifier = column.modifier() - MODIFIER_OFFSET;
		return (modifier >= 0) ? (modifier >> 16) - (modifier & 0x7ff) : UNLIMITED;
	}

	/**
	 * A cast would cut the end off, with which persons would become the same.
	 */
	private String text(Column column, Person person) {
		String text = this.users.text(person, column.name());
		int length = column.base().equals("char") ? 1
				: (column.modifier() >= MODIFIER_OFFSET) ? column.modifier() - MODIFIER_OFFSET : Integer.MAX_VALUE;
		if (text.length() <= length) {
			return text;
		}
		return (length >= SHORTEST) ? text.substring(text.length() - length) : person.name();
	}

	private String json(Person person, String column) {
		String text = quote(this.users.text(person, column));
		return this.keys.stream()
			.map((key) -> "\"%s\":%s".formatted(key.replace("\"", "\\\""), text))
			.collect(Collectors.joining(",", "{", "}"));
	}

	private String array(Column column, Person person) {
		String element = String.valueOf(column.element());
		return switch (element) {
			case "uuid" -> "{" + this.users.uuid(person, column.name()) + "}";
			case "int2", "int4", "int8", "numeric" -> "{" + this.users.number(person, column.name()) + "}";
			case "text", "varchar", "bpchar", "citext" -> "{" + quote(this.users.text(person, column.name())) + "}";
			default -> "{}";
		};
	}

	/**
	 * Returns a text as an element of an array or in JSON.
	 */
	static String quote(String text) {
		return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	static String literal(Column column, String value) {
		return literal(value) + "::" + column.type();
	}

	static String literal(String text) {
		return (text.indexOf('\\') >= 0) ? "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
				: "'" + text.replace("'", "''") + "'";
	}

}
