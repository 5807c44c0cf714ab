package io.appdbs.inspection.support;

import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.Report;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs the results of checks of a hash chain. A log that is sent to another server is a
 * record of the head that the owner of the database cannot change.
 */
final class AuditChainLog {

	private final Log log;

	AuditChainLog(String database) {
		this.log = LogFactory.getLog("io.appdbs.audit-chain." + database);
	}

	void write(Report<AuditChainReport> report) {
		AuditChainReport chain = report.value();
		if (chain == null) {
			return;
		}
		if (chain.firstBroken() != null) {
			this.log.error("firstBroken=%d checked=%d last=%d head=%s".formatted(chain.firstBroken(), chain.checked(),
					chain.last(), chain.head()));
		}
		else {
			this.log.info("checked=%d complete=%s last=%d head=%s".formatted(chain.checked(), chain.complete(),
					chain.last(), chain.head()));
		}
	}

}
