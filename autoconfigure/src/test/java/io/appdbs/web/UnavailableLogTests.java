package io.appdbs.web;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import io.appdbs.DatabaseOutage;
import io.appdbs.jdbc.DatabaseDownException;
import io.appdbs.testsupport.LoggedLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnavailableLog}.
 */
class UnavailableLogTests {

	private final AtomicLong now = new AtomicLong();

	private final UnavailableLog log = new UnavailableLog(this.now::get);

	@Test
	void oneRequestForEachDatabaseIsLoggedPerMinute() {
		try (LoggedLines lines = new LoggedLines()) {
			request("/orders/1", "orders");
			request("/orders/2", "orders");
			request("/audit", "audit");
			this.now.addAndGet(Duration.ofSeconds(59).toNanos());
			request("/orders/3", "orders");
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
			request("/orders/4", "orders");
			assertThat(lines.messages()).containsExactly(line("/orders/1", "orders"), line("/audit", "audit"),
					line("/orders/4", "orders"));
		}
	}

	private void request(String path, String database) {
		DatabaseOutage outage = new DatabaseOutage(database, "no server listens there", Instant.EPOCH, null);
		UnavailableResponse response = UnavailableResponse.to(new DatabaseDownException(outage));
		assertThat(response).isNotNull();
		this.log.log("GET", path, response);
	}

	private static String line(String path, String database) {
		return ("GET %s is answered with 503: Database '%s' is down since 1970-01-01T00:00:00Z: no server listens there."
				+ " Further such requests are logged at DEBUG for a minute.")
			.formatted(path, database);
	}

}
