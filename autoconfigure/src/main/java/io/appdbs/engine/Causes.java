package io.appdbs.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Walks from an exception to its causes. Ends at an exception that it has already
 * visited, as drivers and frameworks can create circular chains.
 */
public final class Causes {

	private Causes() {
	}

	/**
	 * Returns an exception and its causes, outermost first.
	 * @param failure the exception or {@code null} for none
	 * @return a stream without duplicates, empty if the exception is {@code null}
	 */
	public static Stream<Throwable> of(@Nullable Throwable failure) {
		return of(failure, (each) -> Stream.empty());
	}

	/**
	 * Returns an exception with all that can be reached from it: causes and other
	 * exceptions, such as suppressed ones.
	 * @param failure the exception or {@code null} for none
	 * @param others returns the other exceptions that one refers to
	 * @return a stream without duplicates, empty if the exception is {@code null}
	 */
	public static Stream<Throwable> of(@Nullable Throwable failure,
			Function<Throwable, Stream<? extends Throwable>> others) {
		List<Throwable> found = new ArrayList<>();
		Set<Throwable> visited = Collections.newSetFromMap(new IdentityHashMap<>());
		Deque<Throwable> open = new ArrayDeque<>();
		Stream.ofNullable(failure).forEach(open::push);
		while (!open.isEmpty()) {
			Throwable current = open.pop();
			if (visited.add(current)) {
				found.add(current);
				Stream.ofNullable(current.getCause()).forEach(open::push);
				others.apply(current).forEach(open::push);
			}
		}
		return found.stream();
	}

	/**
	 * Finds the outermost exception of a type.
	 * @param <T> the type
	 * @param type the type
	 * @param failure the exception where the search begins
	 * @return the exception or {@code null} if neither it nor a cause has the type
	 */
	public static <T> @Nullable T find(Class<T> type, Throwable failure) {
		return of(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

}
