package io.appdbs.credentials;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CredentialsRequests}.
 */
class CredentialsRequestsTests {

	private static final DatabaseCredentials CREDENTIALS = new DatabaseCredentials("anna", "s3cr3t");

	@Test
	void whenOneRequestFollowsAnotherThenBothAreAnswered() throws InterruptedException {
		CredentialsRequests requests = new CredentialsRequests("orders", () -> CREDENTIALS, Duration.ofSeconds(30));
		for (int i = 0; i < 20_000; i++) {
			assertThat(requests.ask()).isSameAs(CREDENTIALS);
		}
	}

	@Test
	void whenTheProviderHangsThenItIsNotCalledAgainUntilItReturns() throws InterruptedException {
		CountDownLatch end = new CountDownLatch(1);
		AtomicInteger calls = new AtomicInteger();
		CredentialsRequests requests = new CredentialsRequests("orders", () -> {
			calls.incrementAndGet();
			while (end.getCount() > 0) {
				// does not end when it is interrupted
				Thread.onSpinWait();
			}
			return CREDENTIALS;
		}, Duration.ofMillis(50));
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(DatabaseCredentialsException.class).isThrownBy(requests::ask)
				.withMessage("its credentials provider has not answered within 50 ms.");
		}
		assertThat(calls).hasValue(1);
		end.countDown();
		Awaitility.await()
			.ignoreExceptionsInstanceOf(DatabaseCredentialsException.class)
			.untilAsserted(() -> assertThat(requests.ask()).isSameAs(CREDENTIALS));
	}

}
