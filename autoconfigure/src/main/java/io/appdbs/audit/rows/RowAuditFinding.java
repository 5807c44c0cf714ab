package io.appdbs.audit.rows;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.appdbs.inspection.Severity;
import org.jspecify.annotations.Nullable;

/**
 * One reason why changes of rows are not recorded, or the log can be changed.
 *
 * @param type what was found
 * @param object the object of the database, for example {@code table public.orders}
 * @param reason why it matters, the predicate of a sentence about the object
 * @param fix the SQL that removes the finding, or a sentence, or {@code null} if no fix
 * is known
 */
record RowAuditFinding(Type type, String object, String reason, @Nullable String fix) {

	/**
	 * Returns whether the finding prevents the database from coming up.
	 */
	boolean isError() {
		return this.type.severity == Severity.ERROR;
	}

	Map<String, String> toMap() {
		Map<String, String> map = new LinkedHashMap<>();
		map.put("id", this.type.id());
		map.put("severity", this.type.severity.name());
		map.put("object", this.object);
		map.put("reason", this.reason);
		if (this.fix != null) {
			map.put("fix", this.fix);
		}
		return map;
	}

	/**
	 * Returns the identifier of the type, in brackets, and a sentence.
	 */
	@Override
	public String toString() {
		return "[%s] %s %s.".formatted(this.type.id(), this.object, this.reason);
	}

	/**
	 * What is found. The name in lower case, with hyphens, is the identifier that
	 * operators see; it never changes.
	 */
	enum Type {

		/** The server does not answer what its catalog is asked. */
		UNVERIFIABLE(Severity.ERROR),

		/** A key of the settings names what does not exist, or is no table. */
		UNKNOWN_TABLE(Severity.ERROR),

		/** The login is a superuser or can become one. */
		LOGIN_SUPERUSER(Severity.ERROR),

		/** The login can turn off the triggers of its session. */
		TRIGGERS_SUSPENDABLE(Severity.ERROR),

		/** The login has the rights of the owner. */
		OWNED_BY_LOGIN(Severity.ERROR),

		/** No trigger records a change. */
		TRIGGER_MISSING(Severity.ERROR),

		/** A trigger that would record a change does not fire. */
		TRIGGER_DISABLED(Severity.ERROR),

		/** A trigger records only some changes. */
		TRIGGER_CONDITIONAL(Severity.ERROR),

		/** The function runs with the rights of its caller. */
		FUNCTION_INVOKER(Severity.ERROR),

		/** The function looks up names where the login can create objects. */
		FUNCTION_SEARCH_PATH(Severity.ERROR),

		/** The login may change the log. */
		LOG_WRITABLE(Severity.ERROR),

		/** A rule applies to new entries. */
		LOG_RULE(Severity.ERROR),

		/** A trigger can discard or change new entries. */
		LOG_TRIGGER(Severity.ERROR),

		/** TRUNCATE is granted, which records no values. */
		TRUNCATE_GRANTED(Severity.WARN),

		/** A column whose values are not to be recorded does not exist. */
		EXCLUDED_COLUMN_UNKNOWN(Severity.WARN),

		/** The function does not read the setting that has the user. */
		USER_NOT_RECORDED(Severity.WARN);

		private final Severity severity;

		Type(Severity severity) {
			this.severity = severity;
		}

		String id() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
