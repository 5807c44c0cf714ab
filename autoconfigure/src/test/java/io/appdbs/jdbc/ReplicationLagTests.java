package io.appdbs.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReplicationLag}.
 */
class ReplicationLagTests {

	private final AtomicLong now = new AtomicLong();

	private final ReplicationLag lag = new ReplicationLag(this.now::get);

	@Test
	void whenNothingIsKnownOfTheDatabaseThenTheLagIsNotKnown() {
		this.lag.replicaAt("replica", 10L);
		assertThat(this.lag.get("replica")).isNull();
	}

	@Test
	void whenTheReplicaHasAllThatTheDatabaseHasThenItDoesNotLag() {
		this.lag.databaseAt(10L);
		this.lag.replicaAt("replica", 10L);
		assertThat(this.lag.get("replica")).isZero();
		this.lag.replicaAt("replica", 12L);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheReplicaLacksAChangeThenItLagsSinceTheDatabaseWasFirstSeenToHaveIt() {
		databaseAt(0, 10L);
		databaseAt(1, 20L);
		databaseAt(2, 30L);
		databaseAt(5, 30L);
		this.lag.replicaAt("replica", 10L);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(4));
		this.lag.replicaAt("replica", 29L);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(3));
		this.lag.replicaAt("replica", 30L);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheDatabaseDoesNotAnswerThenTheLagDoesNotGrow() {
		databaseAt(0, 10L);
		databaseAt(1, 20L);
		this.now.set(Duration.ofMinutes(5).toNanos());
		this.lag.replicaAt("replica", 10L);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenTheReplicaDoesNotTellItsPositionThenTheLagIsNotKnown() {
		databaseAt(0, 10L);
		this.lag.replicaAt("replica", 10L);
		this.lag.replicaAt("replica", null);
		assertThat(this.lag.get("replica")).isNull();
	}

	@Test
	void whenAnotherServerThatIsFurtherBackStandsForTheDatabaseThenItsPositionsCount() {
		databaseAt(0, 100L);
		databaseAt(1, 50L);
		databaseAt(2, 60L);
		this.lag.replicaAt("replica", 60L);
		assertThat(this.lag.get("replica")).isZero();
	}

	@Test
	void whenThereAreManyPositionsThenTheOldestAreForgotten() {
		for (int i = 0; i < 10_000; i++) {
			databaseAt(i, (long) i);
		}
		this.lag.replicaAt("replica", -1L);
		assertThat(this.lag.get("replica")).isEqualTo(Duration.ofSeconds(4095));
	}

	private void databaseAt(long second, long position) {
		this.now.set(Duration.ofSeconds(second).toNanos());
		this.lag.databaseAt(position);
	}

}
