package io.appdbs.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The parts of an event as fields of a log.
 */
final class AuditEventFields {

	private static final String PREFIX = "audit.";

	private AuditEventFields() {
	}

	/**
	 * Returns the fields in the order in which they are logged.
	 */
	static Map<String, Object> of(AuditEvent event) {
		Map<String, Object> fields = new LinkedHashMap<>();
		add(fields, "id", event.id());
		add(fields, "database", event.database());
		add(fields, "outcome", event.outcome().toString());
		add(fields, "time", event.time().toString());
		add(fields, "duration", String.format(Locale.ROOT, "%.3fms", event.duration().toNanos() / 1e6));
		addUser(fields, event.user());
		add(fields, "trace", event.traceId());
		add(fields, "transaction", event.transaction());
		add(fields, "failure", event.failure());
		add(fields, "statements", event.statements().stream().map((each) -> describe(each, event.user())).toList());
		add(fields, "omitted", (event.omittedStatements() > 0) ? event.omittedStatements() : null);
		return fields;
	}

	private static void addUser(Map<String, Object> fields, AuditUser user) {
		add(fields, "user", user.name());
		add(fields, "user-source", user.source().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		add(fields, "reason", user.reason());
	}

	/**
	 * Returns the text of a statement with what is known of it in front.
	 */
	private static String describe(AuditStatement statement, AuditUser user) {
		List<String> parts = new ArrayList<>();
		if (statement.executions() != 1) {
			parts.add("executions=" + statement.executions());
		}
		parts.add("rows=" + ((statement.rows() != null) ? statement.rows() : "?"));
		if (statement.failure() != null) {
			parts.add("failure=" + statement.failure());
		}
		if (statement.undone()) {
			parts.add("undone");
		}
		if (!statement.user().equals(user)) {
			parts.add("user=" + quote(String.valueOf(statement.user().name())));
		}
		return "[" + String.join(" ", parts) + "] " + statement.text();
	}

	private static void add(Map<String, Object> fields, String key, @Nullable Object value) {
		if (value != null) {
			fields.put(PREFIX + key, value);
		}
	}

	/**
	 * Returns the fields as text. All text is quoted, so that no value can look like
	 * another field or another line.
	 */
	static String toLine(Map<String, Object> fields) {
		StringBuilder line = new StringBuilder();
		fields.forEach((key, value) -> {
			line.append(line.isEmpty() ? "" : " ").append(key, PREFIX.length(), key.length()).append('=');
			if (value instanceof List<?> list) {
				line.append(list.stream().map((each) -> quote(String.valueOf(each))).toList());
			}
			else {
				line.append((value instanceof Number) ? value : quote(value.toString()));
			}
		});
		return line.toString();
	}

	/**
	 * Quotes text, with escapes as in JSON for quotes, control characters, and characters
	 * that change how a line is shown.
	 */
	static String quote(String text) {
		StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				quoted.append('\\').append(c);
			}
			else if (Character.isISOControl(c) || isInvisible(c)) {
				quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
			}
			else {
				quoted.append(c);
			}
		}
		return quoted.append('"').toString();
	}

	private static boolean isInvisible(char c) {
		int type = Character.getType(c);
		return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
	}

}
