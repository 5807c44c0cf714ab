package io.appdbs.rls.verify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.rls.verify.catalog.Finding;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Remembers which findings of a database have been logged, so that each verification only
 * logs what has changed. Safe for use by several threads.
 */
final class FindingLog {

	private static final Log logger = LogFactory.getLog(RlsVerification.class);

	private final Map<String, Set<Finding>> logged = new ConcurrentHashMap<>();

	/**
	 * Returns which findings are new, and log which earlier ones are gone.
	 * @param database the name of the database
	 * @param findings all findings of its latest verification
	 */
	List<Finding> update(String database, List<Finding> findings) {
		Set<Finding> latest = Set.copyOf(findings);
		Set<Finding> former = this.logged.put(database, latest);
		if (former == null) {
			return findings;
		}
		former.stream()
			.filter((finding) -> !latest.contains(finding))
			.sorted((left, right) -> left.toString().compareTo(right.toString()))
			.forEach((finding) -> logger
				.info("Row-level security of database '%s': no longer found: %s".formatted(database, finding)));
		return findings.stream().filter((finding) -> !former.contains(finding)).toList();
	}

}
