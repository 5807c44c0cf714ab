package io.appdbs.config;

import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.ConfigurableEnvironment;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnresolvedPlaceholder}: nothing that may be part of a password is
 * shown.
 */
class UnresolvedPlaceholderTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "password|ab${s3cr3t}cd", "password|${s3cr3t}cd", "password|ab${s3cr3t:x${y}}",
					"password|${OTHER}", "password|${s3cr3t}${OTHER}",
					"hikari.data-source-properties.sslpassword|x${s3cr3t}", "flyway.password|x${s3cr3t}",
					"url|postgresql://app:ab${s3cr3t}@db/orders", "url|postgresql://app:${s3cr3t}cd@db/orders",
					"url|postgresql://app:a:${s3cr3t}@db/orders", "url|postgresql://app:a/${s3cr3t}@db/orders",
					"url|postgresql://db/orders?password=ab${s3cr3t}",
					"url|jdbc:postgresql://db/orders?user=a&password=${s3cr3t}b", "url|${OTHER}" })
	void whatMayBePartOfASecretIsNotShown(String key, String value) {
		assertThat(failureOf(environment(key, value), null)).contains(
				"has a '${' in it that begins a placeholder, which cannot be resolved.",
				"If it is part of the value itself, write '\\${' in place of '${', and '\\\\${' in a properties file.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "password|${DB_PASSWORD}", "url|${DB_PASSWORD}",
			"url|postgresql://${DB_PASSWORD}:x@db/orders", "url|postgresql://app:${DB_PASSWORD}@db/orders",
			"url|postgresql://db-${DB_PASSWORD}.example.org/orders", "url|postgresql://app:x@${DB_PASSWORD}/orders",
			"url|postgresql://db/orders?password=${DB_PASSWORD}",
			"url|postgresql://db/orders?password=${DB_PASSWORD}&sslmode=require", "username|app_${DB_PASSWORD}" })
	void aReferenceIsShown(String key, String value) {
		assertThat(failureOf(environment(key, value), null))
			.contains("refers to '${DB_PASSWORD}', which cannot be resolved.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pa$$word", "$1{x}", "${", "a${b", "}${", "\\${s3cr3t}x", "#{1+1}", "%s%n" })
	void passwordsCanHaveTheCharactersOfPlaceholders(String password) {
		ConfigurableEnvironment environment = EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://db/orders", "app.dbs.orders.username=app",
					"app.dbs.orders.password=" + password)
			.build();
		assertThat(DatabaseSettingsBinder.bind(environment, DatabaseNames.get(environment), null)
			.get("orders")
			.settings()
			.password()).isEqualTo(password.replace("\\", ""));
	}

	@Test
	void whenAPlaceholderLeadsBackToItselfThenNoSecretOnTheWayIsShown() {
		assertThat(failureOf(EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://db/orders", "app.dbs.orders.password=${one}",
					"one=s3cr3t${two}", "two=${one}")
			.build(), null)).contains("'app.dbs.orders.password' refers to '${one}', which refers back to itself.");
	}

	private static ConfigurableEnvironment environment(String key, String value) {
		EnvironmentBuilder builder = EnvironmentBuilder.properties("OTHER=x${s3cr3t}y",
				"app.dbs.orders." + key + "=" + value);
		if (!key.equals("url")) {
			builder.argument("app.dbs.orders.url=postgresql://db/orders");
		}
		return builder.build();
	}

}
