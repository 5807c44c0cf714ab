package io.appdbs.sample.web;

import java.time.Instant;
import java.util.List;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DatabasesController {

	private final Databases databases;

	DatabasesController(Databases databases) {
		this.databases = databases;
	}

	@GetMapping("/databases")
	List<DatabaseView> list() {
		return this.databases.stream().map(DatabaseView::of).toList();
	}

	/**
	 * A database.
	 *
	 * @param suspended whether an operator keeps callers away from it
	 * @param failure why it is down, or {@code null} while it is up
	 */
	record DatabaseView(String name, String engine, DatabaseState state, Instant since, boolean suspended,
			@Nullable String failure) {

		static DatabaseView of(Database database) {
			Throwable failure = (database.getState() == DatabaseState.DOWN) ? database.getLastFailure() : null;
			return new DatabaseView(database.getName(), database.getEngine(), database.getState(), database.getSince(),
					database.getSnapshot().suspended(), (failure != null) ? failure.getMessage() : null);
		}

	}

}
