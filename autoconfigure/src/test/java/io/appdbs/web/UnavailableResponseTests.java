package io.appdbs.web;

import java.time.Duration;
import java.time.Instant;

import io.appdbs.DatabaseOutage;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.mongo.MongoDatabaseDownException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnavailableResponse}.
 */
class UnavailableResponseTests {

	@Test
	void retryAfterIsTheTimeUntilTheNextAttempt() {
		assertThat(retryAfter(Duration.ofSeconds(300))).isEqualTo("300");
	}

	@Test
	void whenTheNextAttemptIsDueThenRetryAfterIsOneSecond() {
		assertThat(retryAfter(Duration.ofMillis(200))).isEqualTo("1");
		assertThat(retryAfter(Duration.ofSeconds(-5))).isEqualTo("1");
	}

	@Test
	void whenThereIsNoNextAttemptThenRetryAfterIsOneSecond() {
		assertThat(retryAfter(null)).isEqualTo("1");
	}

	@Test
	void theFailureIsFoundAmongTheCauses() {
		DatabaseOutage outage = new DatabaseOutage("orders", "reason", Instant.now(), null);
		assertThat(UnavailableResponse.to(new IllegalStateException(new CannotCreateTransactionException("failed",
				new DataAccessResourceFailureException("failed", new DatabaseDownException(outage))))))
			.isNotNull();
		assertThat(UnavailableResponse.to(new MongoDatabaseDownException(outage))).isNotNull();
		assertThat(UnavailableResponse.to(new DataAccessResourceFailureException("failed"))).isNull();
	}

	private static String retryAfter(@Nullable Duration delay) {
		Instant next = (delay != null) ? Instant.now().plus(delay) : null;
		UnavailableResponse response = UnavailableResponse
			.to(new DatabaseDownException(new DatabaseOutage("orders", "reason", Instant.now(), next)));
		assertThat(response).isNotNull();
		return response.getRetryAfter();
	}

}
