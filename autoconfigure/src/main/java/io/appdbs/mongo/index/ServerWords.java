package io.appdbs.mongo.index;

import java.util.regex.Pattern;

import com.mongodb.MongoCommandException;

/**
 * Describes a failure in the words of the server, without the values of documents.
 */
final class ServerWords {

	private static final Pattern VALUES = Pattern.compile("dup key:\\s*\\{.*}", Pattern.DOTALL);

	private ServerWords() {
	}

	/**
	 * Returns the message, the code and its name.
	 */
	static String of(MongoCommandException failure) {
		String message = VALUES.matcher(failure.getErrorMessage()).replaceAll("dup key: {…}").strip();
		String name = failure.getErrorCodeName();
		return "%s (code %d%s)".formatted(message.replaceFirst("\\.$", ""), failure.getErrorCode(),
				name.isEmpty() ? "" : ", " + name);
	}

}
