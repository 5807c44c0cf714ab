package io.appdbs.rls.verify;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition of a policy as {@code pg_get_expr} prints it, which is always in the same
 * form whatever form it was written in.
 */
final class PolicyExpression {

	/** A setting that is not one of the server's own. */
	private static final String CALL = "current_setting\\('([^'.]+\\.[^']+)'::text(, true|, false)?\\)";

	private static final String SOUND_CALL = "current_setting\\('[^'.]+\\.[^']+'::text, true\\)";

	private static final String WRAPPED = "(?:\\( SELECT )?%s(?: AS current_setting\\))?".formatted(SOUND_CALL);

	private static final String LITERAL = "'(?:[^']|'')+'::text";

	private static final Pattern READ = Pattern.compile(CALL);

	private static final Pattern READ_OR_NULL = Pattern.compile("NULLIF\\(%1$s, ''::text\\)|%1$s".formatted(CALL));

	/**
	 * Where an empty setting does no harm: where it is made NULL, and where it is
	 * compared for being equal to a text that is not empty.
	 */
	private static final Pattern SOUND = Pattern
		.compile(String.join("|", "NULLIF\\(%s, ''::text\\)".formatted(SOUND_CALL),
				"%s = %s".formatted(WRAPPED, LITERAL), "%s = %s".formatted(LITERAL, WRAPPED),
				"%1$s = ANY \\(ARRAY\\[%2$s(?:, %2$s)*\\]\\)".formatted(WRAPPED, LITERAL),
				"%s = ANY \\(+(?: SELECT )?string_to_array\\(%s, '[^']+'::text\\)".formatted(LITERAL, WRAPPED)));

	/**
	 * A column has to equal what is NULL without a user, and nothing else lets rows
	 * through.
	 */
	private static final Pattern STRICT = Pattern.compile(
			"\\((?:\\w+|\"[^\"]+\") = (?:\\( SELECT )?\\(*NULLIF\\(%s, ''::text\\)\\)*(?:::[a-z ]+)?(?: AS \"?\\w+\"?)?\\)*"
				.formatted(SOUND_CALL));

	private static final Pattern USER = Pattern.compile("\\b(CURRENT_USER|SESSION_USER|CURRENT_ROLE)\\b");

	private final String text;

	PolicyExpression(String text) {
		this.text = text;
	}

	/**
	 * Return the settings that are read, in lower case, which the server does not tell
	 * from upper case.
	 */
	Set<String> settings() {
		return READ.matcher(this.text)
			.results()
			.map((match) -> match.group(1).toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Return whether the condition can tell users apart by itself.
	 */
	boolean readsContext(Collection<String> settings) {
		Set<String> read = settings();
		return this.text.equals("false") || USER.matcher(this.text).find()
				|| settings.stream().anyMatch((setting) -> read.contains(setting.toLowerCase(Locale.ROOT)));
	}

	/**
	 * Return whether it can be seen that the condition is not true for any row while
	 * there is no user.
	 */
	boolean isStrict() {
		return STRICT.matcher(this.text).matches();
	}

	/**
	 * Return whether a setting is read in a way that fails where it was never set.
	 */
	boolean failsWhereUnset() {
		return READ.matcher(this.text).results().anyMatch((match) -> !", true".equals(match.group(2)));
	}

	/**
	 * Return whether a setting is read in a way that takes an empty one for a value.
	 */
	boolean trustsEmpty() {
		return READ.matcher(SOUND.matcher(this.text).replaceAll("")).find();
	}

	/**
	 * Return the condition with all settings read soundly.
	 */
	String mend() {
		Matcher matcher = SOUND.matcher(this.text);
		StringBuilder mended = new StringBuilder();
		int end = 0;
		while (matcher.find()) {
			mended.append(mend(this.text.substring(end, matcher.start()))).append(matcher.group());
			end = matcher.end();
		}
		return mended.append(mend(this.text.substring(end))).toString();
	}

	private static String mend(String text) {
		return READ_OR_NULL.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement("(SELECT NULLIF(current_setting('%s', true), ''))"
				.formatted((match.group(1) != null) ? match.group(1) : match.group(3))));
	}

}
