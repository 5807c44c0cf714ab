package com.example.shop;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Versions that the POM of this application leaves to {@code appdbs-bom}.
 */
class ManagedVersionsTests {

	@ParameterizedTest
	@MethodSource("libraries")
	void libraryHasTheVersionOfTheBom(String library) {
		assertThat(System.getProperty("java.class.path").split(File.pathSeparator))
			.extracting((entry) -> Path.of(entry).getFileName().toString())
			.contains(library + ".jar");
	}

	static String[] libraries() {
		String[] libraries = System.getProperty("libraries").split(" ");
		assertThat(Arrays.asList(libraries)).hasSize(5).noneMatch((library) -> library.contains("@"));
		return libraries;
	}

}
