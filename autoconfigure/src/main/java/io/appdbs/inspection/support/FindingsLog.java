package io.appdbs.inspection.support;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.appdbs.inspection.Finding;
import io.appdbs.inspection.Severity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs each serious finding once, and again if it comes back.
 */
final class FindingsLog {

	private static final Log logger = LogFactory.getLog(FindingsLog.class);

	private final String database;

	private final Set<String> logged = new HashSet<>();

	FindingsLog(String database) {
		this.database = database;
	}

	/**
	 * Logs new findings.
	 * @param findings all findings
	 * @param incomplete the kinds that were not looked for completely, so that a missing
	 * finding may still be there
	 */
	void update(List<Finding> findings, Collection<String> incomplete) {
		Set<String> current = new HashSet<>();
		for (Finding finding : findings) {
			current.add(finding.id());
			if (finding.severity().compareTo(Severity.WARN) >= 0 && this.logged.add(finding.id())) {
				logger.warn("Database '%s' has the finding %s: %s%s".formatted(this.database, finding.id(),
						finding.text(), (finding.fix() != null) ? " Fix: " + finding.fix() : ""));
			}
		}
		this.logged.removeIf((id) -> !current.contains(id) && !incomplete.contains(id.substring(0, id.indexOf(':'))));
	}

}
