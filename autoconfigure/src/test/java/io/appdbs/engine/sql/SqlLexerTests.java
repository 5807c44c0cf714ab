package io.appdbs.engine.sql;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlLexer}, {@link SqlStatement} and {@link SqlSyntax}.
 */
class SqlLexerTests {

	@ParameterizedTest
	@EnumSource
	void everySyntaxHasTheSameTokens(SqlSyntax syntax) {
		assertThat(split("SELECT  a.b,1 FROM \"T\"\n-- '\nWHERE c='it''s' AND/**/d = ? ; ;Update x", syntax))
			.containsExactly("select a . b , 1 from \"t\" where c = '' and d = ?", "update x");
		assertThat(split("", syntax)).isEmpty();
		assertThat(split(" ; -- ;\n/* ; */ ;", syntax)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void readsWhatTheServerReads(SqlSyntax syntax, String sql, List<String> statements) {
		assertThat(split(sql, syntax)).isEqualTo(statements);
	}

	static Stream<Arguments> readsWhatTheServerReads() {
		return Stream.of(postgreSql("select 1; /* /* */ */ commit", "select 1", "commit"),
				postgreSql("select 1 as \"it's\"; commit", "select 1 as \"?\"", "commit"),
				postgreSql("a /* ' */ ; b /* \" */ ; c -- '\r d", "a", "b", "c d"),
				postgreSql("select 'a\\'; b --'", "select ''", "b"),
				postgreSql("select e'a\\'; b', E'\\\\'; c", "select '' , ''", "c"),
				postgreSql("select E'a'\n -- x\n'\\'; b'; c", "select ''", "c"),
				postgreSql("select e'a' 'b\\'; c", "select '' ''", "c"),
				postgreSql("select $$;'$$, $a$ $b$; $$ $a$; b", "select '' , ''", "b"),
				postgreSql("select a$b$c, $1; $2", "select a$b$c , $1", "$2"),
				postgreSql("select U&'\\0061;', u&\"d\\0061;\"; b", "select '' , u&\"?\"", "b"),
				postgreSql("select a ?? b, c ?| d, e ?& f, ?", "select a ?? b , c ?| d , e ?& f , ?"),
				postgreSql("select `;`", "select `", "`"), postgreSql("select 1 # 2; b", "select 1 # 2", "b"),
				postgreSql("a -- b--\n-- c\n; d--", "a", "d"), postgreSql("a // b; c", "a / / b", "c"),
				postgreSql("create function f() begin atomic select case when true then 1 end; select 2; end; b",
						"create function f ( ) begin atomic select case when true then 1 end ; select 2 ; end", "b"),
				postgreSql("create function f() begin atomic select 1 as case; end; commit; select 1 end",
						"create function f ( ) begin atomic select 1 as case ; end", "commit", "select 1 end"),
				postgreSql("create or replace procedure p(begin atomic) begin atomic end; commit",
						"create or replace procedure p ( begin atomic ) begin atomic end", "commit"),
				postgreSql("create table t (begin atomic); commit", "create table t ( begin atomic )", "commit"),
				postgreSql("begin atomic; commit", "begin atomic", "commit"),
				postgreSql("{call f(?)}; {? = call g(?)}", "{ call f ( ? ) }", "{ ? = call g ( ? ) }"),
				postgreSql("set \"App.Note\" = 1", "set \"app.note\" = 1"),
				postgreSql("select 1 a\u00a0$$; b", "select 1 a\u00a0$$", "b"),
				postgreSql("select 1\u000b;\fb\u3000c", "select 1", "b\u3000c"),
				mySql("select 'it\\'s; a', \"b\\\";\"; c", "select '' , \"?\"", "c"),
				mySql("select `a;``b`; `c\\`; d", "select \"?\"", "\"?\"", "d"), mySql("a # ' ;\n; b", "a", "b"),
				mySql("select 5--3; b -- c;\n", "select 5 - - 3", "b"), mySql("a --\n; b -- x\r;\n; c", "a", "b", "c"),
				mySql("/* /* */ set a */", "set a * /"), mySql("/*!40101 SET @a = 1 */; b", "set @ a = 1", "b"),
				mySql("/*M!100100 a */ b /*+ c */", "a b"), mySql("select /*! '*/' */ ; b", "select ''", "b"),
				mySql("select @@global.x := $$", "select @ @ global . x : = $$"),
				mySql("select u&'a\\';' ; b", "select u & ''", "b"), h2("a // ' ;\n; /* /* ' */ */ b", "a", "b"),
				h2("select $$;'$$, `a;b`, '\\'; c", "select '' , \"?\" , ''", "c"), h2("set\u00a0a", "set a"),
				standard("/* /* */ set a */", "set a * /"), standard("select `;`, $$;", "select `", "` , $$"));
	}

	private static Arguments postgreSql(String sql, String... statements) {
		return Arguments.of(SqlSyntax.POSTGRESQL, sql, List.of(statements));
	}

	private static Arguments mySql(String sql, String... statements) {
		return Arguments.of(SqlSyntax.MYSQL, sql, List.of(statements));
	}

	private static Arguments h2(String sql, String... statements) {
		return Arguments.of(SqlSyntax.H2, sql, List.of(statements));
	}

	private static Arguments standard(String sql, String... statements) {
		return Arguments.of(SqlSyntax.STANDARD, sql, List.of(statements));
	}

	@ParameterizedTest
	@ValueSource(strings = { "'", "'a''", "\"", "/*", "/* /* */", "$$", "$a$ $b$", "E'\\'", "E'\\", "'a'; \"b",
			"create function f() begin atomic select 1;" })
	void whenALiteralOrACommentIsNotClosedThenItIsKnown(String sql) {
		assertThat(read(sql, SqlSyntax.POSTGRESQL, false).isUnfinished()).isTrue();
	}

	@Test
	void whatServersReadInOneWayOrAnotherIsReadInBoth() {
		assertThat(read("select 'a\\\\b'", SqlSyntax.MYSQL, false).isAmbiguous()).isTrue();
		assertThat(read("select 'a\\d'", SqlSyntax.POSTGRESQL, false).isAmbiguous()).isTrue();
		assertThat(read("/*! a */", SqlSyntax.MYSQL, false).isAmbiguous()).isTrue();
		assertThat(read("select 'a', \"b\\\", \\ 1, e'\\''", SqlSyntax.POSTGRESQL, false).isAmbiguous()).isFalse();
		assertThat(read("select '\\'", SqlSyntax.H2, false).isAmbiguous()).isFalse();
		assertThat(SqlStatement.split("select '\\'; set a --'", SqlSyntax.MYSQL, false)).hasSize(1);
		assertThat(SqlStatement.split("select '\\'; set a --'", SqlSyntax.MYSQL, true)).hasSize(2);
		assertThat(SqlStatement.split("select '\\''; set a --'", SqlSyntax.POSTGRESQL, false)).hasSize(1);
		assertThat(SqlStatement.split("select '\\''; set a --'", SqlSyntax.POSTGRESQL, true)).hasSize(2);
		assertThat(SqlStatement.split("/*! ' */ ; set a", SqlSyntax.MYSQL, true)).hasSize(1);
	}

	@Test
	void theFirstStringIsKnown() {
		assertThat(SqlStatement.split("do $x$ a; $$b$$ $x$; do 'it''s'; do E'c' 'd'; e", SqlSyntax.POSTGRESQL))
			.extracting(SqlStatement::string)
			.containsExactly(" a; $$b$$ ", "it's", "c", null);
	}

	@ParameterizedTest
	@EnumSource
	@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void longTextsAreReadOnce(SqlSyntax syntax) {
		for (String part : List.of("'", "'\\' ", "\"", "/*", "*/", "/*!", "$$", "$a", "--", "-- \n", "#", "E'", "E''\n",
				"U&'", "\\", "? ", "; ", "'a\\b' ")) {
			read("x" + part.repeat(300_000), syntax, false);
			read("x" + part.repeat(300_000), syntax, true);
		}
	}

	private static SqlLexer read(String sql, SqlSyntax syntax, boolean alternative) {
		SqlLexer lexer = new SqlLexer(sql, syntax, alternative);
		int end = 0;
		while (lexer.next() != SqlLexer.Token.END) {
			assertThat(lexer.start()).isGreaterThanOrEqualTo(end);
			assertThat(lexer.end()).isGreaterThan(lexer.start()).isLessThanOrEqualTo(sql.length());
			end = lexer.end();
		}
		return lexer;
	}

	private static List<String> split(String sql, SqlSyntax syntax) {
		return SqlStatement.split(sql, syntax).stream().map(SqlStatement::text).toList();
	}

}
