package io.appdbs.query.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a statement what may be a password. Statements are not parsed, as each
 * server has its own rules of where a literal ends: what follows the word is left out as
 * a whole.
 */
final class SqlSecrets {

	private static final Pattern WORD = Pattern
		.compile("(?i)\\bidentified(?=\\W)|(?:password|passwd|secret)\\w*|\\bsalt(?=\\s*')");

	private static final Pattern UNQUOTED = Pattern.compile("(?i)\\s*(?:by|with|via|as|using)\\b.*", Pattern.DOTALL);

	private static final Pattern QUOTE = Pattern.compile("['\"]|\\$\\w*\\$");

	private static final Pattern USER_INFORMATION = Pattern.compile("://[^/\\s'\"@]*@");

	private SqlSecrets() {
	}

	/**
	 * Return whether the values of the parameters may be passwords.
	 */
	static boolean isAboutSecrets(String sql) {
		return WORD.matcher(sql).find();
	}

	/**
	 * Return the statement up to where a password may follow as a literal.
	 */
	static String hide(String sql) {
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
