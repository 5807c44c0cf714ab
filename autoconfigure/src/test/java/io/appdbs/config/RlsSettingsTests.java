package io.appdbs.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.OnContextChange;
import io.appdbs.settings.RlsSettings.OnMissingContext;
import io.appdbs.settings.RlsSettings.Setting;
import io.appdbs.settings.RlsSettings.Type;
import io.appdbs.settings.security.VerificationMode;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for which values {@code rls} can have.
 */
class RlsSettingsTests {

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
				        on-missing-context: empty
				        on-context-change: reapply
				        schemas: sales, public
				        exempt-tables: country
				        verify-interval: 2h
				        allow:
				          - policy everyone on country
				          - function app.logout(text, int)
				        witnesses:
				          - app.tenant_id: 00000000-0000-4000-8000-000000000001
				            app.unit: a
				          - app.tenant_id: 00000000-0000-4000-8000-000000000002
				            app.unit: b
				    audit:
				      url: mysql://localhost/audit
				""")).isEqualTo(new RlsSettings(true,
				List.of(new Setting("app.tenant_id", Type.UUID, null, true),
						new Setting("app.unit", Type.ANY, "claims['unit']", false)),
				null, OnMissingContext.EMPTY, OnContextChange.REAPPLY, VerificationMode.OFF, List.of("sales", "public"),
				List.of("country"), Duration.ofHours(2),
				List.of("policy everyone on country", "function app.logout(text, int)"),
				List.of(Map.of("app.tenant_id", "00000000-0000-4000-8000-000000000001", "app.unit", "a"),
						Map.of("app.tenant_id", "00000000-0000-4000-8000-000000000002", "app.unit", "b"))));
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
	void aSettingHasAPrefixAndAName(String name) {
		assertThat(failureOf("""
				app:
				  dbs:
				    orders:
				      url: postgresql://localhost/orders
				      rls:
				        settings:
				          - name: "%s"
				""".formatted(name)))
			.contains("'app.dbs.orders.rls.settings[0].name' is '%s', which cannot be the name of a custom setting."
				.formatted(name));
	}

	private static RlsSettings bind(String yaml) {
		return DatabaseSettingsBinder.bind(EnvironmentBuilder.yaml(yaml).build(), List.of("orders"), null)
			.get("orders")
			.settings()
			.rls();
	}

}
