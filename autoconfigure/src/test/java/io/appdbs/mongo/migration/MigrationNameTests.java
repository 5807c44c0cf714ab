package io.appdbs.mongo.migration;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationName} and {@link MigrationVersion}.
 */
class MigrationNameTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			V1__create, 1, create, 1
			V2_1__Add_prices, 2.1, Add prices, 2.1
			V01.10.0__a__b, 1.10, a  b, 1.10
			V20260102030405__x, 20260102030405, x, 20260102030405
			R__Views_of_all, , Views of all, R__Views_of_all
			""")
	void parsesNamesAsFlywayDoes(String name, @Nullable String version, String description, String id) {
		MigrationName parsed = MigrationName.parse(name);
		assertThat(parsed).isNotNull();
		assertThat((parsed.version() != null) ? parsed.version().toString() : null).isEqualTo(version);
		assertThat(parsed.description()).isEqualTo(description);
		assertThat(parsed.id()).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "V1_create", "v1__create", "V__create", "V1__", "create", "V1x__create", "U1__create",
			"__a", "r__views" })
	void otherNamesAreMalformed(String name) {
		assertThat(MigrationName.parse(name)).isNull();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			v1_create, V1__create
			V1_create, V1__create
			v1.2__create, V1.2__create
			1-create-items, V1__create-items
			V2, V2__description
			r__views, R__views
			R_views, R__views
			create, V1__create
			""")
	void suggestsAValidName(String name, String suggestion) {
		assertThat(MigrationName.suggest(name)).isEqualTo(suggestion);
		assertThat(MigrationName.parse(suggestion)).isNotNull();
	}

	@Test
	void versionsAreComparedByTheirNumbers() {
		assertThat(Stream.of("10", "1.10", "1.9", "2", "1").map(MigrationVersion::parse).sorted())
			.extracting(MigrationVersion::toString)
			.containsExactly("1", "1.9", "1.10", "2", "10");
		assertThat(MigrationVersion.parse("1.0")).isEqualTo(MigrationVersion.parse("1"));
	}

}
