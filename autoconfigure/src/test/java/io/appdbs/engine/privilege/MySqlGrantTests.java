package io.appdbs.engine.privilege;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MySqlGrant}.
 */
class MySqlGrantTests {

	@Test
	void whenALineHasTheHashOfThePasswordThenItIsNotKept() {
		MySqlGrant grant = MySqlGrant.parse(
				"GRANT PROCESS, BINLOG ADMIN ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*2470C0C06DEE42FD1618BB' WITH GRANT OPTION",
				true);
		assertThat(grant)
			.isEqualTo(new MySqlGrant(Set.of("PROCESS", "BINLOG ADMIN"), Set.of(), null, null, "`app`@`%`", true));
		assertThat(String.valueOf(grant)).doesNotContain("2470C0C06DEE42FD1618BB");
	}

	@Test
	void whenNamesHaveQuotesThenTheyAreReadAndWritten() {
		MySqlGrant grant = MySqlGrant.parse("GRANT SELECT (`a`, `b`), DROP ON `my``shop`.`order lines` TO `a p`@`10.%`",
				false);
		assertThat(grant).isNotNull();
		assertThat(grant.privileges()).isEqualTo(Set.of("DROP"));
		assertThat(grant.names()).isEqualTo(Set.of("SELECT", "DROP"));
		assertThat(grant.revoke(List.of("DROP")))
			.isEqualTo("REVOKE DROP ON `my``shop`.`order lines` FROM `a p`@`10.%`;");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			SELECT (`a)b`, `c, d`), INSERT (`x`), UPDATE   | UPDATE         | SELECT (`a)b`, `c, d`);INSERT (`x`)
			SELECT (id, name), INSERT                      | INSERT         | SELECT (id, name)
			SELECT, SELECT (`id`), CREATE TEMPORARY TABLES | SELECT;CREATE TEMPORARY TABLES | SELECT (`id`)
			SELECT,INSERT(`id`)                            | SELECT         | INSERT(`id`)
			""")
	void whenPrivilegesAreOnColumnsThenTheyAreNotThoseOnTheTable(String privileges, String onTable, String onColumns) {
		MySqlGrant grant = MySqlGrant.parse("GRANT %s ON `shop`.`orders` TO `app`@`%%`".formatted(privileges), false);
		assertThat(grant).isNotNull();
		assertThat(grant.privileges()).containsExactly(onTable.split(";"));
		assertThat(grant.onColumns()).containsExactly(onColumns.split(";"));
	}

	@Test
	void whenTheSchemaIsAPatternThenItIncludesTheDatabasesThatMatch() {
		MySqlGrant grant = MySqlGrant.parse("GRANT SELECT ON `shop\\_%`.* TO `app`@`%`", false);
		assertThat(grant).isNotNull();
		assertThat(grant.includes("shop_a", "orders")).isTrue();
		assertThat(grant.includes("shopXa", "orders")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GRANT `writers`@`%`,`readers`@`%` TO `app`@`%`",
			"GRANT EXECUTE ON PROCEDURE `a`.`b` TO `app`@`%`", "SET DEFAULT ROLE `writers` FOR `app`@`%`",
			"GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
			"REVOKE SELECT ON `mysql`.* FROM `app`@`%`", "GRANT `writers` TO `app`@`%` WITH ADMIN OPTION" })
	void whenALineIsNotAboutTablesThenItIsKnown(String line) {
		assertThat(MySqlGrant.parse(line, false)).isNull();
		assertThat(MySqlGrant.isKnown(line)).isTrue();
	}

	@Test
	void whenALineIsOfAnotherFormThenItIsNotKnown() {
		assertThat(MySqlGrant.isKnown("ALLOW everything TO app")).isFalse();
	}

	@Test
	void whenALineGrantsRolesThenTheyAreRead() {
		assertThat(MySqlGrant.roles("GRANT `writers`@`%`,`readers`@`%` TO `app`@`%`")).containsExactly("`writers`@`%`",
				"`readers`@`%`");
	}

}
