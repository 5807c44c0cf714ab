package io.appdbs.engine.inspection;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Hides secrets in the texts of statements that a server reports.
 */
public final class StatementTexts {

	/** Other statements, such as those that create a login, may contain a secret. */
	private static final Pattern WITHOUT_SECRETS = Pattern.compile(
			"\\s*(/\\*.*?\\*/\\s*)*\\(*\\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH|VALUES|TABLE|CALL|EXECUTE|FETCH|COPY|BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|LOCK|TRUNCATE|VACUUM|ANALYZE|REINDEX|OPTIMIZE|SHOW)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern FIRST_WORDS = Pattern.compile("\\s*(\\w+(?:\\s+\\w+)?)");

	private StatementTexts() {
	}

	/**
	 * Returns a text without secrets.
	 * @param text the text, possibly cut
	 * @return the text or, for a statement that may contain a secret, its first two words
	 */
	public static @Nullable String hideSecrets(@Nullable String text) {
		if (text == null || WITHOUT_SECRETS.matcher(text).matches()) {
			return text;
		}
		Matcher words = FIRST_WORDS.matcher(text);
		return words.lookingAt() ? words.group(1) + " …" : "…";
	}

}
