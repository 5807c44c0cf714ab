package io.appdbs.mongo.index;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An index that is not the same on the server as in the entities.
 *
 * @param kind how it differs
 * @param index the collection and the name of the index
 * @param should the declared index or {@code null} if no entity declares it
 * @param is the index of the server or {@code null} if there is none
 * @param reason why it could not be created, in the words of the server, or {@code null}
 */
record IndexFinding(Kind kind, String index, @Nullable DeclaredIndex should, @Nullable IndexEssence is,
		@Nullable String reason) {

	static IndexFinding of(Kind kind, DeclaredIndex should, @Nullable IndexEssence is) {
		return new IndexFinding(kind, should.toString(), should, is, null);
	}

	static IndexFinding extra(String collection, String name, IndexEssence is) {
		return new IndexFinding(Kind.EXTRA, collection + "." + name, null, is, null);
	}

	static IndexFinding failed(DeclaredIndex should, String reason) {
		return new IndexFinding(Kind.FAILED, should.toString(), should, null, reason);
	}

	/**
	 * Returns whether the server accepts duplicates that the entities exclude.
	 */
	boolean acceptsDuplicates() {
		return (this.kind == Kind.MISSING || this.kind == Kind.DIFFERENT) && isUnique()
				&& (this.is == null || !this.is.isUnique());
	}

	/**
	 * Returns whether the index is still to be created.
	 */
	boolean isPending() {
		return this.kind == Kind.BUILDING && this.is == null;
	}

	boolean isUnique() {
		return this.should != null && this.should.isUnique();
	}

	/**
	 * Returns the finding for operators.
	 */
	Map<String, Object> toDetails() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("index", this.index);
		IndexEssence should = (this.should != null) ? this.should.essence() : null;
		if (should != null && this.is != null && this.kind == Kind.DIFFERENT) {
			details.put("is", this.is.describeDifference(should));
			details.put("should", should.describeDifference(this.is));
		}
		else {
			put(details, "is", (should != null) ? null : this.is);
			put(details, "should", (this.is != null) ? null : should);
		}
		if (isUnique() && this.kind != Kind.BUILDING) {
			details.put("unique", true);
		}
		put(details, "reason", this.reason);
		return details;
	}

	private static void put(Map<String, Object> details, String key, @Nullable Object value) {
		if (value != null) {
			details.put(key, value.toString());
		}
	}

	/**
	 * Returns the name and what is there or should be.
	 */
	@Override
	public String toString() {
		Map<String, Object> details = toDetails();
		if (this.kind == Kind.DIFFERENT) {
			return "%s (is %s, should be %s)".formatted(this.index, details.get("is"), details.get("should"));
		}
		Object definition = details.getOrDefault("should", details.get("is"));
		return (definition != null) ? this.index + " " + definition : this.index;
	}

	/**
	 * How an index differs.
	 */
	enum Kind {

		/**
		 * It is created at present, or will be.
		 */
		BUILDING,

		/**
		 * There is none.
		 */
		MISSING,

		/**
		 * There is another one of that name.
		 */
		DIFFERENT,

		/**
		 * It could not be created.
		 */
		FAILED,

		/**
		 * No entity declares it.
		 */
		EXTRA;

		/**
		 * Returns the name for operators.
		 */
		String getName() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
