package io.appdbs.autoconfigure.diagnostics;

import io.appdbs.DatabaseStartException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Analyzes a {@link DatabaseStartException}: which database could not be opened, why, and
 * how to fix it.
 */
class DatabaseStartFailureAnalyzer extends AbstractFailureAnalyzer<DatabaseStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DatabaseStartException cause) {
		StringBuilder description = new StringBuilder(String.valueOf(cause.getMessage()));
		StringBuilder action = new StringBuilder(cause.getAction());
		for (Throwable suppressed : cause.getSuppressed()) {
			if (suppressed instanceof DatabaseStartException other) {
				description.append(System.lineSeparator()).append(other.getMessage());
				action.append(System.lineSeparator()).append(other.getAction());
			}
		}
		return new FailureAnalysis(description.toString(), action.toString(), cause);
	}

}
