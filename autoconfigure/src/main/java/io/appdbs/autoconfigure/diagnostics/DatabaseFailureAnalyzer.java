package io.appdbs.autoconfigure.diagnostics;

import io.appdbs.InvalidDatabaseConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes an {@link InvalidDatabaseConfigurationException}.
 */
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDatabaseConfigurationException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidDatabaseConfigurationException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.getAction(), cause);
	}

}
