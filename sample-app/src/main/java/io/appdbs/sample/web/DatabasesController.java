package io.appdbs.sample.web;

import java.time.Instant;
import java.util.List;

import io.appdbs.Database;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;

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

	record DatabaseView(String name, String engine, DatabaseState state, Instant since) {

		static DatabaseView of(Database database) {
			return new DatabaseView(database.getName(), database.getEngine(), database.getState(), database.getSince());
		}

	}

}
