package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.rls.verify.PolicyCases.Demonstration;
import io.appdbs.rls.verify.PolicyCases.Expectation;
import io.appdbs.rls.verify.PolicyCases.PolicyCase;
import io.appdbs.rls.verify.PolicyCases.Reported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PolicyCases}: what the files expect is what really happens, executed
 * as the role of the application on rows of two users.
 */
class PolicyCasesTests extends AbstractPolicyCaseTests {

	/** What needs a statement that shows the leak or the error. */
	private static final Pattern DEMONSTRABLE = Pattern
		.compile("(policy-(visible|writable|gives|raises)|view-|table-not-|truncate-|routine-bypasses).*");

	private static final Pattern IDS = Pattern
		.compile("policy-(visible-without-user|visible-to-stranger|writable-without-user|writable-for-stranger"
				+ "|gives-rows-away|raises|never-true|unproved|assumes-function|reads-other-setting|evaluated-per-row"
				+ "|missing)|table-not-(secured|forced)|truncate-granted|routine-bypasses-policies"
				+ "|view-(bypasses-policies|visible-without-user|visible-to-stranger|unproved)");

	@ParameterizedTest
	@MethodSource("cases")
	void whatIsExpectedIsWhatReallyHappens(PolicyCase policyCase) throws SQLException {
		String database = create(policyCase);
		for (Reported reported : reported(policyCase)) {
			assertThat(exists(database, reported.object())).as(reported.object()).isTrue();
		}
		for (String rows : policyCase.rows()) {
			execute(database, rows);
		}
		for (Demonstration demonstration : policyCase.allDemonstrations()) {
			String expected = (demonstration.error() != null) ? demonstration.error() : demonstration.rows() + " rows";
			assertThat(demonstrate(database, policyCase, demonstration)).as(demonstration.toString())
				.isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@MethodSource("cases")
	void identifiersAreKnownAndLeaksAreDemonstrated(PolicyCase policyCase) {
		assertThat(reported(policyCase)).allSatisfy((reported) -> {
			assertThat(reported.id()).matches(IDS);
			assertThat(reported.severity()).isIn(null, "ERROR", "WARN", "INFO");
		});
		assertThat(policyCase.users()).hasSize(2);
		assertThat(policyCase.witnesses().size()).isIn(0, 2);
		for (Expectation expectation : policyCase.expectations()) {
			Reported reported = expectation.alternatives().get(0);
			if ("ERROR".equals(reported.severity()) && DEMONSTRABLE.matcher(reported.id()).matches()) {
				assertThat(expectation.demonstrations()).as(reported.toString()).isNotEmpty();
			}
		}
		if (policyCase.expectations().isEmpty()) {
			assertThat(policyCase.demonstrations()).isNotEmpty();
		}
	}

	@Test
	void thereAreCasesOfEachKind() {
		assertThat(PolicyCases.policies()).hasSizeGreaterThanOrEqualTo(100)
			.anySatisfy((policyCase) -> assertThat(policyCase.expectations()).isEmpty())
			.anySatisfy((policyCase) -> assertThat(policyCase.expectations()).hasSize(2));
		assertThat(PolicyCases.schemas()).hasSizeGreaterThanOrEqualTo(10);
	}

	@Test
	void whatIsReportedIsComparedWithWhatIsExpected() {
		PolicyCase policyCase = PolicyCases.policies()
			.stream()
			.filter((candidate) -> candidate.name().equals("current-user"))
			.findFirst()
			.orElseThrow();
		Reported expected = new Reported("ERROR", "policy-visible-to-stranger", "table public.note");
		Reported tolerated = new Reported("WARN", "policy-never-true", "table public.note");
		Reported wrong = new Reported("ERROR", "policy-visible-to-stranger", "table public.other");
		assertThat(policyCase.missed(List.of(tolerated, wrong))).isEqualTo(policyCase.expectations());
		assertThat(policyCase.missed(List.of(expected))).isEmpty();
		assertThat(policyCase.falseOnes(List.of(expected, tolerated, wrong))).containsExactly(wrong);
	}

	private static List<Reported> reported(PolicyCase policyCase) {
		return Stream
			.concat(policyCase.tolerated().stream(),
					policyCase.expectations().stream().flatMap((expectation) -> expectation.alternatives().stream()))
			.toList();
	}

	private static boolean exists(String database, String object) throws SQLException {
		if (object.equals("*")) {
			return true;
		}
		String[] kindAndName = object.split(" ", 2);
		String sql = switch (kindAndName[0]) {
			case "table", "view" -> "SELECT to_regclass(?) IS NOT NULL";
			case "routine" -> "SELECT to_regprocedure(?) IS NOT NULL";
			default -> throw new IllegalArgumentException(object);
		};
		try (Connection connection = connect(database, "postgres");
				PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, kindAndName[1]);
			try (ResultSet result = statement.executeQuery()) {
				return result.next() && result.getBoolean(1);
			}
		}
	}

	private static String demonstrate(String database, PolicyCase policyCase, Demonstration demonstration)
			throws SQLException {
		try (Connection connection = connect(database, "app"); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			if (!demonstration.context().equals("unset")) {
				set(connection, policyCase, demonstration.context());
			}
			if (policyCase.role() != null) {
				statement.execute("SET LOCAL ROLE " + policyCase.role());
			}
			try {
				return (statement.execute(demonstration.sql()) ? count(statement.getResultSet())
						: statement.getUpdateCount()) + " rows";
			}
			catch (SQLException ex) {
				return ex.getSQLState();
			}
			finally {
				connection.rollback();
			}
		}
	}

	private static void set(Connection connection, PolicyCase policyCase, String context) throws SQLException {
		Map<String, String> values = switch (context) {
			case "A" -> policyCase.users().get(0);
			case "B" -> policyCase.users().get(1);
			case "nobody" -> Map.of();
			default -> PolicyCases.values(context, policyCase.settings().get(0));
		};
		assertThat(policyCase.settings()).containsAll(values.keySet());
		try (PreparedStatement statement = connection.prepareStatement("SELECT set_config(?, ?, true)")) {
			for (String setting : policyCase.settings()) {
				statement.setString(1, setting);
				statement.setString(2, values.getOrDefault(setting, ""));
				statement.execute();
			}
		}
	}

	private static int count(ResultSet result) throws SQLException {
		int count = 0;
		while (result.next()) {
			count++;
		}
		return count;
	}

}
