package io.appdbs.actuate.page;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Stream;

import io.appdbs.embedded.EmbeddedServers;
import io.appdbs.testsupport.ActuatorApplication;
import io.appdbs.testsupport.TcpProxy;
import jakarta.servlet.Filter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the status page in Chromium, under a Content Security Policy that permits
 * nothing but files of the application. Skipped unless the folder of the system property
 * {@code appdbs.chromium}, {@code /usr/bin} by default, contains Chromium and its driver.
 * With the system property {@code appdbs.screenshots}, pictures are written to that
 * folder.
 */
class StatusPageBrowserTests {

	private static final String FOLDER = System.getProperty("appdbs.chromium", "/usr/bin");

	private static final AtomicInteger requests = new AtomicInteger();

	private static EmbeddedServers servers;

	private static TcpProxy proxy;

	private static ActuatorApplication application;

	private static ChromeDriver browser;

	@BeforeAll
	static void start() throws IOException {
		File chromium = find("chromium");
		File driver = find("chromedriver");
		Assumptions.assumeTrue(chromium != null && driver != null,
				"Chromium and its driver are not installed in " + FOLDER);
		servers = new EmbeddedServers(null);
		String url = servers.getUrl("embedded:postgresql", "orders");
		String address = url.substring(url.indexOf('@') + 1);
		address = address.substring(0, address.indexOf('/'));
		proxy = new TcpProxy(address);
		application = ActuatorApplication.run(WebApplicationType.SERVLET, Security.class,
				"management.endpoint.databases.show-values=always", "management.endpoint.databases.access=unrestricted",
				"app.dbs.orders.url=" + url.replace(address, proxy.address()), "app.dbs.orders.health.interval=500ms",
				"app.dbs.orders.health.timeout=200ms", "app.dbs.orders.pool.max-size=5",
				"app.dbs.catalog.url=embedded:mongodb", "app.dbs.audit.url=jdbc:h2:mem:audit",
				"app.dbs.reviews.url=postgresql://127.0.0.1:1/reviews", "app.dbs.reviews.required=false");
		browser = startBrowser(chromium, driver);
	}

	private static File find(String program) {
		File file = new File(FOLDER, program);
		return file.canExecute() ? file : null;
	}

	/**
	 * Names browser and driver, as Selenium would otherwise download them.
	 */
	private static ChromeDriver startBrowser(File chromium, File driver) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		return new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
	}

	@AfterAll
	static void stop() throws Exception {
		for (AutoCloseable resource : new AutoCloseable[] { (browser != null) ? browser::quit : null, application,
				proxy, servers }) {
			if (resource != null) {
				resource.close();
			}
		}
	}

	@BeforeEach
	@AfterEach
	void serverRuns() {
		proxy.resume();
		Awaitility.await().until(() -> "UP".equals(application.get("/databases/orders").at("state")));
	}

	@Test
	void aStoppedDatabaseShowsWithoutAReload() {
		open("", 1400, "light");
		assertThat(state("orders")).isEqualTo("UP");
		browser.executeScript("window.notReloaded = true");
		proxy.refuse();
		Awaitility.await().until(() -> "DOWN".equals(state("orders")));
		assertThat(browser.getTitle()).isEqualTo("2 down – Databases");
		assertThat(browser.findElement(By.id("status")).getDomProperty("textContent"))
			.isEqualTo("Of 4 databases: 2 down (orders, reviews), 2 up.");
		assertThat(browser.findElements(By.cssSelector("tbody th a")).get(0).getText()).isEqualTo("orders");
		screenshot("stopped");
		proxy.resume();
		Awaitility.await().until(() -> "UP".equals(state("orders")));
		assertThat(browser.executeScript("return window.notReloaded")).isEqualTo(true);
		assertNothingOnTheConsole();
	}

	@Test
	void pauseStopsRequests() {
		open("", 1400, "light");
		int loaded = requests.get();
		Awaitility.await().until(() -> requests.get() > loaded + 1);
		browser.findElement(By.id("pause")).click();
		assertThat(browser.findElement(By.id("pause")).getDomAttribute("aria-pressed")).isEqualTo("true");
		assertThat(browser.findElement(By.id("status")).getText()).isEqualTo("Paused");
		// the request that was under way has ended by the time that further ones would be
		// made
		browser.executeAsyncScript("setTimeout(arguments[0], 2500)");
		int paused = requests.get();
		browser.executeAsyncScript("setTimeout(arguments[0], 5000)");
		assertThat(requests).hasValue(paused);
		browser.findElement(By.id("pause")).click();
		Awaitility.await().until(() -> requests.get() > paused);
	}

	@Test
	void focusAndSelectionSurviveAnUpdate() {
		open("/orders", 1400, "light");
		browser.executeScript("""
				document.querySelector('nav a').focus();
				getSelection().selectAllChildren(document.querySelector('#operations code'));""");
		String before = asOf();
		Awaitility.await().until(() -> !asOf().equals(before));
		assertThat(browser.switchTo().activeElement().getText()).isEqualTo("All databases");
		assertThat(browser.executeScript("return getSelection().toString()"))
			.isEqualTo("curl -H 'Content-Type: application/json' -d '{\"operation\": \"probe\"}' '%s'"
				.formatted(browser.getCurrentUrl()));
	}

	private static String asOf() {
		return String.valueOf(browser.executeScript("return document.querySelector('main > .note time').dateTime"));
	}

	@Test
	void withoutScriptThePageIsComplete() {
		browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
		try {
			browser.get(address(""));
			assertThat(browser.findElement(By.id("summary")).getText())
				.isEqualTo("Of 4 databases: 1 down (reviews), 3 up.");
			assertThat(browser.findElement(By.id("pause")).isDisplayed()).isFalse();
			assertThat(state("reviews")).isEqualTo("DOWN");
		}
		finally {
			browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
		}
	}

	@ParameterizedTest
	@CsvSource({ "320, light", "320, dark", "1400, light", "1400, dark" })
	void everybodyCanReadThePages(int width, String scheme) throws IOException {
		for (String path : List.of("", "/orders", "/reviews", "/unknown")) {
			open(path, width, scheme);
			screenshot("%s-%d-%s".formatted(path.isEmpty() ? "all" : path.substring(1), width, scheme));
			assertThat((Long) browser
				.executeScript("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
				.as("width that is hidden of " + path)
				.isZero();
			// the failed request of the unknown name is on the console
			if (!path.equals("/unknown")) {
				assertNothingOnTheConsole();
			}
			assertThat(findViolations()).as(path).isEmpty();
		}
	}

	@SuppressWarnings("unchecked")
	private static List<String> findViolations() throws IOException {
		try (InputStream script = StatusPageBrowserTests.class.getResourceAsStream("/axe.min.js")) {
			browser.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
		}
		return (List<String>) browser.executeAsyncScript("""
				axe.run().then((result) => arguments[0](result.violations.map(
					(it) => it.id + ': ' + it.nodes.map((node) => node.html).join(' '))));""");
	}

	private static void open(String path, int width, String scheme) {
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
		browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		browser.manage().logs().get(LogType.BROWSER);
		browser.get(address(path));
		assertThat(browser.executeScript("return matchMedia('(width: %dpx)').matches".formatted(width)))
			.isEqualTo(true);
		Awaitility.await().until(() -> browser.findElement(By.id("pause")).isDisplayed());
	}

	private static String address(String path) {
		return PageClient.of(application).resolve("/actuator/databases" + path).toString();
	}

	private static String state(String database) {
		return String.valueOf(browser
			.executeScript("return document.querySelector('#db-%s .state').textContent".formatted(database)));
	}

	private static void assertNothingOnTheConsole() {
		assertThat(Stream.of(browser.manage().logs().get(LogType.BROWSER).getAll().toArray())).isEmpty();
	}

	private static void screenshot(String name) {
		String folder = System.getProperty("appdbs.screenshots");
		if (folder != null) {
			try {
				Files.write(Path.of(folder, name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Security {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((authorize) -> authorize.anyRequest().permitAll())
				.csrf(AbstractHttpConfigurer::disable)
				.headers((headers) -> headers.contentSecurityPolicy(
						(policy) -> policy.policyDirectives("default-src 'self'; object-src 'none'; base-uri 'none'")))
				.build();
		}

		@Bean
		Filter requestCounter() {
			return (request, response, chain) -> {
				requests.incrementAndGet();
				chain.doFilter(request, response);
			};
		}

	}

}
