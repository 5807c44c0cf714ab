package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.DatabaseStartException;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.config.DatabaseNames;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The failure analysis of a configuration, as an application that does not start logs it.
 */
public final class FailureText {

	/**
	 * The prefix of every secret in a test's configuration.
	 */
	private static final String SECRET = "s3cr3t";

	private static final Map<TroubleshootingSection, String> ADDRESSES = Stream.of(TroubleshootingSection.values())
		.collect(Collectors.toMap(Function.identity(), (section) -> "See " + section.getAddress()));

	private FailureText() {
	}

	public static String failureOf(String yaml) {
		return failureOf(EnvironmentBuilder.yaml(yaml).build(), null);
	}

	public static String failureOf(Environment environment, @Nullable ClassLoader classLoader) {
		try {
			List<String> names = DatabaseNames.get(environment);
			RouteSettingsBinder.bind(environment, DatabaseNames.getAll(environment), classLoader);
			DatabaseSettingsBinder.bind(environment, names, classLoader);
		}
		catch (InvalidDatabaseConfigurationException ex) {
			return of(ex);
		}
		throw new AssertionError("The configuration was accepted");
	}

	/**
	 * Returns the analysis of a failed start, without the addresses of its sections.
	 */
	public static FailureAnalysis analyze(@Nullable Throwable failure) {
		return withoutAddresses(analyzeWithAddresses(failure));
	}

	/**
	 * Returns the sections of the page on troubleshooting to which an analysis leads.
	 */
	public static Set<TroubleshootingSection> findSections(Throwable failure) {
		return ADDRESSES.keySet()
			.stream()
			.filter((section) -> analyzeWithAddresses(failure).getAction()
				.lines()
				.anyMatch(ADDRESSES.get(section)::equals))
			.collect(Collectors.toSet());
	}

	/**
	 * Returns an analysis without its last lines, which must be addresses of sections.
	 */
	static FailureAnalysis withoutAddresses(FailureAnalysis analysis) {
		String action = analysis.getAction();
		int end = action.lastIndexOf("\n\n");
		assertThat(action.substring(end + 2).lines()).isNotEmpty().isSubsetOf(ADDRESSES.values());
		return new FailureAnalysis(analysis.getDescription(), action.substring(0, end), analysis.getCause());
	}

	private static FailureAnalysis analyzeWithAddresses(@Nullable Throwable failure) {
		assertThat(failure).isNotNull();
		FailureAnalysis analysis = new DatabaseFailureAnalyzer().analyze(failure);
		if (analysis == null) {
			analysis = new DatabaseStartFailureAnalyzer().analyze(failure);
		}
		assertThat(analysis).as(() -> "Analysis of " + failure).isNotNull();
		return analysis;
	}

	/**
	 * Returns the description and the action of a failed start.
	 */
	public static String describe(@Nullable Throwable failure) {
		FailureAnalysis analysis = analyze(failure);
		return analysis.getDescription() + "\n\n" + analysis.getAction();
	}

	/**
	 * Return description and action of the analysis of a database that could not be
	 * opened.
	 */
	public static String ofStart(ApplicationContextRunner runner) {
		String[] text = new String[1];
		runner.run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining(DatabaseStartException.class.getName());
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			text[0] = analysis.getDescription() + "\n\n" + analysis.getAction();
		});
		assertThat(text[0]).doesNotContain(SECRET);
		return text[0];
	}

	public static String of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain(SECRET);
		}
		FailureAnalysis analysis = analyze(failure);
		String text = "Description:\n\n" + analysis.getDescription() + "\n\nAction:\n\n" + analysis.getAction() + "\n";
		assertThat(text).doesNotContain(SECRET);
		return text;
	}

}
