package io.appdbs.autoconfigure;

import io.appdbs.DatabaseStartException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells which database could not be opened, why, and what mends it.
 */
class DatabaseStartFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DatabaseStartException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.getAction(), cause);
	}

}
