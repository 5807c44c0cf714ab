package io.appdbs.restore.program;

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
public record ServerVersion(String product, int major, int minor, String text) {

	/**
	 * The product PostgreSQL.
	 */
	public static final String POSTGRESQL = "PostgreSQL";

	/**
	 * The product MariaDB.
	 */
	public static final String MARIADB = "MariaDB";

	/**
	 * The product MySQL.
	 */
	public static final String MYSQL = "MySQL";

	private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.(\\d+))?[\\w.]*");

	/**
	 * Reads the first version in a text.
	 * @param product the product
	 * @param text the text
	 * @return the version
	 * @throws RestoreFailure if there is none
	 */
	public static ServerVersion parse(String product, String text) throws RestoreFailure {
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
	 * @return the series
	 */
	public String series() {
		return this.product.equals(POSTGRESQL) ? Integer.toString(this.major) : this.major + "." + this.minor;
	}

	/**
	 * Returns whether the release series is older than that of another server.
	 * @param other the other server, of the same product
	 * @return whether this one is older
	 */
	public boolean isOlderThan(ServerVersion other) {
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
