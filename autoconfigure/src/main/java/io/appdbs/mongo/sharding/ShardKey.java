package io.appdbs.mongo.sharding;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.bson.Document;

/**
 * The key of a sharded collection, with the names of fields. Their order matters.
 *
 * @param fields the fields with {@code 1} or {@code hashed}
 */
record ShardKey(Document fields) {

	static final String HASHED = "hashed";

	/**
	 * Creates a key, with numbers in one form: servers return 1, 1L or 1.0.
	 */
	static ShardKey of(Document fields) {
		Document key = new Document();
		fields.forEach((field, kind) -> key.append(field, (kind instanceof Number number) ? number.intValue() : kind));
		return new ShardKey(key);
	}

	boolean isHashed() {
		return this.fields.containsValue(HASHED);
	}

	/**
	 * Returns whether the key of an index begins with this key.
	 */
	boolean isPrefixOf(Document index) {
		List<Map.Entry<String, Object>> own = new ArrayList<>(this.fields.entrySet());
		List<Map.Entry<String, Object>> others = new ArrayList<>(of(index).fields.entrySet());
		return others.size() >= own.size() && others.subList(0, own.size()).equals(own);
	}

	/**
	 * Documents are equal whatever the order of their fields is.
	 */
	@Override
	public boolean equals(Object other) {
		return other instanceof ShardKey key
				&& List.copyOf(this.fields.entrySet()).equals(List.copyOf(key.fields.entrySet()));
	}

	@Override
	public int hashCode() {
		return this.fields.hashCode();
	}

	/**
	 * Returns the key as a shell expects it.
	 */
	@Override
	public String toString() {
		return this.fields.toJson();
	}

}
