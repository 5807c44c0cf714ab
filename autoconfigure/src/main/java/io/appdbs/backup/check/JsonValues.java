package io.appdbs.backup.check;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;

/**
 * The values of a JSON object. Without a JSON library, the parser of Spring Boot returns
 * {@code true} and {@code null} as text and accepts a text that lacks its end.
 *
 * @param values the values by name
 */
record JsonValues(Map<?, ?> values) {

	private static final JsonParser PARSER = JsonParserFactory.getJsonParser();

	private static final JsonValues EMPTY = new JsonValues(Map.of());

	/**
	 * Parses an object.
	 * @throws JsonParseException if the text is not one
	 */
	static JsonValues parse(String json) {
		requireEnd(json, "}");
		return new JsonValues(PARSER.parseMap(json));
	}

	/**
	 * Parses an array of objects.
	 * @throws JsonParseException if the text is not one
	 */
	static List<JsonValues> parseList(String json) {
		requireEnd(json, "]");
		return toObjects(PARSER.parseList(json));
	}

	private static void requireEnd(String json, String end) {
		if (!json.strip().endsWith(end)) {
			throw new JsonParseException();
		}
	}

	private static List<JsonValues> toObjects(@Nullable Object value) {
		return (value instanceof List<?> list)
				? list.stream().filter(Map.class::isInstance).map((it) -> new JsonValues((Map<?, ?>) it)).toList()
				: List.of();
	}

	boolean has(String name) {
		return text(name) != null;
	}

	/**
	 * Returns an object, an empty one if there is none.
	 */
	JsonValues object(String name) {
		return (this.values.get(name) instanceof Map<?, ?> map) ? new JsonValues(map) : EMPTY;
	}

	List<JsonValues> objects(String name) {
		return toObjects(this.values.get(name));
	}

	@Nullable String text(String name) {
		Object value = this.values.get(name);
		String text = (value != null) ? value.toString() : "null";
		return text.equals("null") ? null : text;
	}

	/**
	 * Returns a number, {@code null} if there is none.
	 */
	@Nullable Long number(String name) {
		return (this.values.get(name) instanceof Number number) ? number.longValue() : null;
	}

	/**
	 * Returns a truth value, {@code null} if there is none.
	 */
	@Nullable Boolean bool(String name) {
		String text = text(name);
		if ("true".equals(text) || "false".equals(text)) {
			return Boolean.valueOf(text);
		}
		return null;
	}

	/**
	 * Returns a time in ISO 8601 with an offset, {@code null} if there is none.
	 */
	@Nullable Instant time(String name) {
		String text = text(name);
		try {
			return (text != null) ? OffsetDateTime.parse(text).toInstant() : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	/**
	 * Returns a duration in ISO 8601, {@code null} if there is none.
	 */
	@Nullable Duration duration(String name) {
		String text = text(name);
		try {
			return (text != null) ? Duration.parse(text) : null;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
