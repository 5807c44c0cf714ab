package io.appdbs.inspection.support;

import java.util.List;
import java.util.regex.Pattern;

import io.appdbs.inspection.Finding;

/**
 * The findings that the configuration ignores.
 */
final class IgnoredFindings {

	private final List<Pattern> patterns;

	/**
	 * Creates new {@link IgnoredFindings}.
	 * @param patterns identifiers, with {@code *} for any characters
	 */
	IgnoredFindings(List<String> patterns) {
		this.patterns = patterns.stream()
			.map((pattern) -> Pattern.compile(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"), Pattern.DOTALL))
			.toList();
	}

	boolean contains(Finding finding) {
		return this.patterns.stream().anyMatch((pattern) -> pattern.matcher(finding.id()).matches());
	}

}
