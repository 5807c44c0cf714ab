package io.appdbs.autoconfigure.diagnostics;

import java.util.concurrent.atomic.AtomicReference;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The analysis of the injection of a cipher that fails.
 */
public final class InjectionFailures {

	private InjectionFailures() {
	}

	/**
	 * Returns the analysis of the failure of an application.
	 */
	public static FailureAnalysis analyzeCipher(ApplicationContextRunner runner) {
		AtomicReference<ConfigurableApplicationContext> failed = new AtomicReference<>();
		AtomicReference<FailureAnalysis> analysis = new AtomicReference<>();
		runner.withInitializer(failed::set).run((context) -> {
			assertThat(context).hasFailed();
			ConfigurableApplicationContext source = failed.get();
			FailureAnalysis found = new FieldCipherInjectionFailureAnalyzer(source.getEnvironment(),
					source.getBeanFactory())
				.analyze(context.getStartupFailure());
			assertThat(found).isNotNull();
			analysis.set(FailureText.withoutAddresses(found));
		});
		return analysis.get();
	}

}
