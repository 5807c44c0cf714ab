package io.appdbs.actuate;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.actuate.DatabasesEndpoint.PageDescriptor;
import io.appdbs.lifecycle.DatabaseLifecycle;
import org.jspecify.annotations.Nullable;

/**
 * Selects some of many databases.
 *
 * @param state the state of the databases, or {@code null} for all
 * @param number the number of the page
 */
record DatabasePages(@Nullable DatabaseState state, int number) {

	private static final int SIZE = 100;

	static DatabasePages of(@Nullable String state, @Nullable String page) {
		return new DatabasePages((state != null) ? parseState(state) : null, (page != null) ? parsePage(page) : 0);
	}

	private static DatabaseState parseState(String state) {
		return Stream.of(DatabaseState.values())
			.filter((it) -> name(it).equals(state.toLowerCase(Locale.ROOT)))
			.findFirst()
			.orElseThrow(() -> OperationRequest.unknown("state", state,
					Stream.of(DatabaseState.values()).map(DatabasePages::name).collect(Collectors.joining(", "))));
	}

	private static String name(DatabaseState state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	private static int parsePage(String page) {
		try {
			int number = Integer.parseInt(page);
			if (number >= 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// rejected like a negative number
		}
		throw OperationRequest.invalid("'page' cannot be '%s': it must be a number from 0 on.".formatted(page));
	}

	/**
	 * Selects the databases, without a snapshot of each.
	 */
	Selected select(DatabaseLifecycle lifecycle) {
		List<String> names = lifecycle.stream()
			.filter((database) -> this.state == null || database.getState() == this.state)
			.map(Database::getName)
			.toList();
		int pages = Math.max(1, (names.size() + SIZE - 1) / SIZE);
		if (this.number >= pages) {
			throw OperationRequest
				.invalid("There is no page %d. The last one is %d.".formatted(this.number, pages - 1));
		}
		int begin = this.number * SIZE;
		return new Selected(names.subList(begin, Math.min(begin + SIZE, names.size())),
				(pages > 1) ? new PageDescriptor(this.number, pages, names.size()) : null);
	}

	/**
	 * The selected databases.
	 *
	 * @param names their names
	 * @param page the page or {@code null} if there is only one
	 */
	record Selected(List<String> names, @Nullable PageDescriptor page) {

	}

}
