package io.appdbs.rls.verify.catalog;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.appdbs.rls.verify.SecuredDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AllowedObjects}: an entry of {@code rls.allow} exempts one policy, one
 * routine or one command, and everything else stays proved.
 */
class AllowedObjectsTests {

	private static final String TEAM = "function team()";

	@RegisterExtension
	private static final SecuredDatabases databases = new SecuredDatabases();

	@ParameterizedTest
	@ValueSource(strings = { "policy everyone on note", "POLICY Everyone\tON  public.Note",
			" policy \"everyone\" on table public.\"note\" " })
	void whenAPolicyIsAllowedThenItMayBePublic(String entry) throws SQLException {
		String database = databases.create("CREATE POLICY everyone ON note FOR SELECT USING (true)");
		assertThat(findings(database)).isNotEmpty();
		assertThat(findings(database, TEAM, entry)).isEmpty();
	}

	@Test
	void whenAPolicyIsAllowedThenTheOthersOfTheTableAreProved() throws SQLException {
		String database = databases.create("""
				CREATE POLICY "For everyone." ON note FOR SELECT USING (true);
				CREATE POLICY lax ON note FOR UPDATE USING (body <> '');
				""");
		assertThat(findings(database, TEAM, "policy \"For everyone.\" on note")).singleElement()
			.asString()
			.startsWith("[policy-writable-without-user] policy lax on table public.note ");
	}

	@Test
	void whenAPolicyThatAnotherTableReadsIsAllowedThenThatTableMayShowRows() throws SQLException {
		String database = databases.create("CREATE POLICY everyone ON note FOR SELECT USING (true)");
		assertThat(findings(database, TEAM, "policy everyone on note", "policy visible on comment")).isEmpty();
	}

	@Test
	void whenACommandIsAllowedThenTheOthersOfTheTableAreProved() throws SQLException {
		String database = databases.create("GRANT SELECT, DELETE ON audit TO app");
		assertThat(findings(database, TEAM, "select on audit"))
			.containsExactly("[table-not-secured] table public.audit has no row-level security, but role app may "
					+ "DELETE there.");
		assertThat(findings(database, TEAM, "select on audit", "delete on audit")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GRANT TRUNCATE ON note TO app | truncate on note
			GRANT TRIGGER ON note TO app | trigger on note
			GRANT REFERENCES ON note TO app | references on table note
			GRANT DELETE ON comment TO app | delete on comment
			GRANT SELECT ON event_alice TO app | select on event
			CREATE VIEW all_note AS SELECT * FROM note; GRANT SELECT ON all_note TO app | select on view all_note
			CREATE VIEW all_note AS SELECT * FROM note; GRANT SELECT ON all_note TO app | select on note
			CREATE MATERIALIZED VIEW n AS SELECT * FROM note; GRANT SELECT ON n TO app | select on materialized view n
			""")
	void whenACommandIsAllowedThenItNeedsNoPolicy(String fault, String entry) throws SQLException {
		String database = databases.create(fault);
		assertThat(findings(database, TEAM)).isNotEmpty();
		assertThat(findings(database, TEAM, entry)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "function all_note(int, text)", "Function public.All_Note( INTEGER,text )",
			"function all_note(a integer, b text)", "function \"public\".\"all_note\"(int4, TEXT)" })
	void whenARoutineIsAllowedThenItMayBypassPolicies(String entry) throws SQLException {
		String database = databases.create("""
				CREATE FUNCTION all_note(a int, b text DEFAULT '') RETURNS SETOF note LANGUAGE sql
					SECURITY DEFINER AS $$ SELECT * FROM note $$;
				""");
		assertThat(findings(database, TEAM)).isNotEmpty();
		assertThat(findings(database, TEAM, entry)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			int8, bool | bigint, boolean
			timestamptz, timestamp | timestamp with time zone, timestamp without time zone
			varchar, char[] | character varying, character[]
			float, float8 | double precision, double precision
			time, timetz | time without time zone, time with time zone
			decimal[], varbit | numeric[], bit varying
			"Int8" | "Int8"
			a int, in b text, variadic "C d" text[] | integer, text, text[]
			a int, out b text, INOUT c numeric(10, 2) | integer, numeric
			timestamp(3) with time zone, bit(3), char(2), bpchar, int[][3] | \
			timestamp with time zone, bit, character, character, integer[]
			"a, b" int, "my type" | integer, "my type"
			""")
	void typesHaveSeveralNames(String written, String printed) {
		AllowedObject object = AllowedObject.parse("function f(" + written + ")");
		assertThat(object).isNotNull();
		assertThat(object.hasArguments(printed)).isTrue();
		assertThat(object.hasArguments(printed + ", text")).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					policy onw on note | does not exist | Did you mean 'policy own on note'?
					policy own on publik.note | does not exist | Did you mean 'policy own on public.note'?
					select on notes | does not exist | Did you mean 'select on note'?
					select on nothing_like_it | does not exist |
					function taem() | is not a SECURITY DEFINER function of another role that role app may call, so it allows nothing | \
					Did you mean 'function team()'?
					function me() | is not a SECURITY DEFINER function of another role that role app may call, so it allows nothing | \
					Did you mean 'function team()'?
					procedure team() | is not a SECURITY DEFINER procedure of another role that role app may call, so it allows nothing | \
					""")
	void whenAnEntryMatchesNothingThenTheNearestIsNamed(String entry, String reason, String suggestion)
			throws SQLException {
		Map<String, Object> details = verify(databases.create("SELECT 1"), TEAM, entry);
		assertThat(details.get("findings"))
			.isEqualTo(List.of(Map.of("id", "unknown-name", "severity", "ERROR", "object", "allowed " + entry, "reason",
					reason, "fix", "Correct or remove it in 'app.dbs.notes.rls.allow'."
							+ ((suggestion != null) ? " " + suggestion : ""))));
	}

	@Test
	void whenAnEntryIsThereTwiceThenItMatches() throws SQLException {
		String database = databases.create("GRANT SELECT ON audit TO app");
		assertThat(findings(database, TEAM, TEAM, "select on audit", "select on public.audit")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "note", "policy own", "policy own on a.b.c", "function team", "function (int)",
			"select note", "maintain on note", "select, insert on note", "view all_note", "policy a b on note" })
	void whenAnEntryIsMalformedThenItIsNotParsed(String entry) {
		assertThat(AllowedObject.parse(entry)).isNull();
	}

	private static List<String> findings(String database, String... allowed) throws SQLException {
		return ((List<?>) verify(database, allowed).get("findings")).stream()
			.map((finding) -> (Map<?, ?>) finding)
			.map((finding) -> "[%s] %s %s.".formatted(finding.get("id"), finding.get("object"), finding.get("reason")))
			.toList();
	}

	private static Map<String, Object> verify(String database, String... allowed) throws SQLException {
		String[] settings = new String[2 + 2 * allowed.length];
		settings[0] = "rls.verify";
		settings[1] = "warn";
		for (int i = 0; i < allowed.length; i++) {
			settings[2 + 2 * i] = "rls.allow[%d]".formatted(i);
			settings[3 + 2 * i] = allowed[i];
		}
		Map<String, Object> details = databases.verify(database, settings);
		assertThat(details).isNotNull();
		return details;
	}

}
