package io.appdbs.autoconfigure.diagnostics;

import java.util.Set;

import io.appdbs.TroubleshootingSection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;

/**
 * Analyzes an injection without a matching bean. Each analysis ends with the address of
 * the section about injections.
 */
abstract class MissingBeanFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	@Override
	protected final @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		FailureAnalysis analysis = analyzeInjection(rootFailure, cause, description);
		return (analysis != null) ? SectionAddresses.append(analysis, Set.of(TroubleshootingSection.INJECTION)) : null;
	}

	/**
	 * Analyzes the injection.
	 * @param rootFailure the failure of the application
	 * @param cause the cause of the failure that names the missing bean
	 * @param description how Spring Boot describes the innermost injection point
	 * @return the analysis, without the address, or {@code null} if it is not ours
	 */
	abstract @Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description);

}
