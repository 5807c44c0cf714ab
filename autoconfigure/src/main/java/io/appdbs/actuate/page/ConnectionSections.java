package io.appdbs.actuate.page;

import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseReplica;
import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.SslUsage;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.ServerDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.StatisticsDescriptor;
import io.appdbs.encryption.EncryptionUsage;
import org.jspecify.annotations.Nullable;

/**
 * Sections about the server and the connections to it.
 */
final class ConnectionSections {

	private ConnectionSections() {
	}

	static void server(HtmlWriter html, DatabaseView database, PageFormat format) {
		DatabaseDescriptor descriptor = database.descriptor();
		ServerDescriptor server = descriptor.server();
		PageSection.open(html, "server", "Server");
		html.open("dl");
		PageSection.term(html, "Engine", (server.version() != null) ? server.version() : server.engine());
		if (!server.hosts().isEmpty()) {
			PageSection.term(html, (server.hosts().size() == 1) ? "Host" : "Hosts", String.join(", ", server.hosts()));
		}
		if (server.database() != null) {
			PageSection.term(html, "Database on the server", server.database());
		}
		if (server.cluster() != null) {
			writeNodes(html, server.cluster());
		}
		if (descriptor.responseTime() != null) {
			PageSection.term(html, "Response time", PageFormat.measure(descriptor.responseTime()));
		}
		if (descriptor.startTime() != null) {
			PageSection.term(html, "Opened in", PageFormat.measure(descriptor.startTime())
					+ (descriptor.failedAtStart() ? ", after it was down when the application started" : ""));
		}
		writeProbes(html, descriptor.statistics());
		html.close("dl").close("section");
	}

	private static void writeNodes(HtmlWriter html, DatabaseCluster cluster) {
		PageSection.term(html, "Cluster", cluster.product());
		PageSection.term(html, "Nodes",
				cluster.nodes()
					.stream()
					.map((node) -> "%s (%s%s)".formatted(node.address(), node.role(), describe(node)))
					.collect(Collectors.joining(", ")));
	}

	private static String describe(Node node) {
		if (!node.active()) {
			return ", not active";
		}
		return Boolean.FALSE.equals(node.reachable()) ? ", not reachable" : "";
	}

	private static void writeProbes(HtmlWriter html, StatisticsDescriptor statistics) {
		PageSection.term(html, "Probes",
				"%d, of which %d failed".formatted(statistics.probes(), statistics.failedProbes()));
	}

	static void pool(HtmlWriter html, DatabaseView database, PageFormat format) {
		PoolUsage pool = database.descriptor().pool();
		Map<String, Long> failures = database.descriptor().statistics().borrowFailures();
		boolean failed = failures.values().stream().anyMatch((count) -> count > 0);
		if (pool == null && !failed) {
			return;
		}
		PageSection.open(html, "pool", "Connections");
		html.open("dl");
		if (pool != null) {
			html.open("div").element("dt", "Pool").open("dd");
			PoolBar.write(html, pool);
			html.text(", %d idle".formatted(pool.idle())).close("dd").close("div");
			writeAdvice(html, pool.advice(), pool.maximum());
		}
		PageSection.term(html, "Callers without connection", failed ? describe(failures) : "none");
		html.close("dl").close("section");
	}

	private static void writeAdvice(HtmlWriter html, @Nullable PoolAdvice advice, int maximum) {
		if (advice != null) {
			PageSection.term(html, "Advice",
					"%s: %s".formatted(
							(advice.recommended() == maximum) ? "keep the maximum"
									: "change the maximum to %d in each instance".formatted(advice.recommended()),
							advice.reason()));
		}
	}

	private static String describe(Map<String, Long> failures) {
		StringJoiner description = new StringJoiner(", ");
		failures.forEach((reason, count) -> {
			if (count > 0) {
				description.add("%d %s".formatted(count, describeFailure(reason)));
			}
		});
		return description + " (since the start of the application)";
	}

	private static String describeFailure(String reason) {
		return switch (reason) {
			case "down" -> "because it was down";
			case "suspended" -> "because it was suspended";
			case "exhausted" -> "because the pool was exhausted";
			case "connect" -> "because no connection could be opened";
			default -> "because of another error";
		};
	}

	static void replica(HtmlWriter html, DatabaseView database, PageFormat format) {
		DatabaseReplica replica = database.descriptor().replica();
		if (replica == null) {
			return;
		}
		PageSection.open(html, "replica", "Replication");
		html.open("dl");
		html.open("div").element("dt", "Replica of").open("dd").element("a", replica.of(), "href", "./" + replica.of());
		html.close("dd").close("div");
		PageSection.term(html, "Lag", (replica.lag() != null) ? PageFormat.measure(replica.lag()) : "not known");
		if (replica.problem() != null) {
			PageSection.term(html, "Problem", replica.problem());
		}
		html.close("dl").close("section");
	}

	static void ssl(HtmlWriter html, DatabaseView database, PageFormat format) {
		SslUsage ssl = database.descriptor().ssl();
		if (ssl == null) {
			return;
		}
		PageSection.open(html, "ssl", "TLS");
		html.open("dl");
		PageSection.term(html, "SSL bundle", ssl.bundle());
		PageSection.term(html, "Verifies", "full".equals(ssl.verify()) ? "authority and host name" : "authority");
		html.open("div").element("dt", "In use since").open("dd");
		format.writeSince(html, ssl.since());
		html.close("dd").close("div");
		PageSection.term(html, "Renewals", ssl.renewals());
		if (ssl.certificate() != null) {
			PageSection.term(html, "Certificate", ssl.certificate().subject());
			html.open("div").element("dt", "Expires").open("dd");
			format.writeUntil(html, ssl.certificate().notAfter());
			html.close("dd").close("div");
		}
		if (ssl.failure() != null) {
			PageSection.term(html, "Newer certificates failed", ssl.failure());
		}
		html.close("dl").close("section");
	}

	static void credentials(HtmlWriter html, DatabaseView database, PageFormat format) {
		CredentialsUsage credentials = database.descriptor().credentials();
		if (credentials == null) {
			return;
		}
		PageSection.open(html, "credentials", "Credentials");
		html.open("dl").open("div").element("dt", "In use since").open("dd");
		format.writeSince(html, credentials.since());
		html.close("dd").close("div");
		PageSection.term(html, "Rotations", credentials.rotations());
		PageSection.term(html, "Failed rotations", credentials.failures());
		if (credentials.expiresAt() != null) {
			html.open("div").element("dt", "Expire").open("dd");
			format.writeUntil(html, credentials.expiresAt());
			html.close("dd").close("div");
		}
		if (credentials.failure() != null) {
			PageSection.term(html, "Newer ones failed", credentials.failure());
		}
		html.close("dl").close("section");
	}

	static void encryption(HtmlWriter html, DatabaseView database, PageFormat format) {
		EncryptionUsage encryption = database.descriptor().encryption();
		if (encryption == null) {
			return;
		}
		PageSection.open(html, "encryption", "Encrypted fields");
		html.open("dl");
		PageSection.term(html, "Primary key", encryption.primaryKey());
		PageSection.term(html, "Keys",
				encryption.keys().stream().map(String::valueOf).collect(Collectors.joining(", ")));
		html.open("div").element("dt", "In use since").open("dd");
		format.writeSince(html, encryption.since());
		html.close("dd").close("div");
		if (encryption.failure() != null) {
			PageSection.term(html, "Newer ones failed", encryption.failure());
		}
		html.close("dl").close("section");
	}

}
