package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The failure analysis of a configuration as it is shown when an application does not
 * start.
 */
final class FailureText {

	/**
	 * What every secret in a test's configuration begins with.
	 */
	private static final String SECRET = "s3cr3t";

	private FailureText() {
	}

	static String failureOf(String yaml) {
		return failureOf(EnvironmentBuilder.yaml(yaml).build(), null);
	}

	static String failureOf(Environment environment, @Nullable ClassLoader classLoader) {
		try {
			List<String> names = DatabaseNames.get(environment);
			DatabaseSettingsBinder.bind(environment, names, classLoader);
		}
		catch (InvalidDatabaseConfigurationException ex) {
			return of(ex);
		}
		throw new AssertionError("The configuration was accepted");
	}

	static String of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain(SECRET);
		}
		FailureAnalysis analysis = new DatabaseFailureAnalyzer().analyze(failure);
		assertThat(analysis).as(() -> "Analysis of " + failure).isNotNull();
		String text = "Description:\n\n" + analysis.getDescription() + "\n\nAction:\n\n" + analysis.getAction() + "\n";
		assertThat(text).doesNotContain(SECRET);
		return text;
	}

}
