package io.appdbs.engine.inspection;

import io.appdbs.engine.sql.SqlSyntax;
import io.appdbs.inspection.ReportStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ExplainableStatement}.
 */
class ExplainableStatementTests {

	private static final String SEVERAL = "The text has several statements.";

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", quoteCharacter = '~', textBlock = """
			select * from t where a = ? and b = ? => select * from t where a = $1 and b = $2 => 2
			select '?', "?", $$ ? $$, $x$ ? $x$, ? => select '?', "?", $$ ? $$, $x$ ? $x$, $1 => 1
			select /* ? /* ? */ ? */ ? -- ? => select /* ? /* ? */ ? */ $1 -- ? => 1
			select E'\\' ?', ? => select E'\\' ?', $1 => 1
			select a ?? 'b', c ??| d, e ??& f, ? => select a ?? 'b', c ??| d, e ??& f, $1 => 1
			select ?||'x', ?&1, ?::int, (?) => select $1||'x', $2&1, $3::int, ($4) => 4
			select a$b, ? => select a$b, $1 => 1
			(select ?) union (select ?) => (select $1) union (select $2) => 2
			WITH x AS (DELETE FROM t RETURNING *) TABLE x => WITH x AS (DELETE FROM t RETURNING *) TABLE x => 0
			/* hint */ Insert into t values (?) => /* hint */ Insert into t values ($1) => 1
			update t set a = ';' where b = ? => update t set a = ';' where b = $1 => 1
			select 1; ; /* ; */ ; => select 1 => 0
			select '\\d+' ~ a, ? => select '\\d+' ~ a, $1 => 1
			""")
	void parametersOutsideOfLiteralsAndCommentsAreNumbered(String sql, String numbered, int parameters) {
		ExplainableStatement statement = ExplainableStatement.of(sql, true, SqlSyntax.POSTGRESQL);
		assertThat(statement.numberedText()).isEqualTo(numbered);
		assertThat(statement.parameters()).isEqualTo(parameters);
	}

	@Test
	void questionMarksOfAStatementThatIsNotPreparedAreOperators() {
		ExplainableStatement statement = ExplainableStatement.of("select a ? 'b', c ?| d, e ?? f", false,
				SqlSyntax.POSTGRESQL);
		assertThat(statement.numberedText()).isEqualTo("select a ? 'b', c ?| d, e ?? f");
		assertThat(statement.parameters()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void severalStatementsAreRejectedInEverySyntax(SqlSyntax syntax) {
		for (String sql : new String[] { "select 1; delete from t", "select 1;;delete from t", "select 1; select 2",
				"select ';'; delete from t", "select 1 /* ; */ ; delete from t", "select 1;(delete from t)",
				"select 1 -- \n; delete from t", "select \";\"; delete from t" }) {
			assertRejected(sql, syntax, SEVERAL);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "select $$a$$; delete from t", "select $a$ $b$; $a$; delete from t",
			"select E'\\''; delete from t", "select E'\\\\'; delete from t; --'", "select U&'\\0061'; delete from t",
			"select 1 /* /* */ */; delete from t", "select 'a''b'; delete from t",
			"select $1a$; delete from t; select $1a$" })
	void severalStatementsAreRejectedBehindTheLiteralsOfPostgreSql(String sql) {
		assertThatExceptionOfType(InspectionException.class)
			.isThrownBy(() -> ExplainableStatement.of(sql, true, SqlSyntax.POSTGRESQL))
			.withMessageMatching("The text has several statements\\.|The statement numbers its parameters itself\\.");
	}

	@Test
	void whatTheSettingsOfTheServerCouldMakeSeveralStatementsIsRejected() {
		// with standard_conforming_strings, the literal ends before the first semicolon
		assertRejected("select 'a\\'; delete from t --'", SqlSyntax.POSTGRESQL, SEVERAL);
		// without it, the second one ends the statement
		assertRejected("select 'a\\', '; delete from t --'", SqlSyntax.POSTGRESQL, SEVERAL);
		assertRejected("select 'a\\', ?, '?', '''", SqlSyntax.POSTGRESQL,
				"A literal or a comment of the statement does not end.");
		assertRejected("select 'a\\' ? \\'b'", SqlSyntax.POSTGRESQL,
				"The settings of the server decide where the literals of the statement end.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "select 'a", "select \"a", "select $$a", "select 1 /*", "select 1 /* /* */" })
	void whatDoesNotEndIsRejected(String sql) {
		assertRejected(sql, SqlSyntax.POSTGRESQL, "A literal or a comment of the statement does not end.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";", "; select 1", "-- select", "call f(?)", "{call f(?)}", "{? = call f(?)}",
			"explain select 1", "explain analyze delete from t", "analyze", "vacuum t", "execute p", "do $$ $$",
			"create table t as select 1", "truncate t", "copy t to stdout", "begin", "commit", "set a = 1", "table t",
			"values (1)", "refresh materialized view v", "\"select\" 1", "selection", "(explain select 1)",
			"prepare p as select 1", "declare c cursor for select 1", "lock t" })
	void whatHasNoPlanIsRejected(String sql) {
		assertRejected(sql, SqlSyntax.POSTGRESQL, "Only SELECT, INSERT, UPDATE, DELETE, MERGE and WITH have a plan.");
	}

	@Test
	void escapesOfJdbcAreRejected() {
		assertRejected("select {fn now()}", SqlSyntax.POSTGRESQL, "The statement has an escape of JDBC.");
		assertThat(ExplainableStatement.of("select '{fn now()}' /* { */", true, SqlSyntax.POSTGRESQL).parameters())
			.isZero();
	}

	@Test
	void parametersOfTheServerAreRejected() {
		assertRejected("select $1", SqlSyntax.POSTGRESQL, "The statement numbers its parameters itself.");
	}

	private static void assertRejected(String sql, SqlSyntax syntax, String message) {
		assertThatExceptionOfType(InspectionException.class).as(sql)
			.isThrownBy(() -> ExplainableStatement.of(sql, true, syntax))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getStatus()).isEqualTo(ReportStatus.UNSUPPORTED));
	}

}
