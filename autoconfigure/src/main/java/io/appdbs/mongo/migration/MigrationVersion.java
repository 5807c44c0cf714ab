package io.appdbs.mongo.migration;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The version of a migration: 1.0 equals 1 and is less than 1.10.
 *
 * @param parts the numbers, without zeros at the end
 */
record MigrationVersion(List<BigInteger> parts) implements Comparable<MigrationVersion> {

	private static final Pattern FORMAT = Pattern.compile("\\d+([._]\\d+)*");

	/**
	 * Parses a version.
	 * @param text numbers separated by dots or underscores
	 * @return the version or {@code null} if the text is not a version
	 */
	static @Nullable MigrationVersion parse(String text) {
		if (!FORMAT.matcher(text).matches()) {
			return null;
		}
		List<BigInteger> parts = Stream.of(text.split("[._]")).map(BigInteger::new).toList();
		int length = parts.size();
		while (length > 1 && parts.get(length - 1).signum() == 0) {
			length--;
		}
		return new MigrationVersion(parts.subList(0, length));
	}

	@Override
	public int compareTo(MigrationVersion other) {
		for (int i = 0; i < Math.max(this.parts.size(), other.parts.size()); i++) {
			int result = part(i).compareTo(other.part(i));
			if (result != 0) {
				return result;
			}
		}
		return 0;
	}

	private BigInteger part(int index) {
		return (index < this.parts.size()) ? this.parts.get(index) : BigInteger.ZERO;
	}

	@Override
	public String toString() {
		return this.parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
	}

}
