package io.appdbs.mongo.validator;

import org.jspecify.annotations.Nullable;

/**
 * A regular expression of PCRE that a whole string has to match.
 *
 * @param expression the expression without anchors, complete in itself
 * @param referring whether it refers to its groups by number
 */
record ServerPattern(String expression, boolean referring) {

	/**
	 * Returns the pattern that matches the strings that both match. Only one of them can
	 * have numbered groups.
	 * @return the pattern, {@code null} if there is none
	 */
	@Nullable ServerPattern and(ServerPattern other) {
		if (this.referring && other.referring) {
			return null;
		}
		ServerPattern first = other.referring ? other : this;
		ServerPattern second = other.referring ? this : other;
		return new ServerPattern("(?=%s\\z)%s".formatted(first.expression, second.expression),
				this.referring || other.referring);
	}

	/**
	 * Returns the pattern with anchors: without them, it would have to match a part only.
	 */
	@Override
	public String toString() {
		return "\\A%s\\z".formatted(this.expression);
	}

}
