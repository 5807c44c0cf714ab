package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.OnChange;
import io.appdbs.engine.RlsSettings.OnMissing;
import io.appdbs.engine.RlsSettings.Setting;
import io.appdbs.engine.RlsSettings.Type;
import io.appdbs.engine.RlsSettings.Verify;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.appdbs.autoconfigure.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what start-up says of values below {@code rls}.
 */
class InvalidRlsTests {

	@ParameterizedTest
	@CsvSource({ "mysql://localhost/orders, MySQL", "mariadb://localhost/orders, MariaDB", "jdbc:h2:mem:orders, H2",
			"mongodb://localhost/orders, MongoDB" })
	void whenTheEngineHasNoRowLevelSecurityThenItIsRefused(String url, String engine) {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: %s
				      rls:
				        enabled: true
				""".formatted(url))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.enabled' is 'true', but %s has no row-level security.

				    Origin: Byte array resource [application.yml] - 6:18

				Action:

				Remove 'app.dbs.orders.rls.enabled'.
				""".formatted(engine));
	}

	@Test
	void whenAnExpressionIsMalformedThenItSaysWhere() {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      rls:
				        enabled: true
				        settings:
				        - name: app.tenant
				          expression: token.claims[
				""")).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.settings[0].expression' is 'token.claims[', which is no Spring \
				expression: EL1071E: A required selection expression has not been specified.

				    Origin: Byte array resource [application.yml] - 9:23

				Action:

				Write what is to be evaluated on the Authentication: token.claims['tenant'].
				""");
	}

	@Test
	void whenItIsTheDefaultThenItIsRefusedForOtherEngines() {
		assertThat(failureOf("""
				app:
				  dbs-defaults:
				    rls:
				      enabled: true
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				    audit:
				      url: mysql://localhost/audit
				""")).isEqualTo("""
				Description:

				Database 'audit': 'app.dbs-defaults.rls.enabled' is 'true', but MySQL has no row-level security.

				    Origin: Byte array resource [application.yml] - 4:16

				Action:

				Move 'app.dbs-defaults.rls.enabled' to the databases whose engine can do it.
				""");
	}

	@Test
	void whenOtherKeysAreDefaultsThenTheyHoldForDatabasesThatEnableIt() {
		assertThat(bind("""
				app:
				  dbs-defaults:
				    rls:
				      settings:
				        - name: app.tenant_id
				          type: uuid
				          required: true
				        - name: app.unit
				          expression: claims['unit']
				      verify: off
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      rls:
				        enabled: true
				        on-missing: empty
				        on-change: reapply
				        schemas: sales, public
				        exempt-tables: country
				    audit:
				      url: mysql://localhost/audit
				""")).isEqualTo(new RlsSettings(true,
				List.of(new Setting("app.tenant_id", Type.UUID, null, true),
						new Setting("app.unit", Type.ANY, "claims['unit']", false)),
				null, OnMissing.EMPTY, OnChange.REAPPLY, Verify.OFF, List.of("sales", "public"), List.of("country")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://localhost/orders", "cockroachdb://localhost/orders",
			"jdbc:postgresql://localhost/orders", "embedded:postgresql" })
	void whenTheEngineHasRowLevelSecurityThenItIsAllowed(String url) {
		assertThat(bind("""
				app:
				  dbs:
				    orders:
				      url: %s
				      rls:
				        enabled: true
				        role: orders_app
				""".formatted(url)).enabled()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tenant", "app.", ".app", "app.tenant-id", "app tenant.id", "app.x'y", "1a.b", "app..id" })
	void whenASettingIsMalformedThenItIsRefused(String name) {
		assertThat(failureOf(settings("- name: \"%s\"".formatted(name)))).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.rls.settings[0].name' is '%s', which cannot be the name of a setting \
						of your own.

						    Origin: Byte array resource [application.yml] - 7:19

						Action:

						Write a prefix, a dot and a name, each of letters, digits and '_': app.tenant_id.
						"""
					.formatted(name));
	}

	@Test
	void whenASettingHasNoNameThenThatIsSaid() {
		assertThat(failureOf(settings("- type: uuid"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.settings[0].name' is missing.

				Action:

				Write the name of the setting that policies read: app.tenant_id.
				""");
	}

	@Test
	void whenASettingIsThereTwiceThenBothAreNamed() {
		assertThat(failureOf(settings("[ { name: app.tenant }, { name: app.Tenant } ]"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.settings[1].name' is 'app.Tenant', and so is \
				'app.dbs.orders.rls.settings[0].name'.

				    Origin: Byte array resource [application.yml] - 7:43

				Action:

				Remove one of them.
				""");
	}

	@Test
	void whenAKeyOfASettingIsUnknownThenNearestAndKnownKeysAreNamed() {
		assertThat(failureOf(settings("[ { name: app.tenant, typ: uuid } ]"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.settings[0].typ' is not a known key.

				    Origin: Byte array resource [application.yml] - 7:38

				Action:

				Did you mean 'type'? Known keys: name, type, expression, required.
				""");
	}

	@Test
	void whenASettingIsNoListThenThatIsSaid() {
		assertThat(failureOf(settings("name: app.tenant"))).isEqualTo(
				"""
						Description:

						Database 'orders': 'app.dbs.orders.rls.settings' is a list and not a group of keys.

						    Origin: Byte array resource [application.yml] - 7:17

						Action:

						Begin each entry with '-' in YAML, in place of a name if it has one, or with an index: 'app.dbs.orders.rls.settings[0].name'.
						""");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "app.tenant|app.dbs.orders.rls.settings|7:11",
			"[ app.tenant ]|app.dbs.orders.rls.settings[0]|7:13" })
	void whenASettingIsAValueThenThatIsSaid(String value, String key, String origin) {
		assertThat(failureOf(settings(value))).isEqualTo("""
				Description:

				Database 'orders': '%1$s' has a value of its own, but is a group of keys.

				    Origin: Byte array resource [application.yml] - %2$s

				Action:

				Move the value to one of the keys below '%1$s'.
				""".formatted(key, origin));
	}

	@Test
	void whenAKeyIsUnknownThenNearestAndKnownKeysAreNamed() {
		assertThat(failureOf(rls("verfy: warn"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.verfy' is not a known key.

				    Origin: Byte array resource [application.yml] - 6:16

				Action:

				Did you mean 'verify'? Known keys: enabled, settings, role, on-missing, on-change, verify, schemas, \
				exempt-tables.
				""");
	}

	@ParameterizedTest
	@CsvSource({ "verify: strict, rls.verify, strict, 'fail, warn, off', 6:17",
			"on-missing: ignore, rls.on-missing, ignore, 'fail, empty', 6:21",
			"on-change: ignore, rls.on-change, ignore, 'fail, reapply', 6:20" })
	void whenAValueIsNoneOfSeveralThenTheyAreNamed(String line, String key, String value, String values,
			String origin) {
		assertThat(failureOf(rls(line))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.%s' is '%s', which is none of %s.

				    Origin: Byte array resource [application.yml] - %s

				Action:

				Write one of them.
				""".formatted(key, value, values, origin));
	}

	@Test
	void whenTheTypeOfASettingIsNoneOfSeveralThenTheyAreNamed() {
		assertThat(failureOf(settings("[ { name: app.tenant, type: int } ]"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.settings[0].type' is 'int', which is none of any, long, uuid.

				    Origin: Byte array resource [application.yml] - 7:39

				Action:

				Write one of them.
				""");
	}

	@Test
	void whenTheRoleStandsForNoneThenItIsRefused() {
		assertThat(failureOf(rls("role: None"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.role' is 'None', which stands for no role.

				    Origin: Byte array resource [application.yml] - 6:15

				Action:

				Name a role of the database, or remove it.
				""");
	}

	@Test
	void whenTheRoleIsMalformedThenItIsRefused() {
		assertThat(failureOf(rls("role: a b"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.role' is 'a b', which is not the name of a role.

				    Origin: Byte array resource [application.yml] - 6:15

				Action:

				Write the name as the database has it, without quotes: orders_app.
				""");
	}

	@Test
	void whenAnExemptTableIsMalformedThenItIsRefused() {
		assertThat(failureOf(rls("exempt-tables: country, a.b.c"))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.rls.exempt-tables' is 'a.b.c', which is not the name of a table.

				    Origin: Byte array resource [application.yml] - 6:24

				Action:

				Write 'table' or 'schema.table', with double quotes around a part that has capital letters or other \
				characters than letters, digits, '_' and '$': sales."Order Lines".
				""");
	}

	private static String settings(String value) {
		return rls("settings:\n          " + value);
	}

	private static String rls(String line) {
		return """
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      rls:
				        %s
				""".formatted(line);
	}

	private static RlsSettings bind(String yaml) {
		return DatabaseSettingsBinder.bind(EnvironmentBuilder.yaml(yaml).build(), List.of("orders"), null)
			.get("orders")
			.settings()
			.rls();
	}

}
