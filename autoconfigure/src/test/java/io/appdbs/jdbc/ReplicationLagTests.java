package io.appdbs.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.appdbs.engine.replication.ReplicationPosition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplicationLag}.
 */
class ReplicationLagTests {

	private final AtomicLong now = new AtomicLong();

	private final ReplicationLag lag = new ReplicationLag(this.now::get);

	@Test
	void whenTheDatabaseHasNoPositionThenTheLagIsUnknown() {
		replicaAt(10);
		assertThat(this.lag.get("replica")).isNull();
	}

	@Test
	void whenTheReplicaHasAllChangesThenItDoesNotLag() {
		databaseAt(0, 10);
		replicaAt(10);
		assertThat(this.lag.get("replica")).isZero();
		replicaAt(12);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheReplicaLacksAChangeThenItLagsSinceTheChangeWasFirstObserved() {
		databaseAt(0, 10);
		databaseAt(1, 20);
		databaseAt(2, 30);
		databaseAt(5, 30);
		replicaAt(10);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(4));
		replicaAt(29);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(3));
		replicaAt(30);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheDatabaseDoesNotAnswerThenTheLagDoesNotGrow() {
		databaseAt(0, 10);
		databaseAt(1, 20);
		this.now.set(Duration.ofMinutes(5).toNanos());
		replicaAt(10);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheReplicaDoesNotReportItsPositionThenTheLagIsUnknown() {
		databaseAt(0, 10);
		replicaAt(10);
		this.lag.replicaAt("replica", null);
		assertThat(this.lag.get("replica")).isNull();
	}

	@Test
	void afterAFailOverToAServerThatIsFurtherBackItsPositionsCount() {
		databaseAt(0, 100);
		databaseAt(1, 50);
		databaseAt(2, 60);
		replicaAt(60);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void theOldestOfManyPositionsAreDiscarded() {
		for (int i = 0; i < 10_000; i++) {
			databaseAt(i, i);
		}
		replicaAt(-1);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(4095));
	}

	private void databaseAt(long second, long position) {
		this.now.set(Duration.ofSeconds(second).toNanos());
		this.lag.databaseAt(new At(position));
	}

	private void replicaAt(long position) {
		this.lag.replicaAt("replica", new At(position));
	}

	private record At(long position) implements ReplicationPosition {

		@Override
		public boolean contains(ReplicationPosition other) {
			return this.position >= ((At) other).position;
		}

	}

}
