package io.appdbs.audit.jdbc;

import io.appdbs.audit.jdbc.SqlText.Control;
import io.appdbs.engine.sql.SqlSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlTexts}.
 */
class SqlTextsTests {

	private final SqlTexts postgresql = new SqlTexts(SqlSyntax.POSTGRESQL);

	private final SqlTexts mysql = new SqlTexts(SqlSyntax.MYSQL);

	@ParameterizedTest
	@ValueSource(strings = { "select * from item where id = ?", "(select 1) union (select 2)",
			"select count(*), coalesce(max(price), 0) from item where name in (?, ?)", "values (1), (2)", "table item",
			"with cheap(id) as (select id from item) select * from cheap", "show search_path",
			"select * from item for update", "select * from item for no key update skip locked",
			"select * from item for share", "select cast(price as numeric(10, 2)) from item",
			"select * from (select 1) t(a)", "explain select * from item", "select \"order\" from item",
			"select pg_catalog.lower(name) from item", "set search_path = audit", "/* insert */ select 1 -- delete",
			"select 'insert into item'", "declare c cursor for select * from item", "fetch 10 from c",
			"select now(), extract(year from created) from item", "select row_number() over (partition by a) from t" })
	void aStatementThatReadsIsNoWrite(String sql) {
		assertThat(this.postgresql.get(sql).write()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "insert into item values (1)", "update item set a = 1", "delete from item",
			"merge into item using stock on (true) when matched then delete", "call discount(?)", "{call discount(?)}",
			"{? = call discount(?)}", "do $$ begin end $$", "create table item (id int)", "truncate item",
			"grant select on item to public", "copy item from stdin", "select * into backup from item",
			"with gone as (delete from item returning *) select * from gone",
			"with one as (select 1) update item set a = 1", "select discount(?)", "select app.count(1)",
			"select \"lower\"(name) from item", "select nextval('item_id')", "select next value for item_id",
			"explain analyze delete from item", "select 1; delete from item", "execute plan(1)", "vacuum", "", ";",
			"select 'unfinished", "notify item", "lock table item", "select pg_advisory_lock(1)",
			"refresh materialized view v", "commit prepared 'x'" })
	void aStatementThatWritesOrMayDoSoIsAWrite(String sql) {
		assertThat(this.postgresql.get(sql).write()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					select * from item where name = 'O''Brien' and price > 12.50 | select * from item where name = ? and price > ?.?
					insert into item values (1, E'a\\'b', U&'\\0041', X'ff', $tag$s3cr3t$tag$, true, null) | insert into item values (?, ?, ?, X?, ?, ?, null)
					select  1 /* s3cr3t */ -- s3cr3t | select ?
					select "a b", t1.c2 from t1 where d::date = date '2020-01-01' | select "a b", t1.c2 from t1 where d::date = date ?
					create user jane password 's3cr3t' | create user jane password ?
					alter user jane identified by s3cr3t | alter user jane identified ***
					select 'unfinished | select …
					do $$ begin perform 's3cr3t'; end $$ | do ?
					select a from t limit 10; delete from t where id = -5 | select a from t limit ?; delete from t where id = -?
					{call discount(?, 5)} | {call discount(?, ?)}
					""")
	void aTextHasNoValues(String sql, String text) {
		assertThat(this.postgresql.get(sql).text()).isEqualTo(text);
	}

	@Test
	void doubleQuotesAreStringsOfMySql() {
		assertThat(this.mysql.get("select `a`, \"s3cr3t\" from item").text()).isEqualTo("select `a`, ? from item");
	}

	@Test
	void aTextWhoseLiteralsDependOnTheServerIsCutOff() {
		SqlText text = this.mysql.get("select * from item where name = 'a\\' or b = 's3cr3t'");
		assertThat(text.text()).isEqualTo("select …");
		assertThat(text.write()).isTrue();
	}

	@Test
	void aLongTextIsCutOff() {
		String sql = "select * from item where id in (" + "?, ".repeat(10_000) + "?)";
		assertThat(this.postgresql.get(sql).text()).hasSizeLessThan(10_100)
			.startsWith("select * from item")
			.endsWith("... (%d characters)".formatted(sql.length()));
	}

	@ParameterizedTest
	@CsvSource({ "begin, BEGIN", "start transaction, BEGIN", "commit, COMMIT", "end, COMMIT", "rollback, ROLLBACK",
			"abort, ROLLBACK", "commit and chain, COMMIT_AND_CHAIN", "commit and no chain, COMMIT",
			"rollback and chain, ROLLBACK_AND_CHAIN", "savepoint a, SAVEPOINT", "rollback to savepoint a, ROLLBACK_TO",
			"release savepoint a, NONE", "prepare transaction 'x', PREPARE", "commit prepared 'x', NONE",
			"prepare p as select 1, NONE", "begin; insert into item values (1); commit, COMMIT",
			"create procedure p() language sql begin atomic commit; end, NONE", "insert into item values (1), NONE" })
	void whatAStatementDoesToTheTransactionIsKnown(String sql, Control control) {
		assertThat(this.postgresql.get(sql).control()).isEqualTo(control);
	}

	@Test
	void theEndOfABodyOfMySqlIsNoCommit() {
		assertThat(this.mysql.get("create procedure p() begin delete from item; commit; end").control())
			.isEqualTo(Control.NONE);
	}

	@ParameterizedTest
	@CsvSource({ "set @a = 1, false", "set global max_connections = 5, true", "set password = 'x', true",
			"use shop, false", "show tables, false", "replace into item values (1), true" })
	void settingsOfMySqlsSessionAreNoWrites(String sql, boolean write) {
		assertThat(this.mysql.get(sql).write()).isEqualTo(write);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			POSTGRESQL | select distinct on (id) archive(id) from orders
			POSTGRESQL | select distinct on (id) "archive"(id) from orders
			POSTGRESQL | select distinct on (lower(name)) archive(id) from orders
			POSTGRESQL | select distinct on (id) filter(id) from orders
			POSTGRESQL | select distinct on (id) join(id) from orders
			POSTGRESQL | (select distinct on (id) archive(id) from orders)
			POSTGRESQL | with x as (select distinct on (id) archive(id) from orders) select * from x
			POSTGRESQL | select * from a join b on (a.id = b.id) where archive(a.id)
			POSTGRESQL | select sum(archive(id)) over (partition by id) from orders
			POSTGRESQL | select sum(id) over (order by archive(id)) from orders
			POSTGRESQL | select count(*) filter (where archive(id)) from orders
			POSTGRESQL | select count(*) filter (where true), archive(id) from orders
			POSTGRESQL | select percentile_cont(0.5) within group (order by archive(id)) from orders
			POSTGRESQL | select * from orders where id in (1) and archive(id)
			POSTGRESQL | select * from orders where id in (archive(id))
			POSTGRESQL | values (1), (archive(2))
			POSTGRESQL | select case when (id > 1) then archive(id) else archive(id) end from orders
			POSTGRESQL | select (id)::archive(1) from orders
			POSTGRESQL | select cast(archive(id) as numeric(10, 2)) from orders
			POSTGRESQL | select * from orders limit (archive(1))
			POSTGRESQL | select * from orders limit (1) offset archive(1)
			POSTGRESQL | select * from generate_series(1, 2) g(i), archive(i)
			POSTGRESQL | select * from (select archive(1)) t(a)
			POSTGRESQL | select * from rows from (archive(1)) as t(a)
			POSTGRESQL | select (1) operator(app.+) (2)
			POSTGRESQL | select next('order'), first(1)
			POSTGRESQL | select set('a', 'b')
			POSTGRESQL | select key(1), by(1), sets(1), cube(1)
			POSTGRESQL | select number('invoice')
			POSTGRESQL | select id, join(id), like(id) from orders
			POSTGRESQL | select log('text')
			POSTGRESQL | explain analyze create table copied as select * from orders
			POSTGRESQL | reset all; select archive(1)
			H2         | select distinct on (id) archive(id) from orders
			H2         | select top (1) archive(id) from orders
			H2         | select distinct top (1) archive(id) from orders
			H2         | {fn archive(1)}
			H2         | {drop table orders}
			H2         | { create table copied (id int) }
			MYSQL      | select distinctrow (id), archive(id) from orders
			MYSQL      | select sql_no_cache archive(id) from orders
			MYSQL      | select any(1), some(1)
			MYSQL      | select offset(1)
			MYSQL      | set @a = archive(1)
			MYSQL      | set @a = (select archive(1))
			MYSQL      | set session sql_mode = archive(1)
			MYSQL      | set statement max_statement_time=1 for update orders set id = 1
			MYSQL      | set statement max_statement_time=1 for delete from orders
			MYSQL      | reset master
			MYSQL      | reset persist
			MYSQL      | select * from orders partition (p0) where archive(id)
			""")
	void aStatementThatMayCallAnUnknownFunctionIsAWrite(SqlSyntax syntax, String sql) {
		assertThat(new SqlTexts(syntax).get(sql).write()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
							POSTGRESQL | select distinct on (id) id, lower(name) from orders
							POSTGRESQL | select distinct on (id) lower(name) from orders
							POSTGRESQL | select * from generate_series(1, 2) g(i)
							POSTGRESQL | select * from (values (1), (2)) v(a) join (select 1) t(b) on (a = b)
							POSTGRESQL | select * from orders o left join lateral (select o.id) l(id) on true
							POSTGRESQL | select * from unnest(array[1]) with ordinality as t(a, n)
							POSTGRESQL | with recursive r(i) as (select 1 union all (select i + 1 from r)) select * from r
							POSTGRESQL | with r as not materialized (select 1), s as materialized (select 2) select * from r, s
							POSTGRESQL | select sum(id) filter (where id > 1) over (partition by (id) order by (id)) from orders
							POSTGRESQL | select percentile_cont(0.5) within group (order by id) from orders
							POSTGRESQL | select a, count(*) from t group by grouping sets ((a), ())
							POSTGRESQL | select a, count(*) from t group by rollup (a)
							POSTGRESQL | select * from orders order by id offset (1) rows fetch first (2) rows only
							POSTGRESQL | select * from orders where name like ('a') or name not like ('b') or name not in ('c')
							POSTGRESQL | select name::character varying(10), id::numeric(10, 2), cast(id as number(3)) from orders
							POSTGRESQL | select * from a full join (b cross join c) on (a.id = b.id) inner join (d natural join e) using (id)
							POSTGRESQL | select * from orders where id = any (?) or id <> some (select 1) or name like any (?)
					POSTGRESQL | select * from orders limit ? offset (?)
					POSTGRESQL | explain (analyze, buffers) select * from orders
							POSTGRESQL | reset all
							POSTGRESQL | set local role app
							H2         | select * from (select 1) t(a)
							MYSQL      | set session sql_mode = concat(@@sql_mode, ',ANSI')
							MYSQL      | set transaction isolation level read committed
							MYSQL      | set names utf8mb4
							MYSQL      | select 1 xor (2)
							MYSQL      | show create table orders
							""")
	void aStatementWithKnownFunctionsIsNoWrite(SqlSyntax syntax, String sql) {
		assertThat(new SqlTexts(syntax).get(sql).write()).isFalse();
	}

	@Test
	void settingsOfH2AreWrites() {
		assertThat(new SqlTexts(SqlSyntax.H2).get("set db_close_delay -1").write()).isTrue();
	}

}
