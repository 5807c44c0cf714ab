package io.appdbs.rls.verify.catalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings in a condition of a policy as {@code pg_get_expr} prints it, which is
 * always in the same form whatever form it was written in.
 */
public final class PolicyExpression {

	/** A setting that is not one of the server's own. */
	private static final String CALL = "current_setting\\('([^'.]+\\.[^']+)'::text(, true|, false)?\\)";

	private static final String SOUND_CALL = "current_setting\\('[^'.]+\\.[^']+'::text, true\\)";

	private static final String SOUND_READ = "NULLIF\\(%s, ''::text\\)".formatted(SOUND_CALL);

	private static final String WRAPPED = "(?:\\( SELECT )?%s(?: AS current_setting\\))?".formatted(SOUND_CALL);

	private static final String LITERAL = "'(?:[^']|'')+'::text";

	private static final Pattern READ = Pattern.compile(CALL);

	private static final Pattern READ_OR_NULL = Pattern.compile("NULLIF\\(%1$s, ''::text\\)|%1$s".formatted(CALL));

	/**
	 * Where an empty setting does no harm: where it is made NULL, and where it is
	 * compared for being equal to a text that is not empty.
	 */
	private static final Pattern SOUND = Pattern.compile(
			String.join("|", SOUND_READ, "%s = %s".formatted(WRAPPED, LITERAL), "%s = %s".formatted(LITERAL, WRAPPED),
					"%1$s = ANY \\(ARRAY\\[%2$s(?:, %2$s)*\\]\\)".formatted(WRAPPED, LITERAL),
					"%s = ANY \\(+(?: SELECT )?string_to_array\\(%s, '[^']+'::text\\)".formatted(LITERAL, WRAPPED)));

	/**
	 * A column has to equal what is NULL without a user, and nothing else lets rows
	 * through.
	 */
	private static final Pattern STRICT = Pattern
		.compile("\\((?:\\w+|\"[^\"]+\") = (?:\\( SELECT )?\\(*%s\\)*(?:::[a-z ]+)?(?: AS \"?\\w+\"?)?\\)*"
			.formatted(SOUND_READ));

	private static final Pattern STRUCTURE = Pattern
		.compile("E?'(?:[^'\\\\]|''|\\\\.)*'|\"(?:[^\"]|\"\")*\"|\\(\\s*SELECT\\b|\\(|\\)");

	private final String text;

	public PolicyExpression(String text) {
		this.text = text;
	}

	/**
	 * Returns the settings that are read, in lower case, which the server does not list
	 * from upper case.
	 * @return the settings that are read, in lower case, which the server does not list
	 * from upper case
	 */
	public Set<String> settings() {
		return READ.matcher(this.text)
			.results()
			.map((match) -> match.group(1).toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns whether it can be seen that the condition compares a column with the user,
	 * and is not true for any row while there is no user.
	 * @return whether it can be seen that the condition compares a column with the user,
	 * and is not true for any row while there is no user
	 */
	public boolean isStrict() {
		return STRICT.matcher(this.text).matches();
	}

	/**
	 * Returns the parts of the condition that compare a column with the user.
	 * @return the parts of the condition that compare a column with the user
	 */
	public List<String> strictParts() {
		return STRICT.matcher(this.text)
			.results()
			.map((match) -> match.group().substring(0, new PrintedSql(match.group()).findClosing(0)))
			.distinct()
			.toList();
	}

	/**
	 * Returns whether it makes no difference if a setting is empty or was never set.
	 * @return whether it makes no difference if a setting is empty or was never set
	 */
	public boolean isSound() {
		return !READ.matcher(this.text.replaceAll(SOUND_READ, "")).find();
	}

	/**
	 * Returns the condition with all settings read soundly.
	 * @return the condition with all settings read soundly
	 */
	public String readSoundly() {
		Matcher matcher = SOUND.matcher(this.text);
		StringBuilder changed = new StringBuilder();
		int end = 0;
		while (matcher.find()) {
			changed.append(readSoundly(this.text.substring(end, matcher.start()))).append(matcher.group());
			end = matcher.end();
		}
		return changed.append(readSoundly(this.text.substring(end))).toString();
	}

	private static String readSoundly(String text) {
		return READ_OR_NULL.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement("(SELECT NULLIF(current_setting('%s', true), ''))"
				.formatted((match.group(1) != null) ? match.group(1) : match.group(3))));
	}

	/**
	 * Returns the condition with each setting that is read once per row in a sub-select,
	 * which the server evaluates once per statement.
	 * @return the same text if there is none
	 */
	public String wrap() {
		StringBuilder wrapped = new StringBuilder();
		Matcher matcher = READ_OR_NULL.matcher(this.text);
		int end = 0;
		while (matcher.find()) {
			if (!isInSubSelect(matcher.start())) {
				wrapped.append(this.text, end, matcher.start()).append("(SELECT ").append(matcher.group()).append(')');
				end = matcher.end();
			}
		}
		return wrapped.append(this.text.substring(end)).toString();
	}

	private boolean isInSubSelect(int position) {
		Deque<Boolean> open = new ArrayDeque<>();
		Matcher matcher = STRUCTURE.matcher(this.text);
		while (matcher.find() && matcher.start() < position) {
			String token = matcher.group();
			if (token.startsWith("(")) {
				open.push(token.length() > 1);
			}
			else if (token.equals(")") && !open.isEmpty()) {
				open.pop();
			}
		}
		return open.contains(true);
	}

}
