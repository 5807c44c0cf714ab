package io.appdbs.config;

import java.util.Locale;

import io.appdbs.engine.Causes;
import org.jspecify.annotations.Nullable;

import org.springframework.util.PlaceholderResolutionException;

/**
 * A placeholder that cannot be resolved. It may be part of a password.
 *
 * @param placeholder the placeholder without its braces
 * @param circular whether it refers back to itself
 */
record UnresolvedPlaceholder(String placeholder, boolean circular) {

	/**
	 * Returns the placeholder that caused a failure. The exception must not be shown,
	 * because it contains values.
	 * @param failure the failure
	 * @return the placeholder, or {@code null} if the failure has another cause
	 */
	static @Nullable UnresolvedPlaceholder find(Throwable failure) {
		PlaceholderResolutionException exception = Causes.find(PlaceholderResolutionException.class, failure);
		return (exception != null) ? new UnresolvedPlaceholder(exception.getPlaceholder(),
				String.valueOf(exception.getMessage()).startsWith("Circular")) : null;
	}

	/**
	 * Returns the problem.
	 * @param key the full key
	 * @param value the value as written, or {@code null} if it is not a secret
	 * @return a full sentence
	 */
	String describe(String key, @Nullable String value) {
		String reason = this.circular ? "refers back to itself" : "cannot be resolved";
		return isShown(key, value) ? "'%s' refers to '${%s}', which %s.".formatted(key, this.placeholder, reason)
				: "'%s' has a '${' in it that begins a placeholder, which %s.".formatted(key, reason);
	}

	/**
	 * Returns how to fix it.
	 * @param key the full key
	 * @param value the value as written, or {@code null} if it is not a secret
	 * @return full sentences
	 */
	String getAction(String key, @Nullable String value) {
		if (!isShown(key, value)) {
			return "Set the environment variable or property that it refers to. If it is part of the value itself, write '\\${' in place of '${', and '\\\\${' in a properties file.";
		}
		return this.circular ? "Give '%s' a value that does not refer to it.".formatted(this.placeholder)
				: "Set the environment variable or property '%s', or write a default: '${%s:...}'."
					.formatted(this.placeholder, this.placeholder);
	}

	/**
	 * Returns whether the placeholder is certainly not part of a secret. A placeholder in
	 * another property, to which the value refers, may be.
	 */
	private boolean isShown(String key, @Nullable String value) {
		String last = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
		boolean url = last.endsWith("url");
		if (value == null || !(url || last.contains("password") || last.contains("secret") || last.contains("token"))) {
			return true;
		}
		int start = value.indexOf("${" + this.placeholder);
		int end = value.indexOf('}', start) + 1;
		if (start < 0 || end == 0) {
			return false;
		}
		String before = value.substring(0, start);
		String after = value.substring(end);
		return (before + after).isEmpty() || (url && isWhole(before, after));
	}

	/**
	 * A user, a password or the value of a parameter is either entirely a reference or
	 * contains other text.
	 */
	private static boolean isWhole(String before, String after) {
		if (after.indexOf('@') >= 0) {
			return before.matches("[^@]*//([^:/@]*:)?") && after.matches("[:@].*");
		}
		return !before.matches(".*[?;].*") || (before.matches(".*[?&;=]") && after.matches("([&;].*)?"));
	}

}
