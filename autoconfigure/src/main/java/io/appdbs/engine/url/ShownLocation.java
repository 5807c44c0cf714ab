package io.appdbs.engine.url;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The location of a file without its secrets, for messages. The user information of a URL
 * can contain a password, and its query a signature.
 */
public final class ShownLocation {

	private static final String HIDDEN = "***";

	/** A single letter is a drive of Windows. */
	private static final Pattern LOCAL = Pattern
		.compile("(?is)(optional:)?(file:(?!//[^/])|filesystem:|classpath\\*?:|[a-z]:|/(?!/)).*|[^:]*");

	private static final Pattern SCHEME = Pattern.compile("(?i)([a-z][a-z0-9+.-]*:)*/*");

	private static final Pattern QUERY = Pattern.compile("(?s)([?#]).*");

	private ShownLocation() {
	}

	/**
	 * Returns a location without user information, query and fragment. If a special
	 * character is not encoded, so that any part can belong to a password, only the
	 * scheme remains.
	 * @param location the location as configured
	 * @return the location to show; a file or a path on the class path is unchanged
	 */
	public static String of(String location) {
		if (LOCAL.matcher(location).matches()) {
			return location;
		}
		Matcher scheme = SCHEME.matcher(location);
		int start = scheme.lookingAt() ? scheme.end() : 0;
		int at = location.lastIndexOf('@');
		if (at >= UrlParts.authorityEnd(location, start)) {
			return location.substring(0, start) + HIDDEN;
		}
		String shown = (at >= 0) ? location.substring(0, start) + HIDDEN + location.substring(at) : location;
		return QUERY.matcher(shown).replaceFirst("$1" + HIDDEN);
	}

	/**
	 * Returns the cause of an exception about a location. The messages of causes contain
	 * the location with its secrets.
	 * @param location the location as configured
	 * @param cause the cause
	 * @return the cause, or {@code null} if the location has secrets
	 */
	public static @Nullable Exception cause(String location, Exception cause) {
		return of(location).equals(location) ? cause : null;
	}

}
