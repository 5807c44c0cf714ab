package io.appdbs.actuate.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PageAssets}.
 */
class PageAssetsTests {

	@ParameterizedTest
	@ValueSource(strings = { PageAssets.STYLES, PageAssets.SCRIPT, PageAssets.ICON })
	void filesAreKeptInANativeImage(String name) {
		RuntimeHints hints = new RuntimeHints();
		new PageAssets.Hints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.resource().forResource("META-INF/appdbs/" + name)).accepts(hints);
	}

	@Test
	void otherFilesAreNotServed() {
		assertThat(new PageAssets().find("../spring.factories")).isNull();
	}

}
