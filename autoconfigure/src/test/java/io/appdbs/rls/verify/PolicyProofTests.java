package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.appdbs.jdbc.Definitions;
import io.appdbs.rls.verify.PolicyCases.Expectation;
import io.appdbs.rls.verify.PolicyCases.PolicyCase;
import io.appdbs.rls.verify.PolicyCases.Reported;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolicyProof}: on tables without any row, all that is true of
 * {@link PolicyCases} is found, and nothing else.
 */
class PolicyProofTests extends AbstractPolicyCaseTests {

	@ParameterizedTest
	@MethodSource("cases")
	void allThatIsTrueIsFoundAndNothingElse(PolicyCase policyCase) throws SQLException {
		List<Reported> found = prove(policyCase).stream().map(PolicyProofTests::reported).toList();
		List<Expectation> missed = policyCase.missed(found)
			.stream()
			.filter((expectation) -> expectation.alternatives()
				.stream()
				.anyMatch((alternative) -> isProved(alternative.id())))
			.toList();
		List<Reported> proved = found.stream().filter((reported) -> isProved(reported.id())).toList();
		assertThat(missed).as("missed, found: " + found).isEmpty();
		assertThat(policyCase.falseOnes(proved)).as("false").isEmpty();
	}

	/**
	 * Roles, grants and what bypasses policies are not subject to the proof.
	 */
	private static boolean isProved(String id) {
		return (id.startsWith("policy-") && !id.equals("policy-missing"))
				|| (id.startsWith("view-") && !id.equals("view-bypasses-policies"));
	}

	private static Reported reported(Finding finding) {
		return new Reported(finding.severity().name(), finding.type().id(),
				finding.object().replaceFirst("^policy .* on (?=table )", ""));
	}

	private static List<Finding> prove(PolicyCase policyCase) throws SQLException {
		String database = create(policyCase);
		try (Connection connection = connect(database, "app")) {
			Verifier verifier = new Verifier(define(database, policyCase), connection);
			verifier.verify();
			return verifier.getFindings();
		}
	}

	private static DatabaseDefinition define(String database, PolicyCase policyCase) {
		List<String> settings = new ArrayList<>(List.of("rls.enabled", "true"));
		if (policyCase.role() != null) {
			settings.addAll(List.of("rls.role", policyCase.role()));
		}
		for (int i = 0; i < policyCase.settings().size(); i++) {
			settings.addAll(List.of("rls.settings[%d].name".formatted(i), policyCase.settings().get(i)));
			settings.addAll(List.of("rls.settings[%d].required".formatted(i), String.valueOf(i == 0)));
		}
		for (int i = 0; i < policyCase.witnesses().size(); i++) {
			for (Map.Entry<String, String> value : policyCase.witnesses().get(i).entrySet()) {
				settings.addAll(List.of("rls.witnesses[%d][%s]".formatted(i, value.getKey()), value.getValue()));
			}
		}
		return Definitions.of("notes", url(database), settings.toArray(String[]::new));
	}

}
