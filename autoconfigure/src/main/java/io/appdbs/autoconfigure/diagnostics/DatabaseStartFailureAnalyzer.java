package io.appdbs.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;

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
		List<TroubleshootingSection> sections = new ArrayList<>(List.of(cause.getSection()));
		for (Throwable suppressed : cause.getSuppressed()) {
			if (suppressed instanceof DatabaseStartException other) {
				description.append(System.lineSeparator()).append(other.getMessage());
				action.append(System.lineSeparator()).append(other.getAction());
				sections.add(other.getSection());
			}
		}
		return SectionAddresses.append(new FailureAnalysis(description.toString(), action.toString(), cause), sections);
	}

}
