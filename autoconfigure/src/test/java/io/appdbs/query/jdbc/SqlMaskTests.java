package io.appdbs.query.jdbc;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.appdbs.engine.sql.SqlSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlMask}. A parameter whose value is shown is {@code s}, one that is
 * masked {@code m}. In statements, {@code s3cr3t} and 42 must not be shown.
 */
class SqlMaskTests {

	private static final SqlMask MASK = new SqlMask(List.of("iban", "account.PIN"), SqlSyntax.POSTGRESQL);

	@ParameterizedTest
	@CsvSource(delimiter = '~',
			textBlock = """
					select * from person where id = ? ~ s
					select name from person where id = ? and name like ? ~ ss
					select id from person where iban = ? ~ m
					select id from person where iban = ? and id = ? ~ ms
					select iban from person where id = ? ~ s
					select id from person p where p.iban = ? or p.name <> ? ~ ms
					select id from person p where "p"."iban" = ? ~ m
					select id from person where IBAN in (?, ?, ?) and id in (?, ?) ~ mmmss
					select id from person where iban not in (?, ?) and name not like ? ~ mms
					select id from person where iban between ? and ? and id between ? and ? ~ mmss
					select id from person where pin >= ? and age >= ? ~ ms
					select id from person where iban ilike ? and id = ?::bigint ~ ms
					select id from person where lower(iban) = ? ~ m
					select id from person where ? = iban and id = ? ~ ms
					select id from person where iban || name = ? ~ m
					select id from person where (iban, id) = (?, ?) ~ mm
					select id from person where id = coalesce(?, iban) ~ m
					select id from person where iban = ? limit ? ~ mm
					select x.a from (select iban as a from person) x where x.a = ? and x.id = ? ~ mm
					with x as (select iban a from person) select * from x where a = ? ~ m
					select id from person where iban = ? union select id from account where name = ? ~ mm
					select iban a from person group by iban having iban = ? ~ m
					select p.b from person as p (a, b) where p.b = ? and p.iban is null ~ m
					select p.b from person p (a, b) join x y (c) on p.a = c where b = ? and iban is null ~ m
					select id from person p where (p.iban is null or p.id = ?) ~ s
					select id from person p join account on (account.id = ?) where p.iban is null ~ s
					select id from person where data ->> 'iban' = ? and id = ? ~ ms
					select id from person where data @> ? and iban is null ~ m
					update person set password_hint = ?, iban = null ~ s
					select f(iban, ?) from person where id = ? ~ ms
					insert into person (id, iban, name) values (?, ?, ?) ~ sms
					insert into person (id, iban) values (?, ?), (?, ?) ~ smsm
					insert into public."person" ("id", "iban") values (?, upper(?)) returning id ~ sm
					insert into person (id, name, iban) values (?, coalesce(?, ?), ?) ~ sssm
					insert into person (id, iban) values (?, ?) on conflict (id) do update set iban = ?, name = ? where person.id = ? ~ smmss
					insert into person (id, iban) values (?, ?) on conflict (iban) do nothing ~ sm
					insert into person values (?, ?) ~ mm
					insert into person select ?, ? ~ mm
					insert into person (id, name) values (?, ?) ~ ss
					insert into person (id, iban) select id, ? from account where name = ? ~ mm
					insert into person default values ~ ''
					update person set iban = ?, name = ? where id = ? ~ mss
					update person p set name = ?, "iban" = ? where p.id = ? ~ sms
					update person set (iban, name) = (?, ?) where id = ? ~ mms
					update person set name = case when iban = ? then ? else ? end where id = ? ~ mmms
					delete from person where iban = ? and id = ? ~ ms
					insert into person (id, iban) values (?, ?) on duplicate key update name = ?, iban = ? ~ smsm
					insert into person set iban = ?, name = ? ~ ms
					replace into person (iban, id) values (?, ?) ~ ms
					merge into person p using (values (?, ?)) s (id, x) on p.id = s.id when matched then update set iban = s.x ~ mm
					merge into person p using (values (?)) s (id) on p.id = s.id when not matched then insert (id, iban) values (s.id, ?) ~ mm
					merge into person p using s on p.id = s.id when not matched then insert values (?, ?) ~ mm
					merge into person (id, iban) key (id) values (?, ?) ~ sm
					{call change(?, ?)} ~ mm
					{ ? = call find(?) } ~ mm
					call change(?) ~ m
					select id from person where iban = ?1 and id = ?2 ~ mm
					select id from person where U&"ib\\0061n" = ? ~ m
					""")
	void parametersAreShownOnlyIfTheyBelongToOtherColumns(String sql, String expected) {
		SqlMask.Result result = MASK.apply(sql);
		String shown = IntStream.rangeClosed(1, (int) sql.chars().filter((c) -> c == '?').count())
			.mapToObj((index) -> result.masked().test(index) ? "m" : "s")
			.collect(Collectors.joining());
		assertThat(shown).as(result.text()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`',
			textBlock = """
					select id from person where iban = 's3cr3t' and name = 'Ann' ~ select id from person where iban = '******' and name = 'Ann'
					select id from person where pin = 42 and id = 7 ~ select id from person where pin = ****** and id = 7
					select id from person where iban in ('s3cr3t', E's3cr3t', $$s3cr3t$$) ~ select id from person where iban in ('******', E'******', '******')
					insert into person (id, iban) values (7, 's3cr3t'), (8, 's3cr3t' || 's3cr3t') ~ insert into person (id, iban) values (7, '******'), (8, '******' || '******')
					insert into person values (42, 's3cr3t') ~ insert into person values (******, '******')
					update person set iban = 's3cr3t', name = 'Ann' /* s3cr3t */ where id = 7 ~ update person set iban = '******', name = 'Ann' where id = 7
					update person set name = 'Ann' /* iban s3cr3t */ where id = 7 ~ update person set name = 'Ann' where id = 7
					select id from person where pin = 42.42 ~ select id from person where pin = ******.******
					""")
	void literalsAreMaskedAsWell(String sql, String expected) {
		assertThat(MASK.apply(sql).text()).doesNotContain("s3cr3t", "42")
			.isEqualTo(expected.replace("E'******'", "'******'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "select id from person where name = 'Ann' /* x */ and ibans = 7",
			"insert into person (id, name) values (1, 'Ann')", "select 1" })
	void whenNoMaskedColumnIsMentionedThenTheTextIsTheSame(String sql) {
		assertThat(MASK.apply(sql).text()).isEqualTo(sql);
	}

	@Test
	void whenLiteralsMayEndElsewhereThenNothingIsShown() {
		SqlMask mask = new SqlMask(List.of("iban"), SqlSyntax.MYSQL);
		assertThat(mask.apply("select id from person where name = 'a\\' and iban = 's3cr3t'").text())
			.isEqualTo("******");
		assertThat(mask.apply("select id from person where iban = \"s3cr3t\" and `id` = 7").text())
			.isEqualTo("select id from person where iban = \"******\" and `id` = 7");
		assertThat(MASK.apply("select id from person where iban = 's3cr3t").text()).isEqualTo("******");
	}

	@Test
	void whenNothingIsMaskedThenStatementsAreNotRead() {
		SqlMask mask = new SqlMask(List.of(), SqlSyntax.POSTGRESQL);
		assertThat(mask.apply("select 'unfinished").text()).isEqualTo("select 'unfinished");
	}

	@Test
	void onlyLinesOfPlansThatMentionAColumnAreMasked() {
		assertThat(MASK.applyToLine("  Filter: (iban = 's3cr3t'::text)"))
			.isEqualTo("  Filter: (iban = '******'::text)");
		assertThat(MASK.applyToLine("  Filter: (name = 'Ann'::text)")).isEqualTo("  Filter: (name = 'Ann'::text)");
	}

}
