package io.appdbs.rls;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One reason why row-level security does not hold.
 *
 * @param object the object of the database, for example {@code table public.orders}
 * @param reason why it matters, the predicate of a sentence about the object
 * @param fix the SQL that mends it or, where none does, a sentence
 */
record Finding(String object, String reason, String fix) {

	Map<String, String> toMap() {
		Map<String, String> map = new LinkedHashMap<>();
		map.put("object", this.object);
		map.put("reason", this.reason);
		map.put("fix", this.fix);
		return map;
	}

	/**
	 * Return the object and what is wrong with it as a sentence.
	 */
	@Override
	public String toString() {
		return this.object + " " + this.reason + ".";
	}

}
