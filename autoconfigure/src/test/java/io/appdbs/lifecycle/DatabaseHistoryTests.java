package io.appdbs.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.appdbs.DatabaseState;
import io.appdbs.lifecycle.history.DatabaseHistory;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseHistory} and its owner, the {@link DatabaseStatusHolder}.
 */
class DatabaseHistoryTests {

	private final DatabaseStatusHolder status = new DatabaseStatusHolder();

	@Test
	void changesOfTheStateAreKeptTheLatestFirst() {
		down("no answer");
		down("still no answer");
		Instant since = this.status.get().since();
		this.status.change(DatabaseStatus::recovered, (from, to) -> {
		});
		assertThat(this.status.getHistory().getChanges()).containsExactly(
				new DatabaseStateChange(this.status.get().since(), DatabaseState.DOWN, DatabaseState.UP, null),
				new DatabaseStateChange(since, DatabaseState.STARTING, DatabaseState.DOWN, "no answer"));
	}

	@Test
	void theOldestChangesAreForgotten() {
		List<DatabaseStateChange> all = new ArrayList<>();
		for (int i = 0; i < 15; i++) {
			down("outage " + i);
			all.add(0, this.status.getHistory().getChanges().get(0));
			this.status.change(DatabaseStatus::recovered, (from, to) -> {
			});
			all.add(0, this.status.getHistory().getChanges().get(0));
		}
		assertThat(this.status.getHistory().getChanges()).hasSize(DatabaseHistory.MAX_CHANGES)
			.isEqualTo(all.subList(0, DatabaseHistory.MAX_CHANGES));
	}

	private void down(String reason) {
		this.status.change((status) -> status.down(new IllegalStateException(), reason, null), (from, to) -> {
		});
	}

}
