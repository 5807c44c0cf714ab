package io.appdbs.testsupport.documentdb;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;

/**
 * The commands that are going to fail.
 */
final class Failures {

	private static final Failure NONE = Failure.delay("", Duration.ZERO);

	private final List<Failure> failures = new LinkedList<>();

	synchronized void add(Failure failure) {
		for (int i = 0; i < failure.times(); i++) {
			this.failures.add(failure);
		}
	}

	/**
	 * Returns how the server answers a command.
	 */
	synchronized Failure next(String command) {
		for (Iterator<Failure> failures = this.failures.iterator(); failures.hasNext();) {
			Failure failure = failures.next();
			if (failure.command().equals(command)) {
				failures.remove();
				return failure;
			}
		}
		return NONE;
	}

}
