package io.appdbs.replica;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentWrites}.
 */
class RecentWritesTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

	private final AtomicReference<Object> writer = new AtomicReference<>("alice");

	private final RecentWrites writes = new RecentWrites(Duration.ofSeconds(2), this.writer::get, this.now::get);

	@Test
	void aWriteIsRecentWhileUnderWayAndForAPeriodAfterwards() {
		Object alice = this.writes.begin();
		elapse(Duration.ofMinutes(1));
		assertThat(this.writes.isRecent()).isTrue();
		this.writes.end(alice);
		elapse(Duration.ofMillis(1999));
		assertThat(this.writes.isRecent()).isTrue();
		elapse(Duration.ofMillis(1));
		assertThat(this.writes.isRecent()).isFalse();
	}

	@Test
	void whenOneOfSeveralWritesHasEndedThenTheOtherIsStillUnderWay() {
		Object one = this.writes.begin();
		this.writes.begin();
		this.writes.end(one);
		elapse(Duration.ofMinutes(1));
		assertThat(this.writes.isRecent()).isTrue();
	}

	@Test
	void aWriteIsRecentForItsWriterOnly() {
		Object alice = this.writes.begin();
		this.writer.set("bob");
		this.writes.end(alice);
		assertThat(this.writes.isRecent()).isFalse();
		this.writer.set("alice");
		assertThat(this.writes.isRecent()).isTrue();
	}

	@Test
	void whenManyHaveWrittenThenWritesUnderWayAreNotForgotten() {
		this.writes.begin();
		for (int i = 0; i < 1000; i++) {
			this.writer.set(i);
			this.writes.end(this.writes.begin());
			elapse(Duration.ofSeconds(1));
		}
		assertThat(this.writes.isRecent()).isTrue();
		this.writer.set(0);
		assertThat(this.writes.isRecent()).isFalse();
		this.writer.set("alice");
		assertThat(this.writes.isRecent()).isTrue();
	}

	private void elapse(Duration duration) {
		this.now.addAndGet(duration.toNanos());
	}

}
