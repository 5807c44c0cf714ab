package io.appdbs.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseOutage;
import io.appdbs.DatabaseServer;
import io.appdbs.DatabaseSnapshot;
import io.appdbs.SslUsage;
import io.appdbs.SslUsage.Certificate;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.OutageDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.ServerDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.StatisticsDescriptor;
import io.appdbs.backup.BackupStatus;
import io.appdbs.encryption.EncryptionUsage;
import io.appdbs.encryption.EncryptionUsages;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import io.appdbs.lifecycle.statistics.BorrowFailure;
import io.appdbs.lifecycle.statistics.DatabaseStatistics;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/**
 * Creates the descriptors of databases, with values sanitized as needed.
 *
 * @param lifecycle the lifecycle of the databases
 * @param encryption supplies which keys are in use
 * @param sanitizer hides values
 */
record DatabaseDescriptors(DatabaseLifecycle lifecycle, EncryptionUsages encryption, Sanitizer sanitizer) {

	DatabaseDescriptor describe(String name, boolean showValues) {
		DatabaseSnapshot snapshot = this.lifecycle.get(name).getSnapshot();
		return new DatabaseDescriptor(name, snapshot.required(), snapshot.state(), snapshot.since(),
				snapshot.suspended(), snapshot.failedAtStart(), describe(name, snapshot.server(), showValues),
				describe(snapshot.outage(), showValues), snapshot.responseTime(), snapshot.startTime(), snapshot.pool(),
				describe(name, snapshot.credentials(), showValues), describe(name, snapshot.ssl(), showValues),
				describe(name, this.encryption.getUsage(name), showValues),
				describe(name, snapshot.backup(), showValues), snapshot.preparations(), snapshot.replica(),
				describe(this.lifecycle.getStatistics(name)));
	}

	private ServerDescriptor describe(String name, DatabaseServer server, boolean showValues) {
		List<String> hosts = server.hosts()
			.stream()
			.map((host) -> sanitize(name, "hosts", host, showValues))
			.filter(Objects::nonNull)
			.toList();
		return new ServerDescriptor(server.engine(), server.version(), hosts,
				sanitize(name, "database", server.database(), showValues),
				describe(name, server.cluster(), showValues));
	}

	private @Nullable DatabaseCluster describe(String name, @Nullable DatabaseCluster cluster, boolean showValues) {
		return (cluster != null) ? new DatabaseCluster(cluster.product(),
				cluster.nodes()
					.stream()
					.map((node) -> new Node(String.valueOf(sanitize(name, "hosts", node.address(), showValues)),
							node.role(), node.active(), node.reachable()))
					.toList())
				: null;
	}

	private @Nullable OutageDescriptor describe(@Nullable DatabaseOutage outage, boolean showValues) {
		return (outage != null)
				? new OutageDescriptor(sanitize(outage.database(), "reason", outage.reason(), showValues),
						outage.since(), outage.nextAttempt())
				: null;
	}

	private @Nullable CredentialsUsage describe(String name, @Nullable CredentialsUsage usage, boolean showValues) {
		return (usage != null) ? new CredentialsUsage(usage.since(), usage.rotations(), usage.failures(),
				usage.expiresAt(),
				(usage.failure() != null) ? sanitize(name, "credentials.failure", usage.failure(), showValues) : null)
				: null;
	}

	private @Nullable SslUsage describe(String name, @Nullable SslUsage usage, boolean showValues) {
		if (usage == null) {
			return null;
		}
		Certificate certificate = usage.certificate();
		return new SslUsage(usage.bundle(), usage.verify(), usage.since(), usage.renewals(),
				(certificate != null) ? new Certificate(
						String.valueOf(sanitize(name, "ssl.certificate", certificate.subject(), showValues)),
						certificate.notAfter()) : null,
				(usage.failure() != null) ? sanitize(name, "ssl.failure", usage.failure(), showValues) : null);
	}

	private @Nullable EncryptionUsage describe(String name, @Nullable EncryptionUsage usage, boolean showValues) {
		return (usage != null) ? new EncryptionUsage(usage.primaryKey(), usage.keys(), usage.since(),
				(usage.failure() != null) ? sanitize(name, "encryption.failure", usage.failure(), showValues) : null)
				: null;
	}

	/**
	 * Hides the words of tools and beans.
	 */
	private @Nullable BackupDescriptor describe(String name, @Nullable BackupStatus status, boolean showValues) {
		return (status != null) ? BackupDescriptor.of(status, Instant.now(),
				(detail) -> sanitize(name, "backup.detail", detail, showValues)) : null;
	}

	/**
	 * Describes what the JSON does not contain, from what is already known. The action is
	 * as confidential as the reason that it belongs to.
	 */
	DatabaseDiagnosis diagnose(String name, boolean showValues) {
		String action = this.lifecycle.getAction(name);
		List<DatabaseStateChange> changes = this.lifecycle.getChanges(name)
			.stream()
			.map((change) -> new DatabaseStateChange(change.time(), change.from(), change.to(),
					(change.reason() != null) ? sanitize(name, "reason", change.reason(), showValues) : null))
			.toList();
		Report<FindingsReport> findings = this.lifecycle.get(name).inspect().getLastFindings();
		return new DatabaseDiagnosis((action != null) ? sanitize(name, "reason", action, showValues) : null, changes,
				(findings != null && findings.value() != null) ? describe(name, findings.value(), showValues) : null);
	}

	/**
	 * Hides the words of the driver, and the login that a grant names.
	 */
	FindingsReport describe(String name, FindingsReport findings, boolean showValues) {
		Map<String, CheckReport> checks = new TreeMap<>();
		findings.checks()
			.forEach((kind, check) -> checks.put(kind,
					new CheckReport(check.status(), message(name, check.status(), check.message(), showValues),
							fix(name, check.status(), check.fix(), showValues))));
		return new FindingsReport(findings.statisticsSince(), findings.findings(), findings.ignored(), checks);
	}

	@Nullable String message(String name, ReportStatus status, @Nullable String message, boolean showValues) {
		return (status == ReportStatus.UNAVAILABLE && message != null)
				? sanitize(name, "inspection", message, showValues) : message;
	}

	@Nullable String fix(String name, ReportStatus status, @Nullable String fix, boolean showValues) {
		return (status == ReportStatus.INSUFFICIENT_RIGHTS && fix != null)
				? sanitize(name, "inspection", fix, showValues) : fix;
	}

	@Nullable String sanitize(String name, String key, @Nullable String value, boolean showValues) {
		SanitizableData data = new SanitizableData(null, DatabaseDefinition.key(name, key), value);
		return Objects.toString(this.sanitizer.sanitize(data, showValues), null);
	}

	private static StatisticsDescriptor describe(DatabaseStatistics statistics) {
		Map<String, Long> borrowFailures = new LinkedHashMap<>();
		for (BorrowFailure reason : BorrowFailure.values()) {
			borrowFailures.put(reason.name().toLowerCase(Locale.ROOT), statistics.getBorrowFailures(reason));
		}
		return new StatisticsDescriptor(statistics.getProbes(), statistics.getFailedProbes(), statistics.getProbeTime(),
				borrowFailures);
	}

}
