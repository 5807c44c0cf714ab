package io.appdbs.schema;

import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What columns of different types have in common, whatever an engine calls the type.
 */
public enum TypeFamily {

	/** Numbers, exact or not, of any size. */
	NUMBER,

	/** Characters of any length, and values of an enumeration. */
	TEXT,

	/** True or false. */
	BOOLEAN,

	/** Dates without time. */
	DATE,

	/** Times without date, with or without time zone. */
	TIME,

	/** Dates with time, with or without time zone. */
	TIMESTAMP,

	/** Bytes of any length. */
	BINARY,

	/** Universally unique identifiers. */
	UUID,

	/** JSON, as text or in a binary form. */
	JSON;

	/**
	 * Finds a family by its name.
	 * @param name the name in any case
	 * @return the family or {@code null} if there is none with that name
	 */
	public static @Nullable TypeFamily find(String name) {
		return Stream.of(values())
			.filter((family) -> family.toString().equalsIgnoreCase(name))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the name in lower case.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
