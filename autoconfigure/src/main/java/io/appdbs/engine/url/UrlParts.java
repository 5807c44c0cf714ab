package io.appdbs.engine.url;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@code scheme://authority/path?query} URL, none of them decoded.
 *
 * @param scheme the scheme in lower case
 * @param userInfo what is in front of the {@code @} or {@code null}
 * @param hosts the hosts as written, possibly empty
 * @param path what follows the slash after the hosts, possibly empty
 * @param query what follows the question mark or {@code null}
 */
public record UrlParts(String scheme, @Nullable String userInfo, String hosts, String path, @Nullable String query) {

	/**
	 * The fix for characters that are not encoded.
	 */
	public static final String ENCODING_ACTION = "Percent-encode what is special in a URL: '@' as %40, ':' as %3A, "
			+ "'/' as %2F, '?' as %3F, '#' as %23 and '%' as %25.";

	/**
	 * Splits a URL.
	 * @param url the URL
	 * @return its parts
	 * @throws InvalidUrlException if the URL has no such parts or is ambiguous
	 */
	public static UrlParts split(String url) {
		int schemeEnd = url.indexOf("://");
		if (schemeEnd <= 0) {
			throw new InvalidUrlException("is not of the form scheme://host/database",
					"Write it as scheme://host:port/database, for example postgresql://localhost:5432/orders.");
		}
		checkUnambiguous(url);
		int start = schemeEnd + 3;
		int end = authorityEnd(url, start);
		String authority = url.substring(start, end);
		int at = authority.indexOf('@');
		int query = url.indexOf('?', end);
		int pathEnd = (query >= 0) ? query : url.length();
		return new UrlParts(url.substring(0, schemeEnd).toLowerCase(Locale.ROOT),
				(at >= 0) ? authority.substring(0, at) : null, authority.substring(at + 1),
				(end < pathEnd) ? url.substring(end + 1, pathEnd) : "", (query >= 0) ? url.substring(query + 1) : null);
	}

	/**
	 * Returns where the authority ends that begins at the given index.
	 * @param url the URL
	 * @param start the index of the first character of the authority
	 * @return the index after its last character
	 */
	public static int authorityEnd(String url, int start) {
		int end = start;
		while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
			end++;
		}
		return end;
	}

	/**
	 * Returns only the scheme, because the other parts can contain secrets.
	 */
	@Override
	public String toString() {
		return "UrlParts[" + this.scheme + "]";
	}

	/**
	 * A special character in a password that is not encoded shifts the parts, so that a
	 * part of the password would be used as a host, port or database.
	 * @param url the URL
	 */
	private static void checkUnambiguous(String url) {
		int end = authorityEnd(url, url.indexOf("://") + 3);
		int at = url.indexOf('@');
		if (at >= 0 && (at > end || at != url.lastIndexOf('@'))) {
			throw new InvalidUrlException(
					"has an '@' other than the one that separates user and password from the hosts", ENCODING_ACTION);
		}
		if (url.indexOf('#') >= 0) {
			throw new InvalidUrlException("has a '#', which is not percent-encoded", ENCODING_ACTION);
		}
	}

}
