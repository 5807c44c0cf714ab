package io.appdbs.engine.url;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding in UTF-8, in which a plus sign is a plus sign.
 */
public final class PercentEncoding {

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
		if (text.indexOf('%') < 0) {
			return text;
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int i = 0;
		while (i < text.length()) {
			int codePoint = text.codePointAt(i);
			if (codePoint == '%') {
				bytes.write(decodeEscape(text, i, part));
				i += 3;
			}
			else {
				bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
				i += Character.charCount(codePoint);
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			// Without the cause: nothing of the text may travel on.
			throw new InvalidUrlException("has " + part + " whose percent-encoding is not UTF-8",
					UrlParts.ENCODING_ACTION);
		}
	}

	private static int decodeEscape(String text, int index, String part) {
		int high = (index + 2 < text.length()) ? Character.digit(text.charAt(index + 1), 16) : -1;
		int low = (index + 2 < text.length()) ? Character.digit(text.charAt(index + 2), 16) : -1;
		if (high < 0 || low < 0) {
			throw new InvalidUrlException("has " + part + " with a '%' that is not followed by two hexadecimal digits",
					UrlParts.ENCODING_ACTION);
		}
		return (high << 4) + low;
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
