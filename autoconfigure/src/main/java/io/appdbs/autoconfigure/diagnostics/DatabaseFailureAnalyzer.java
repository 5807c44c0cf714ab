package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidDatabaseConfigurationException}.
 */
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDatabaseConfigurationException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidDatabaseConfigurationException cause) {
		FailureAnalysis analysis = new FailureAnalysis(cause.getMessage(), cause.getAction(), cause);
		return SectionAddresses.append(analysis, findSections(cause));
	}

	/**
	 * Finds the sections of a failure, or those of the problems that it reports together.
	 */
	private static List<TroubleshootingSection> findSections(InvalidDatabaseConfigurationException failure) {
		if (!(failure.getCause() instanceof InvalidDatabaseConfigurationException first)) {
			return List.of(ConfigurationSections.find(failure));
		}
		return Stream.concat(Stream.of(first), Stream.of(failure.getSuppressed()))
			.filter(InvalidDatabaseConfigurationException.class::isInstance)
			.map((problem) -> ConfigurationSections.find((InvalidDatabaseConfigurationException) problem))
			.toList();
	}

}
