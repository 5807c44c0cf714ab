package io.appdbs.test.rls;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.appdbs.rls.verify.RlsDataSourceVerifier;
import org.assertj.core.api.Assertions;

/**
 * Assertions that the policies of a database bind the application, for a test that finds
 * holes before the application is started: the checks are those that a database with
 * {@code rls.enabled} has to pass when it is opened.
 */
public final class RlsAssertions {

	private RlsAssertions() {
	}

	/**
	 * Assert that the policies of a database bind the login of a data source.
	 * @param dataSource gives connections of the application's login; that of a named
	 * database is used without the context of a user
	 * @param properties what is configured below {@code rls}, as {@code key=value}, for
	 * example {@code settings[0].name=app.tenant_id} or {@code role=orders_app}
	 * @throws AssertionError if there is a finding of the severity {@code ERROR}; the
	 * message has all findings
	 * @throws IllegalArgumentException if a property has no value, or the server has no
	 * row-level security
	 * @throws IllegalStateException if the database cannot be connected to or does not
	 * answer
	 */
	public static void assertThatPoliciesBind(DataSource dataSource, String... properties) {
		List<Map<String, String>> findings = verify(dataSource, parse(properties));
		if (findings.stream().anyMatch((finding) -> "ERROR".equals(finding.get("severity")))) {
			Assertions.fail("Row-level security does not hold:%n%s",
					findings.stream().map(RlsAssertions::describe).collect(Collectors.joining("\n")));
		}
	}

	private static List<Map<String, String>> verify(DataSource dataSource, Map<String, String> settings) {
		try {
			return RlsDataSourceVerifier.verify(dataSource.isWrapperFor(HikariDataSource.class)
					? dataSource.unwrap(HikariDataSource.class) : dataSource, settings);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The policies cannot be verified: " + ex.getMessage(), ex);
		}
	}

	private static Map<String, String> parse(String... properties) {
		Map<String, String> settings = new LinkedHashMap<>();
		for (String property : properties) {
			int separator = property.indexOf('=');
			if (separator < 1) {
				throw new IllegalArgumentException(
						"'%s' is no property. Write key=value, for example role=orders_app.".formatted(property));
			}
			settings.put(property.substring(0, separator), property.substring(separator + 1));
		}
		return settings;
	}

	private static String describe(Map<String, String> finding) {
		String text = "    %s [%s] %s %s.".formatted(finding.get("severity"), finding.get("id"), finding.get("object"),
				finding.get("reason"));
		return finding.containsKey("fix") ? text + "\n        Fix: " + finding.get("fix") : text;
	}

}
