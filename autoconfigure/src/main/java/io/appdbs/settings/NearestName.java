package io.appdbs.settings;

import java.util.Arrays;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Finds the name that a misspelled one most likely stands for.
 */
public final class NearestName {

	private NearestName() {
	}

	/**
	 * Returns the candidate that is similar to a name.
	 * @param name the name as written
	 * @param candidates the possible names
	 * @return the nearest candidate or {@code null} if none is near enough
	 */
	public static @Nullable String find(String name, Collection<String> candidates) {
		return find(name, candidates, Math.max(2, name.length() / 3));
	}

	/**
	 * Returns the candidate that is most similar to a name.
	 * @param name the name as written
	 * @param candidates the possible names
	 * @param limit maximum number of letters that are wrong, missing or added
	 * @return the nearest candidate or {@code null} if none is near enough
	 */
	public static @Nullable String find(String name, Collection<String> candidates, int limit) {
		String nearest = null;
		int best = limit + 1;
		for (String candidate : candidates) {
			int distance = distance(uniform(name), uniform(candidate));
			if (distance < best) {
				best = distance;
				nearest = candidate;
			}
		}
		return nearest;
	}

	/**
	 * Returns the uniform form of a name, which is equal for two spellings of it.
	 * @param name the name
	 * @return its letters and digits, in lower case
	 */
	public static String uniform(String name) {
		StringBuilder uniform = new StringBuilder(name.length());
		name.chars()
			.filter(Character::isLetterOrDigit)
			.map(Character::toLowerCase)
			.forEach((ch) -> uniform.append((char) ch));
		return uniform.toString();
	}

	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		Arrays.setAll(row, (i) -> i);
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int substitution = diagonal + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
