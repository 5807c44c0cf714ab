package io.appdbs.engine.inspection.mysql;

import java.util.regex.Pattern;

/**
 * Writes names as the SQL of MySQL and MariaDB does.
 */
final class MySqlNames {

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

	private MySqlNames() {
	}

	/**
	 * Returns a name in quotes, for a statement, since it may be a reserved word.
	 */
	static String quote(String name) {
		return "`" + name.replace("`", "``") + "`";
	}

	/**
	 * Returns a name for a report, in quotes only if it has other characters than letters
	 * and digits.
	 */
	static String display(String name) {
		return PLAIN.matcher(name).matches() ? name : quote(name);
	}

	/**
	 * Returns the name of an index for a report. Only within its table it is unique.
	 */
	static String displayIndex(String table, String index) {
		return display(table) + "." + display(index);
	}

	/**
	 * Returns a name of a report in quotes.
	 */
	static String quoteDisplayed(String displayed) {
		return displayed.startsWith("`") ? displayed : quote(displayed);
	}

}
