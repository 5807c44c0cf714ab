package io.appdbs.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.WebElement;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the first page in a {@link Browser}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class FirstPageBrowserTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static Browser browser;

	@LocalServerPort
	private int port;

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

	@ParameterizedTest
	@CsvSource({ "320, light", "320, dark", "1280, light", "1280, dark" })
	void everybodyCanReadTheStateOfAllDatabases(int width, String scheme) throws IOException {
		open(width, scheme);
		for (String name : List.of("catalog", "orders", "orders-replica-1", "inventory", "wishes", "reviews")) {
			assertThat(text(name, ".state")).isEqualTo("UP");
			assertThat(text(name, ".response")).matches("\\d+\\.\\d ms");
			assertThat(text(name, ".pool")).matches("\\d of 8 in use");
		}
		assertThat(text("orders-replica-1", ".lag")).startsWith("serves read-only transactions; lag ");
		assertThat(browser.text("#summary")).isEqualTo("5 databases and 1 replica: all are up.");
		assertThat(browser.text("#announcement")).isEmpty();
		browser.screenshot("sample-%d-%s".formatted(width, scheme));
		assertThat(
				browser.evaluate("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
			.isEqualTo(0L);
		assertThat(browser.console()).isEmpty();
		assertThat(browser.findViolations()).isEmpty();
	}

	@Test
	void everyCommandHasTheAddressOfTheShop() {
		open(1280, "light");
		assertThat(browser.findAll("pre")).extracting(WebElement::getText)
			.hasSizeGreaterThan(20)
			.filteredOn((command) -> command.startsWith("curl"))
			.hasSizeGreaterThan(15)
			.allMatch((command) -> command.contains("http://localhost:%d/".formatted(this.port)));
	}

	/**
	 * Browsers give no access to the clipboard at addresses other than {@code localhost}
	 * without TLS.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theButtonCopiesTheCommand(boolean isPermitted) {
		open(1280, "light");
		browser.execute("Browser.grantPermissions",
				Map.of("origin", address(), "permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
		if (!isPermitted) {
			browser.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not permitted'))");
		}
		WebElement button = browser.findAll(".command button").get(isPermitted ? 0 : 1);
		button.click();
		Awaitility.await().atMost(TIMEOUT).until(() -> button.getText().equals("Copied"));
		assertThat(browser.text("#announcement")).isEqualTo("Copied");
		assertThat(browser.evaluateLater("navigator.clipboard.readText().then(arguments[0])"))
			.isEqualTo(browser.findAll("pre").get(isPermitted ? 0 : 1).getText());
		Awaitility.await().atMost(TIMEOUT).until(() -> button.getText().equals("Copy"));
		assertThat(browser.console()).isEmpty();
	}

	@Test
	void withoutScriptThePageLeadsToTheStatusPage() {
		browser.execute("Emulation.setScriptExecutionDisabled", Map.of("value", true));
		try {
			browser.open(address(), 1280, "light");
			assertThat(browser.findAll("noscript a").get(0).getDomProperty("href"))
				.isEqualTo(address() + "/actuator/databases");
			assertThat(browser.findAll("#pause").get(0).isDisplayed()).isFalse();
		}
		finally {
			browser.execute("Emulation.setScriptExecutionDisabled", Map.of("value", false));
		}
	}

	private void open(int width, String scheme) {
		browser.open(address(), width, scheme);
		Awaitility.await().atMost(TIMEOUT).until(() -> browser.text("#summary").endsWith("all are up."));
	}

	private String address() {
		return "http://localhost:" + this.port;
	}

	private static String text(String database, String column) {
		return browser.text("#db-%s %s".formatted(database, column));
	}

}
