package io.appdbs.rls.verify.witness;

import java.util.List;
import java.util.stream.Stream;

/**
 * The contexts in which the conditions of a table were evaluated.
 *
 * @param withoutUser those without a user
 * @param user that of user B
 * @param partial those of user B without one of the settings that are not required
 */
public record WitnessContexts(List<WitnessContext> withoutUser, WitnessContext user, List<WitnessContext> partial) {

	/**
	 * Returns those with a user.
	 */
	public List<WitnessContext> withUser() {
		return Stream.concat(Stream.of(this.user), this.partial.stream()).toList();
	}

}
