package io.appdbs.restore;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationCheck}.
 */
class MigrationCheckTests {

	@ParameterizedTest
	@CsvSource({ "1, 1, 0", "1, 2, -1", "10, 9, 1", "1.0, 1, 0", "1.10, 1.9, 1", "1_2, 1.2, 0", "007, 7, 0",
			"20261127030000, 20261127025959, 1", "99999999999999999999, 1, 1" })
	void versionsAreComparedNumberByNumber(String first, String second, int expected) {
		assertThat(MigrationCheck.compare(first, second)).isEqualTo(expected);
		assertThat(MigrationCheck.compare(second, first)).isEqualTo(-expected);
	}

}
