package io.appdbs.rls.verify.catalog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolicyExpression}, with conditions as PostgreSQL prints them.
 */
class PolicyExpressionTests {

	@ParameterizedTest
	@ValueSource(strings = {
			"(owner = ( SELECT NULLIF(current_setting('app.user'::text, true), ''::text) AS \"nullif\"))",
			"(owner = NULLIF(current_setting('app.user'::text, true), ''::text))",
			"(\"Owner\" = ( SELECT (NULLIF(current_setting('app.user'::text, true), ''::text))::bigint AS \"nullif\"))",
			"(id = (NULLIF(current_setting('app.user'::text, true), ''::text))::bigint)" })
	void whenAColumnHasToEqualTheUserThenTheConditionIsStrict(String condition) {
		assertThat(new PolicyExpression(condition).isStrict()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "(owner = current_setting('app.user'::text, true))",
			"((owner = NULLIF(current_setting('app.user'::text, true), ''::text)) OR shared)",
			"(owner <> NULLIF(current_setting('app.user'::text, true), ''::text))",
			"(owner = COALESCE(NULLIF(current_setting('app.user'::text, true), ''::text), 'x'::text))",
			"(NOT (owner = NULLIF(current_setting('app.user'::text, true), ''::text)))" })
	void whenSomethingElseMayLetRowsThroughThenTheConditionIsNotStrict(String condition) {
		assertThat(new PolicyExpression(condition).isStrict()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "(owner = ( SELECT NULLIF(current_setting('app.user'::text, true), ''::text) AS \"nullif\"))",
					"(tenant = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)", "true",
					"(owner = current_setting('TimeZone'::text))" })
	void anEmptySettingMayBeTheSameAsOneThatWasNeverSet(String condition) {
		assertThat(new PolicyExpression(condition).isSound()).isTrue();
		assertThat(new PolicyExpression(condition).readSoundly()).isEqualTo(condition);
	}

	@ParameterizedTest
	@ValueSource(strings = { "(owner = ( SELECT current_setting('app.user'::text, true) AS current_setting))",
			"(owner = ( SELECT NULLIF(current_setting('app.user'::text), ''::text) AS \"nullif\"))",
			"(COALESCE(current_setting('app.role'::text, true), 'admin'::text) = 'admin'::text)",
			"(( SELECT current_setting('app.role'::text, true) AS current_setting) <> 'guest'::text)" })
	void anEmptySettingMayBeAnotherOneThanOneThatWasNeverSet(String condition) {
		PolicyExpression expression = new PolicyExpression(condition);
		assertThat(expression.isSound()).isFalse();
		assertThat(new PolicyExpression(expression.readSoundly()).isSound()).isTrue();
	}

	@Test
	void whenAConditionIsChangedThenOnlyWhatIsUnsoundIs() {
		assertThat(new PolicyExpression("((owner = current_setting('app.user'::text)) OR "
				+ "(current_setting('app.role'::text, true) = 'admin'::text))")
			.readSoundly())
			.isEqualTo("((owner = (SELECT NULLIF(current_setting('app.user', true), ''))) OR "
					+ "(current_setting('app.role'::text, true) = 'admin'::text))");
	}

	@Test
	void settingsAreReadOncePerRowUnlessTheyAreInASubSelect() {
		String once = "(owner = ( SELECT NULLIF(current_setting('app.user'::text, true), ''::text) AS \"nullif\"))";
		assertThat(new PolicyExpression(once).wrap()).isEqualTo(once);
		assertThat(new PolicyExpression("((owner = (NULLIF(current_setting('app.user'::text, true), ''::text))::uuid) "
				+ "OR (current_setting('app.role'::text, true) = '(SELECT'::text))")
			.wrap())
			.isEqualTo("((owner = ((SELECT NULLIF(current_setting('app.user'::text, true), ''::text)))::uuid) "
					+ "OR ((SELECT current_setting('app.role'::text, true)) = '(SELECT'::text))");
	}

	@Test
	void settingsAreKnownByTheirNameInLowerCase() {
		PolicyExpression expression = new PolicyExpression(
				"(current_setting('TimeZone'::text) = " + "current_setting('App.Zone'::text, false))");
		assertThat(expression.settings()).containsExactly("app.zone");
	}

}
