package io.appdbs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/keys.md} is what the configuration metadata says. With the
 * system property {@code write-pages}, it writes the page.
 */
class KeysPageTests {

	static final String COMMAND = "./mvnw test -pl bom,.,autoconfigure -Dtest=KeysPageTests -Dwrite-pages";

	private static final Path PAGE = Path.of("../docs/keys.md");

	@Test
	void pageIsWhatTheMetadataSays() throws IOException {
		String page = new KeysPage().write();
		if (System.getProperty("write-pages") != null) {
			Files.writeString(PAGE, page);
		}
		List<String> committed = Files.readAllLines(PAGE);
		List<String> differences = page.lines().filter((line) -> !committed.contains(line)).toList();
		assertThat(page.equals(Files.readString(PAGE)))
			.as("docs/keys.md differs from the configuration metadata. Write it with: %s%nNew lines: %s", COMMAND,
					differences)
			.isTrue();
	}

}
