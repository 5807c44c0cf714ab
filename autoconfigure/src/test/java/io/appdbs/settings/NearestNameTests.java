package io.appdbs.settings;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NearestName}.
 */
class NearestNameTests {

	@Test
	void caseAndSeparatorsAreIgnored() {
		assertThat(NearestName.find("Max-Sise", List.of("min-size", "maxSize"))).isEqualTo("maxSize");
	}

	@Test
	void whenNoneIsNearEnoughThenThereIsNoGuess() {
		assertThat(NearestName.find("orders", List.of("customers"))).isNull();
		assertThat(NearestName.find("orders", List.of("ordres"), 1)).isNull();
		assertThat(NearestName.find("orders", List.of())).isNull();
	}

}
