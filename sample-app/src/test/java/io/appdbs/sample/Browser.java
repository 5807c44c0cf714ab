package io.appdbs.sample;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium. Tests are skipped unless the folder of the system property
 * {@code appdbs.chromium}, {@code /usr/bin} by default, contains Chromium and its driver.
 * With the system property {@code appdbs.screenshots}, pictures are written to that
 * folder.
 */
public final class Browser implements AutoCloseable {

	private static final String FOLDER = System.getProperty("appdbs.chromium", "/usr/bin");

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/**
	 * Starts the browser, or skips the test.
	 */
	public static Browser start() {
		File chromium = new File(FOLDER, "chromium");
		File driver = new File(FOLDER, "chromedriver");
		Assumptions.assumeTrue(chromium.canExecute() && driver.canExecute(),
				"Chromium and its driver are not installed in " + FOLDER);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		// names the driver, as Selenium would otherwise download one
		return new Browser(
				new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options));
	}

	public void open(String address, int width, String scheme) {
		execute("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
		execute("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		this.driver.manage().logs().get(LogType.BROWSER);
		this.driver.get(address);
	}

	void execute(String command, Map<String, Object> parameters) {
		this.driver.executeCdpCommand(command, parameters);
	}

	Object evaluate(String script) {
		return this.driver.executeScript(script);
	}

	Object evaluateLater(String script) {
		return this.driver.executeAsyncScript(script);
	}

	List<WebElement> findAll(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	public String text(String selector) {
		return String.valueOf(evaluate("return document.querySelector('%s').textContent".formatted(selector)));
	}

	/**
	 * Returns what was written to the console since the page was opened.
	 */
	public List<String> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::toString).toList();
	}

	/**
	 * Returns the violations of accessibility on the page.
	 */
	@SuppressWarnings("unchecked")
	List<String> findViolations() throws IOException {
		try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
			evaluate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
		}
		return (List<String>) evaluateLater("""
				axe.run().then((result) => arguments[0](result.violations.map(
					(it) => it.id + ': ' + it.nodes.map((node) => node.html).join(' '))));""");
	}

	public void screenshot(String name) throws IOException {
		String folder = System.getProperty("appdbs.screenshots");
		if (folder != null) {
			Files.write(Path.of(folder, name + ".png"), this.driver.getScreenshotAs(OutputType.BYTES));
		}
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
