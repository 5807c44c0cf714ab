package io.appdbs.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.stream.Collectors;

import io.appdbs.TroubleshootingSection;

import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * The end of a failure analysis: the addresses of its sections of the page on
 * troubleshooting.
 */
final class SectionAddresses {

	private SectionAddresses() {
	}

	static FailureAnalysis append(FailureAnalysis analysis, Collection<TroubleshootingSection> sections) {
		String addresses = sections.stream()
			.distinct()
			.map((section) -> "See " + section.getAddress())
			.collect(Collectors.joining("\n"));
		return new FailureAnalysis(analysis.getDescription(), analysis.getAction() + "\n\n" + addresses,
				analysis.getCause());
	}

}
