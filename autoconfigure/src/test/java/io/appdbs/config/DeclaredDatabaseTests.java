package io.appdbs.config;

import io.appdbs.engine.DatabaseKind;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeclaredDatabase}.
 */
class DeclaredDatabaseTests {

	@ParameterizedTest
	@CsvSource({ "postgresql://localhost/orders, RELATIONAL", "jdbc:h2:mem:orders, RELATIONAL",
			"mongodb://localhost/orders, MONGODB", "mongodb+srv://localhost, MONGODB",
			"embedded:mongodb?data-dir=x, MONGODB", "EMBEDDED:MongoDB, MONGODB", "embedded:postgresql, RELATIONAL",
			"embedded:, RELATIONAL", "nonsense, RELATIONAL", "${NOT_KNOWN_YET}, RELATIONAL",
			"${KNOWN:mongodb://localhost/x}, MONGODB" })
	void kindIsThatOfTheUrl(String url, DatabaseKind kind) {
		assertThat(read("app.dbs.orders.url=" + url).kind()).isEqualTo(kind);
	}

	@Test
	void whenUrlIsNotKnownYetThenKindIsThatOfTheEngine() {
		assertThat(read("app.dbs.orders.url=${NOT_KNOWN_YET}", "app.dbs.orders.engine=mongodb").kind())
			.isEqualTo(DatabaseKind.MONGODB);
		assertThat(read("app.dbs.orders.engine=mongodb").kind()).isEqualTo(DatabaseKind.MONGODB);
		assertThat(read("app.dbs-defaults.engine=mongodb", "app.dbs.orders.username=x").kind())
			.isEqualTo(DatabaseKind.MONGODB);
		assertThat(read("app.dbs.orders.username=x").kind()).isEqualTo(DatabaseKind.RELATIONAL);
	}

	@Test
	void primaryIsReadWithoutAnError() {
		assertThat(read("app.dbs.orders.primary=true").primary()).isTrue();
		assertThat(read("app.dbs.orders.primary=maybe").primary()).isFalse();
		assertThat(read("app.dbs.orders.url=x").primary()).isFalse();
	}

	private static DeclaredDatabase read(String... pairs) {
		return DeclaredDatabase.readAll(EnvironmentBuilder.properties(pairs).build(), null).get(0);
	}

}
