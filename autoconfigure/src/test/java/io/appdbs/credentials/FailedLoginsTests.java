package io.appdbs.credentials;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailedLogins}.
 */
class FailedLoginsTests {

	private final FailedLogins logins = new FailedLogins();

	private final IllegalStateException failure = new IllegalStateException("Expected by the test");

	@Test
	void aRefusedLoginIsNotRetriedAtOnce() {
		assertThat(this.logins.check(target("first"))).isNull();
		this.logins.refused(target("first"), this.failure);
		assertThat(this.logins.check(target("first"))).isSameAs(this.failure);
		assertThat(this.logins.getDelay()).isPositive();
	}

	@Test
	void otherCredentialsAreTriedAtOnceAndTheRefusedOnesStayBlocked() {
		this.logins.refused(target("first"), this.failure);
		assertThat(this.logins.check(target("second"))).isNull();
		this.logins.refused(target("second"), this.failure);
		assertThat(this.logins.check(target("first"))).isSameAs(this.failure);
		assertThat(this.logins.check(target("second"))).isSameAs(this.failure);
	}

	@Test
	void whenClearedThenTheLoginMayBeTriedAtOnce() {
		this.logins.refused(target("first"), this.failure);
		this.logins.clear();
		assertThat(this.logins.check(target("first"))).isNull();
		assertThat(this.logins.getDelay()).isZero();
	}

	@Test
	void theDelayGrowsWithEachRefusal() {
		for (int i = 0; i < 10; i++) {
			this.logins.refused(target("first"), this.failure);
		}
		assertThat(this.logins.getDelay()).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(5));
	}

	private static DatabaseConnectionDetails target(String password) {
		return new DatabaseConnectionDetails("jdbc:postgresql://db/orders", List.of("db:5432"), "orders", "anna",
				password, Map.of());
	}

}
