package io.appdbs.engine.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import org.springframework.util.StringUtils;

/**
 * Percent-encoding in UTF-8, in which a plus sign is a plus sign.
 */
public final class PercentEncoding {

	/** Stands for bytes that are not UTF-8. */
	private static final char REPLACEMENT_CHARACTER = '\uFFFD';

	private PercentEncoding() {
	}

	/**
	 * Decode a part of a URL.
	 * @param text the text
	 * @param part the name of the part for the message, for example {@code a password}
	 * @return the decoded text
	 * @throws InvalidUrlException if a {@code %} is not followed by two hexadecimal
	 * digits or the bytes are not UTF-8
	 */
	public static String decode(String text, String part) {
		try {
			String decoded = StringUtils.uriDecode(text, StandardCharsets.UTF_8);
			if (text.indexOf('%') < 0 || decoded.indexOf(REPLACEMENT_CHARACTER) < 0) {
				return decoded;
			}
		}
		catch (IllegalArgumentException ex) {
			// Without the cause, whose message repeats the text.
			throw new InvalidUrlException("has " + part + " with a '%' that is not followed by two hexadecimal digits",
					UrlParts.ENCODING_ACTION);
		}
		throw new InvalidUrlException("has " + part + " whose percent-encoding is not UTF-8", UrlParts.ENCODING_ACTION);
	}

	/**
	 * Encode a part of a URL, a space as {@code %20}.
	 * @param text the text
	 * @return the encoded text
	 */
	public static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

}
