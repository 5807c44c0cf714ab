package io.appdbs.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.appdbs.config.source.ConfiguredSources;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.FormerKeys;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeprecatedKeys}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeprecatedKeysTests {

	private static final String URL = "app.dbs.order-archive.url=postgresql://localhost/orders";

	/** A value that is not the default, and what the settings have then. */
	private static final Map<String, String> VALUES = Map.of("rls.on-missing", "empty", "rls.on-change", "reapply",
			"replica-reads.sticky", "7s");

	static Stream<String> formerKeys() {
		return FormerKeys.all().values().stream();
	}

	@Test
	void formerKeysAreThoseOfTheSettings() {
		assertThat(FormerKeys.all()).containsOnly(Map.entry("rls.on-missing-context", "rls.on-missing"),
				Map.entry("rls.on-context-change", "rls.on-change"),
				Map.entry("replica-reads.read-own-writes-for", "replica-reads.sticky"));
	}

	@ParameterizedTest
	@MethodSource("formerKeys")
	void aDeprecatedKeyWorksAndIsLoggedOnce(String former, CapturedOutput output) {
		for (String prefix : List.of("app.dbs.order-archive.", "app.dbs-defaults.")) {
			DatabaseDefinition definition = bind(
					EnvironmentBuilder.properties(URL, prefix + former + "=" + VALUES.get(former)).build());
			assertThat(value(definition.settings(), former)).isEqualTo(VALUES.get(former));
			assertThat(definition.key(FormerKeys.replace(former))).isEqualTo(prefix + former);
			assertThat(output).containsOnlyOnce("'%s%s' is deprecated. Use '%s%s' instead.".formatted(prefix, former,
					prefix, FormerKeys.replace(former)));
		}
	}

	@ParameterizedTest
	@MethodSource("formerKeys")
	void aDeprecatedKeyWorksInTheEnvironment(String former, CapturedOutput output) {
		String name = former.replace("-", "").replace('.', '_').toUpperCase();
		Environment environment = EnvironmentBuilder.properties(URL)
			.variable("APP_DBS_ORDERARCHIVE_" + name, VALUES.get(former))
			.build();
		assertThat(value(bind(environment).settings(), former)).isEqualTo(VALUES.get(former));
		assertThat(output).containsOnlyOnce("'app.dbs.order-archive.%s' is deprecated.".formatted(former));
		assertThat(new UnmatchedVariables(ConfiguredSources.of(environment), List.of("order-archive")).getNames())
			.isEmpty();
	}

	@ParameterizedTest
	@MethodSource("formerKeys")
	void whenADeprecatedKeyAndItsReplacementAreBothSetThenThatIsRejected(String former) {
		String key = FormerKeys.replace(former);
		String value = VALUES.get(former);
		assertThat(failureOf(EnvironmentBuilder
			.properties(URL, "app.dbs.order-archive." + former + "=" + value,
					"app.dbs.order-archive." + key + "=" + value)
			.build(), null)).isEqualTo("""
					Description:

					Database 'order-archive': 'app.dbs.order-archive.%1$s' and 'app.dbs.order-archive.%2$s' are the \
					same setting, and both are set.

					    Origin: "app.dbs.order-archive.%1$s" from property source "commandLineArgs"

					Action:

					Remove 'app.dbs.order-archive.%1$s', which is deprecated.
					""".formatted(former, key));
	}

	@ParameterizedTest
	@MethodSource("formerKeys")
	void whenTheDefaultHasTheNewKeyThenTheDeprecatedOneOfTheDatabaseOverridesIt(String former) {
		String initial = former.equals("replica-reads.sticky") ? "1s" : "fail";
		DatabaseDefinition definition = bind(EnvironmentBuilder
			.properties(URL, "app.dbs.order-archive." + former + "=" + VALUES.get(former),
					"app.dbs-defaults." + FormerKeys.replace(former) + "=" + initial)
			.build());
		assertThat(value(definition.settings(), former)).isEqualTo(VALUES.get(former));
	}

	@ParameterizedTest
	@MethodSource("formerKeys")
	void whenTheValueOfADeprecatedKeyIsInvalidThenTheMessageNamesTheKeyAsItIsWritten(String former) {
		assertThat(failureOf(EnvironmentBuilder.properties(URL, "app.dbs.order-archive." + former + "=unknown").build(),
				null))
			.contains("Database 'order-archive': 'app.dbs.order-archive.%s' is 'unknown', which is ".formatted(former),
					"Origin: \"app.dbs.order-archive.%s\" from".formatted(former));
	}

	@Test
	void whenTheDeprecatedListOfNamesIsSetThenItIsUsed(CapturedOutput output) {
		Environment environment = EnvironmentBuilder
			.properties(URL, "app.dbs.audit.url=postgresql://localhost/audit", "app.dbs-only[0]=audit")
			.build();
		assertThat(DatabaseNames.get(environment)).containsExactly("audit");
		assertThat(DatabaseSettingsBinder.bind(environment, List.of("audit"), null)).containsOnlyKeys("audit");
		assertThat(output).containsOnlyOnce("'app.dbs-only' is deprecated. Use 'app.dbs-include' instead.");
	}

	@Test
	void whenTheDeprecatedListOfNamesIsInvalidThenTheMessageNamesIt() {
		assertThat(failureOf(EnvironmentBuilder.properties(URL, "app.dbs-only=adit").build(), null))
			.contains("'app.dbs-only' has 'adit', which is not one of the databases below 'app.dbs'.");
		assertThat(failureOf(
				EnvironmentBuilder.properties(URL, "app.dbs-only=order-archive", "app.dbs-include[0]=order-archive")
					.build(),
				null))
			.contains("'app.dbs-only' and 'app.dbs-include' are the same setting, and both are set.",
					"Remove 'app.dbs-only', which is deprecated.");
	}

	@Test
	void whenADeprecatedKeyIsMisspeltThenItsReplacementIsSuggested() {
		assertThat(failureOf(EnvironmentBuilder.properties(URL, "app.dbs.order-archive.replica-reads.stiky=1s").build(),
				null))
			.contains("'app.dbs.order-archive.replica-reads.stiky' is not a known key.",
					"Did you mean 'read-own-writes-for'?");
	}

	private static DatabaseDefinition bind(Environment environment) {
		return DatabaseSettingsBinder.bind(environment, List.of("order-archive"), null).get("order-archive");
	}

	private static String value(DatabaseSettings settings, String former) {
		return switch (former) {
			case "rls.on-missing" -> settings.rls().onMissingContext().name().toLowerCase();
			case "rls.on-change" -> settings.rls().onContextChange().name().toLowerCase();
			default -> settings.replicaReads().readOwnWritesFor().toSeconds() + "s";
		};
	}

}
