package io.appdbs.rls.verify.catalog;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One reason why row-level security does not hold, or may not.
 *
 * @param type what was found
 * @param severity how much it matters
 * @param object the object of the database, for example {@code table public.orders}
 * @param reason why it matters, the predicate of a sentence about the object
 * @param fix the SQL that removes the finding, or a sentence, or {@code null} if no fix
 * is known
 */
public record Finding(FindingType type, Severity severity, String object, String reason, @Nullable String fix) {

	/**
	 * Creates a new {@link Finding} of the usual severity.
	 */
	public Finding(FindingType type, String object, String reason, @Nullable String fix) {
		this(type, type.severity(), object, reason, fix);
	}

	public Map<String, String> toMap() {
		Map<String, String> map = new LinkedHashMap<>();
		map.put("id", this.type.id());
		map.put("severity", this.severity.name());
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

}
