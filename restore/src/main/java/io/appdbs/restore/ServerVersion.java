package io.appdbs.restore;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The product and the version of a server.
 *
 * @param product the product, for example {@code PostgreSQL}
 * @param major the first number
 * @param minor the second number
 * @param text the version as reported, without the distribution
 */
record ServerVersion(String product, int major, int minor, String text) {

	static final String POSTGRESQL = "PostgreSQL";

	static final String MARIADB = "MariaDB";

	static final String MYSQL = "MySQL";

	private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.(\\d+))?[\\w.]*");

	/**
	 * Reads the first version in a text.
	 * @throws RestoreFailure if there is none
	 */
	static ServerVersion parse(String product, String text) throws RestoreFailure {
		Matcher matcher = VERSION.matcher(text);
		if (!matcher.find()) {
			throw new RestoreFailure("The version of " + product + " is not known: '" + text + "'.");
		}
		int minor = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : 0;
		return new ServerVersion(product, Integer.parseInt(matcher.group(1)), minor, matcher.group());
	}

	/**
	 * Returns the release series: the first number of PostgreSQL, the first two numbers
	 * of MariaDB and MySQL.
	 */
	String series() {
		return this.product.equals(POSTGRESQL) ? Integer.toString(this.major) : this.major + "." + this.minor;
	}

	/**
	 * Returns whether the release series is older than that of another server.
	 */
	boolean isOlderThan(ServerVersion other) {
		if (this.major != other.major) {
			return this.major < other.major;
		}
		return !this.product.equals(POSTGRESQL) && this.minor < other.minor;
	}

	@Override
	public String toString() {
		return this.product + " " + this.text;
	}

}
