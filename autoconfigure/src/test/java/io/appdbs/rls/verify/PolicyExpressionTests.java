package io.appdbs.rls.verify;

import java.util.List;

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
		PolicyExpression expression = new PolicyExpression(condition);
		assertThat(expression.isStrict()).isTrue();
		assertThat(expression.trustsEmpty()).isFalse();
		assertThat(expression.failsWhereUnset()).isFalse();
		assertThat(expression.readsContext(List.of("app.User"))).isTrue();
		assertThat(expression.readsContext(List.of("app.tenant"))).isFalse();
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
	@ValueSource(strings = { "(current_setting('app.role'::text, true) = 'admin'::text)",
			"(( SELECT current_setting('app.role'::text, true) AS current_setting) = 'admin'::text)",
			"('admin'::text = current_setting('app.role'::text, true))",
			"(current_setting('app.role'::text, true) = ANY (ARRAY['admin'::text, 'boss'::text]))",
			"('admin'::text = ANY (string_to_array(current_setting('app.role'::text, true), ','::text)))" })
	void whenASettingHasToEqualATextThenItMayBeEmpty(String condition) {
		assertThat(new PolicyExpression(condition).trustsEmpty()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "(current_setting('app.role'::text, true) <> 'guest'::text)",
			"(current_setting('app.role'::text, true) = ''::text)",
			"(current_setting('app.role'::text, true) = (owner)::text)" })
	void whenASettingIsComparedOtherwiseThenItMustNotBeEmpty(String condition) {
		assertThat(new PolicyExpression(condition).trustsEmpty()).isTrue();
	}

	@Test
	void whenItIsMendedThenWhatIsSoundIsLeftAlone() {
		assertThat(new PolicyExpression("((owner = current_setting('app.user'::text)) OR "
				+ "(current_setting('app.role'::text, true) = 'admin'::text))")
			.mend())
			.isEqualTo("((owner = (SELECT NULLIF(current_setting('app.user', true), ''))) OR "
					+ "(current_setting('app.role'::text, true) = 'admin'::text))");
	}

	@Test
	void whenASettingIsTheServersOwnThenItIsNoContext() {
		PolicyExpression expression = new PolicyExpression("(current_setting('TimeZone'::text) = 'UTC'::text)");
		assertThat(expression.settings()).isEmpty();
		assertThat(expression.failsWhereUnset()).isFalse();
	}

}
