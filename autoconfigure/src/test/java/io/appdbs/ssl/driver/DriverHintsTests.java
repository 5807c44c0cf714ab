package io.appdbs.ssl.driver;

import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverHints}.
 */
class DriverHintsTests {

	@ParameterizedTest
	@CsvSource({ "postgresql, sslfactory", "postgresql, sslhostnameverifier", "mysql, socketFactory" })
	void aClassThatADriverInstantiatesByNameIsRegistered(String id, String property) {
		Engine engine = Engines.load(null).findById(id);
		RuntimeHints hints = new RuntimeHints();
		new DriverHints().registerHints(hints, getClass().getClassLoader());
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(TypeReference.of(engine.getSslProperties("key", true).get(property)))
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)).accepts(hints);
	}

}
