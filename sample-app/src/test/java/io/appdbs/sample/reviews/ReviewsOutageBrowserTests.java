package io.appdbs.sample.reviews;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;

import io.appdbs.sample.Browser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the first page while a database is down or suspended.
 */
class ReviewsOutageBrowserTests extends AbstractReviewsOutageTests {

	private static Browser browser;

	@BeforeAll
	static void start() {
		browser = Browser.start();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
	}

	@Test
	void theOpenPageShowsTheOutageAndItsEnd() throws SQLException, IOException {
		startServer();
		browser.open(getAddress(), 1280, "light");
		awaitState("reviews", "UP");
		assertThat(browser.text("#summary")).isEqualTo("5 databases: all are up.");
		stopServer();
		awaitState("reviews", "DOWN");
		assertThat(browser.text("#summary")).isEqualTo("Down: reviews.");
		assertThat(browser.text("#announcement")).isEqualTo("Down: reviews.");
		assertThat(browser.text("#db-reviews .response")).isEqualTo("–");
		browser.screenshot("sample-down");
		startServer();
		awaitState("reviews", "UP");
		assertThat(browser.text("#announcement")).isEqualTo("5 databases: all are up.");
		assertThat(browser.console()).isEmpty();
	}

	@Test
	void aSuspendedDatabaseIsNotCalledDown() throws SQLException, IOException {
		startServer();
		browser.open(getAddress(), 1280, "dark");
		awaitState("inventory", "UP");
		operate("suspend");
		try {
			awaitState("inventory", "SUSPENDED");
			assertThat(browser.text("#summary")).isEqualTo("Suspended: inventory.");
			browser.screenshot("sample-suspended");
		}
		finally {
			operate("resume");
		}
		awaitState("inventory", "UP");
	}

	private static void awaitState(String database, String state) {
		Awaitility.await().atMost(TIMEOUT).until(() -> browser.text("#db-%s .state".formatted(database)).equals(state));
	}

	private void operate(String operation) {
		createClient().post()
			.uri("/actuator/databases/inventory")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("operation", operation))
			.exchange()
			.expectStatus()
			.isOk();
	}

}
