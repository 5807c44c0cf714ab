package io.appdbs.query.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes possible passwords from a statement. Statements are not parsed, because each
 * server has its own rules for where a literal ends: everything after the keyword is
 * removed.
 */
public final class SqlSecrets {

	private static final Pattern WORD = Pattern
		.compile("(?i)\\bidentified(?=\\W)|(?:password|passwd|secret)\\w*|\\bsalt(?=\\s*')");

	private static final Pattern UNQUOTED = Pattern.compile("(?i)\\s*(?:by|with|via|as|using)\\b.*", Pattern.DOTALL);

	private static final Pattern QUOTE = Pattern.compile("['\"]|\\$\\w*\\$");

	private static final Pattern USER_INFORMATION = Pattern.compile("://[^/\\s'\"@]*@");

	private SqlSecrets() {
	}

	/**
	 * Returns whether the values of the parameters may be passwords.
	 */
	static boolean isAboutSecrets(String sql) {
		return WORD.matcher(sql).find();
	}

	/**
	 * Returns the statement up to the place where a password may follow as a literal.
	 * @param sql the statement
	 * @return the statement without passwords
	 */
	public static String hide(String sql) {
		String hidden = sql;
		Matcher word = WORD.matcher(sql);
		if (word.find()) {
			String rest = sql.substring(word.end());
			if (QUOTE.matcher(rest).find() || UNQUOTED.matcher(rest).matches()) {
				hidden = sql.substring(0, word.end()) + " ***";
			}
		}
		return USER_INFORMATION.matcher(hidden).replaceAll("://***@");
	}

}
