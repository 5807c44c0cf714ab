package io.appdbs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the executable jar of the shop with generated ahead-of-time code. They run
 * after {@code package}.
 */
class PackagedShopTests extends AbstractShopTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	@TempDir
	private static Path directory;

	private static Path log;

	private static Process process;

	private static int port;

	@BeforeAll
	static void start() throws IOException {
		log = directory.resolve("shop.log");
		process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
				"-Dspring.aot.enabled=true", "-jar", System.getProperty("sample.jar"), "--server.port=0")
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		Awaitility.await().atMost(PATIENCE).until(() -> findPort() > 0 || !process.isAlive());
		port = findPort();
		assertThat(port).as(Files.readString(log)).isPositive();
	}

	@AfterAll
	static void stop() throws InterruptedException {
		process.destroy();
		if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
			process.destroyForcibly();
		}
	}

	private static int findPort() throws IOException {
		Matcher matcher = PORT.matcher(Files.readString(log));
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
	}

	@Override
	int port() {
		return port;
	}

	@Test
	void generatedCodeIsUsed() throws IOException {
		assertThat(Files.readString(log)).contains("Starting AOT-processed SampleApplication");
	}

}
