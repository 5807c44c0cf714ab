package io.appdbs.backup.check;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.backup.ArchiveStatus;
import io.appdbs.engine.archive.ArchiverReading;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArchiveObservation}.
 */
class ArchiveObservationTests {

	private static final Instant BEGIN = Instant.parse("2026-11-27T00:00:00Z");

	private final ArchiveObservation observation = new ArchiveObservation();

	@Test
	void aServerThatDoesNotWriteHasNoLag() {
		assertThat(lag(600, 100, false, 0)).isNull();
		assertThat(lag(900, 100, false, 0)).isNull();
		assertThat(lag(90_000, 100, false, 0)).isNull();
	}

	@Test
	void theLagOfAServerThatWasIdleBeginsWhenItWrites() {
		lag(600, 100, false, 0);
		lag(90_000, 100, false, 0);
		assertThat(lag(90_300, 101, false, 0)).hasSeconds(300);
		assertThat(lag(90_600, 102, false, 0)).hasSeconds(600);
		assertThat(lag(90_900, 103, false, 0)).hasSeconds(900);
	}

	@Test
	void archivingEndsTheLag() {
		lag(600, 100, false, 0);
		lag(900, 200, false, 0);
		assertThat(lag(1200, 300, false, 1150)).hasSeconds(50);
		assertThat(lag(1500, 400, false, 1150)).hasSeconds(350);
	}

	@Test
	void theLagEndsWhenTheServerNoLongerWrites() {
		lag(600, 100, false, 0);
		lag(900, 200, false, 0);
		assertThat(lag(1200, 200, false, 0)).isNull();
	}

	@Test
	void aSegmentThatWaitsIsALagEvenIfTheServerNoLongerWrites() {
		lag(600, 100, false, 0);
		lag(900, 200, true, 0);
		assertThat(lag(1200, 200, true, 0)).hasSeconds(600);
	}

	@Test
	void aSegmentThatWaitsIsALagFromTheFirstReadingOn() {
		assertThat(lag(7200, 100, true, 100)).hasSeconds(7100);
	}

	@Test
	void aServerThatHasNeverArchivedLagsSinceTheFirstReading() {
		assertThat(add(600, 100, false, null, null)).isEqualTo(new ArchiveStatus(null, null, false));
		assertThat(add(900, 200, false, null, null)).isEqualTo(new ArchiveStatus(null, Duration.ofMinutes(5), false));
		assertThat(add(900, 200, true, null, 950)).isEqualTo(new ArchiveStatus(null, Duration.ofMinutes(5), true));
	}

	@ParameterizedTest
	@CsvSource({ "100,,false", "100,50,false", "100,100,false", "100,101,true", ",101,true", ",,false" })
	void onlyTheLaterOfSuccessAndFailureCounts(@Nullable Integer archived, @Nullable Integer failed, boolean failing) {
		assertThat(add(600, 100, false, archived, failed).failing()).isEqualTo(failing);
	}

	private @Nullable Duration lag(int time, long position, boolean waiting, int archived) {
		return add(time, position, waiting, archived, null).lag();
	}

	private ArchiveStatus add(int time, long position, boolean waiting, @Nullable Integer archived,
			@Nullable Integer failed) {
		return this.observation.add(new ArchiverReading(BEGIN.plusSeconds(time), position, waiting,
				(archived != null) ? BEGIN.plusSeconds(archived) : null,
				(failed != null) ? BEGIN.plusSeconds(failed) : null));
	}

}
