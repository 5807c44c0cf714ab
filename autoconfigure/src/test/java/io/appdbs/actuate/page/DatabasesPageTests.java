package io.appdbs.actuate.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.appdbs.CredentialsUsage;
import io.appdbs.DatabaseCluster;
import io.appdbs.DatabaseCluster.Node;
import io.appdbs.DatabaseReplica;
import io.appdbs.DatabaseState;
import io.appdbs.PoolAdvice;
import io.appdbs.PoolUsage;
import io.appdbs.PreparationReport;
import io.appdbs.SslUsage;
import io.appdbs.actuate.BackupDescriptor;
import io.appdbs.actuate.BackupDescriptor.LastBackup;
import io.appdbs.actuate.DatabaseDiagnosis;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.OutageDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.ServerDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.StatisticsDescriptor;
import io.appdbs.backup.ArchiveStatus;
import io.appdbs.backup.BackupFinding;
import io.appdbs.backup.BackupStatus.State;
import io.appdbs.backup.RestoreVerification;
import io.appdbs.encryption.EncryptionUsage;
import io.appdbs.inspection.Finding;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.FindingsReport.CheckReport;
import io.appdbs.inspection.ReportStatus;
import io.appdbs.inspection.Severity;
import io.appdbs.lifecycle.history.DatabaseStateChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabasesPage} and {@link DatabasePage}, with all that they can show.
 */
class DatabasesPageTests {

	private static final Instant NOW = Instant.parse("2026-11-26T16:00:00Z");

	private static final PageFormat FORMAT = new PageFormat(NOW);

	private static final PoolUsage FULL = new PoolUsage(10, 0, 3, 10);

	@Test
	void theMostUrgentComesFirstAndReplicasBelowTheirs() {
		List<DatabaseView> databases = List.of(new Builder("up").build(), new Builder("full").pool(FULL).build(),
				new Builder("a").build(), new Builder("a-lagging").replica("a", "it has stopped").build(),
				new Builder("suspended").suspended().build(),
				new Builder("starting").state(DatabaseState.STARTING).build(),
				new Builder("optional").state(DatabaseState.DOWN).optional().build(), new Builder("b").build(),
				new Builder("b-one").replica("b", null).build(),
				new Builder("b-two").replica("b", null).state(DatabaseState.DOWN).optional().build(),
				new Builder("down").state(DatabaseState.DOWN).build(),
				new Builder("closed").state(DatabaseState.CLOSED).build());
		assertThat(DatabasesPage.sort(databases)).extracting(DatabaseView::name)
			.containsExactly("down", "optional", "b", "b-two", "b-one", "starting", "suspended", "a", "a-lagging",
					"full", "up", "closed");
		String page = render(databases);
		assertThat(page).contains(
				"<p id=\"summary\" class=\"banner bad\">Of 12 databases: 3 down (down, optional, b-two), "
						+ "1 starting (starting), 1 suspended (suspended), 1 not replicating (a-lagging), "
						+ "1 with an exhausted pool (full), 4 up, 1 closed (closed).</p>",
				"<title>3 down – Databases</title>", "<tbody id=\"db-b-two\" class=\"replica bad\">");
	}

	@Test
	void theNodesOfAClusterAreListed() {
		DatabaseView database = new Builder("orders").nodes().build();
		assertThat(renderOne(database)).contains("<dt>Cluster</dt><dd>Citus 13.2-1</dd>",
				"<dt>Nodes</dt><dd>c:5432 (coordinator), w1:5432 (worker), w2:5432 (worker, not reachable), w3:5432 (worker, not active)</dd>");
		assertThat(render(List.of(database))).contains("NODES UNREACHABLE");
	}

	@Test
	void whenAllAreUpThePageSaysSo() {
		assertThat(render(List.of(new Builder("orders").build())))
			.contains("class=\"banner good\">The database is up.<")
			.contains("<title>Databases</title>")
			.doesNotContain("class=\"problem\"");
		assertThat(render(List.of(new Builder("orders").build(), new Builder("audit").build())))
			.contains("All 2 databases are up.");
	}

	@Test
	void manyNamesAreCut() {
		List<DatabaseView> databases = new ArrayList<>();
		for (int i = 1; i <= 7; i++) {
			databases.add(new Builder("d" + i).state(DatabaseState.DOWN).build());
		}
		assertThat(render(databases)).contains("Of 7 databases: 7 down (d1, d2, d3, d4, d5, …).");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					exhausted | All 10 connections are in use, and 3 threads wait. | Look for long transactions and for connections that are not returned; raise &#39;pool.max-size&#39; if the server has connections left.
					limited | 6 connections are in use, as many as &#39;pool.adaptive&#39; allows now, and 1 thread waits. | Look for long transactions and for connections that are not returned; raise &#39;pool.max-size&#39; if the server has connections left.
					suspended | An operator has suspended it: callers get no connections until it is resumed. | Resume it when the maintenance is over.
					nodes | The server cannot reach w2:5432. Statements that need such a node fail, others work. | Start the nodes, or repair the network between them and the server. They are checked every 5 seconds.
					replica | It has stopped | none
					down | The host did not answer in time | Check the network.""")
	void eachProblemIsExplained(String problem, String reason, String action) {
		Builder builder = new Builder("orders");
		DatabaseView database = switch (problem) {
			case "exhausted" -> builder.pool(FULL).build();
			case "limited" -> builder.pool(new PoolUsage(6, 4, 1, 10, 6, null)).build();
			case "suspended" -> builder.suspended().build();
			case "nodes" -> builder.nodes().build();
			case "replica" -> builder.replica("other", "it has stopped").build();
			default -> builder.state(DatabaseState.DOWN).action("Check the network.").build();
		};
		for (String page : List.of(render(List.of(database)), renderOne(database))) {
			assertThat(page).contains("<p class=\"reason\">" + reason + "</p>");
			if (action.equals("none")) {
				assertThat(page).doesNotContain("To do");
			}
			else {
				assertThat(page).contains("<b>To do: </b>" + action + "</p>");
			}
		}
	}

	@Test
	void theLimitAndTheAdviceOfAPoolAreShown() {
		PoolUsage pool = new PoolUsage(4, 2, 0, 8, 5, new PoolAdvice(24, "12 % waited"));
		assertThat(renderOne(new Builder("orders").pool(pool).build())).contains("4 of 8 in use, limited to 5, 2 idle",
				"<dt>Advice</dt><dd>change the maximum to 24 in each instance: 12 % waited</dd>");
		pool = new PoolUsage(4, 2, 0, 8, null, new PoolAdvice(8, "few waited"));
		assertThat(renderOne(new Builder("orders").pool(pool).build())).contains("4 of 8 in use, 2 idle",
				"<dt>Advice</dt><dd>keep the maximum: few waited</dd>");
	}

	@Test
	void backupsAreShown() {
		BackupDescriptor known = new BackupDescriptor(NOW, State.KNOWN,
				new LastBackup("incr", NOW.minusSeconds(60), Duration.ofMinutes(1)), null,
				new ArchiveStatus(NOW.minusSeconds(30), null, true),
				new RestoreVerification(NOW.minusSeconds(90), false, "orders.dump", null),
				List.of(new BackupFinding("late", "They are <late>.", "why", "Look.")));
		assertThat(renderOne(new Builder("orders").backup(known).build()))
			.contains("<h2 id=\"backup-heading\">Backups</h2>", "(1 min 0 s ago), incr</dd>",
					"<dt>Last full backup</dt><dd>unknown</dd>", "(30 s ago); archiving fails</dd>",
					"(1 min 30 s ago); it failed</dd>")
			.contains("<b>WARN</b> <code>late</code>", "They are &lt;late&gt;. It says: &#39;why&#39;. Look.");
		for (State state : List.of(State.NEVER, State.UNKNOWN)) {
			BackupDescriptor missing = new BackupDescriptor(NOW, state, null, null, null, null, List.of());
			assertThat(renderOne(new Builder("orders").backup(missing).build()))
				.contains("<dt>Last backup</dt><dd>" + state.name().toLowerCase(Locale.ROOT) + "</dd>")
				.doesNotContain("Log archived", "Verified restore");
		}
		assertThat(renderOne(new Builder("orders").build())).doesNotContain("Backups");
	}

	@Test
	void theNextAttemptIsShown() {
		Builder down = new Builder("orders").state(DatabaseState.DOWN);
		assertThat(renderOne(down.next(NOW.plusSeconds(75)).build())).contains("<b>Next: </b>AppDBs tries again in "
				+ "1 min 15 s, at <time datetime=\"2026-11-26T16:01:15Z\">16:01:15 UTC</time></p>");
		assertThat(renderOne(down.next(null).build()))
			.contains("there is no further attempt. Restart the application when the cause is fixed.");
	}

	@Test
	void eachSectionShowsWhatIsKnown() {
		DatabaseView database = new Builder("orders").pool(new PoolUsage(4, 2, 0, 8)).replica("primary", null).build();
		String page = renderOne(database);
		assertThat(page).contains("<rect class=\"active\" x=\"0.0\" width=\"50.0\"",
				"<rect class=\"idle\" x=\"50.0\" width=\"25.0\"", "4 of 8 in use, 2 idle",
				"<dt>Callers without connection</dt><dd>12 because it was down, 2 because the pool was exhausted "
						+ "(since the start of the application)</dd>",
				"<dt>Lag</dt><dd>1.5 s</dd>", "<a href=\"./primary\">primary</a>", "<dt>Rotations</dt><dd>2</dd>",
				"<dt>Newer ones failed</dt><dd>the file is empty</dd>",
				"<dt>Migration</dt><dd>version 5, executed 0, in 105 ms</dd>",
				"<dt>Indexes</dt><dd>missing product.sku (unique), product.price, product.seen (is expireAfterSeconds: 60), "
						+ "notChecked [stock: a view], in 12 ms</dd>",
				"<dt>Row level security</dt><dd>tables 3, findings 1, in 20 ms</dd>",
				"<li><b>ERROR</b> <code>public.note</code><p class=\"reason\">No policy</p><pre><code>ALTER TABLE</code></pre></li>",
				"<li><b>WARN</b> <code>public.idx</code><p class=\"reason\">Unused</p><pre><code>DROP INDEX</code></pre></li>",
				"Not checked: bloat, INSUFFICIENT_RIGHTS",
				"<time datetime=\"2026-11-25T14:00:00Z\">2026-11-25 14:00:00 UTC</time> (1 d 2 h ago) "
						+ "<b>UP → DOWN</b><p class=\"reason\">The server stopped</p>");
		assertThat(page).doesNotContain("curl");
		assertThat(render(List.of(database))).contains("<a href=\"./databases/orders#findings\">1 WARN</a>");
	}

	@Test
	void onlyPossibleOperationsAreOffered() {
		assertThat(OperationSection.findOperations(new Builder("orders").suspended().build().descriptor()))
			.containsExactly("{\"operation\": \"probe\"}", "{\"operation\": \"resume\"}", "{\"operation\": \"rotate\"}",
					"{\"operation\": \"verify\"}");
	}

	private static String render(List<DatabaseView> databases) {
		return new DatabasesPage(PageLinks.ofAll("databases"), FORMAT).render(databases);
	}

	private static String renderOne(DatabaseView database) {
		return new DatabasePage(PageLinks.ofOne("databases"), FORMAT, DatabasePage.sections(false)).render(database);
	}

	private static final class Builder {

		private final String name;

		private DatabaseState state = DatabaseState.UP;

		private boolean required = true;

		private boolean suspended;

		private PoolUsage pool;

		private DatabaseReplica replica;

		private DatabaseCluster cluster;

		private BackupDescriptor backup;

		private String action;

		private Instant next = NOW;

		private Builder(String name) {
			this.name = name;
		}

		private Builder state(DatabaseState state) {
			this.state = state;
			return this;
		}

		private Builder optional() {
			this.required = false;
			return this;
		}

		private Builder suspended() {
			this.suspended = true;
			return this;
		}

		private Builder pool(PoolUsage pool) {
			this.pool = pool;
			return this;
		}

		private Builder replica(String of, String problem) {
			this.replica = new DatabaseReplica(of, Duration.ofMillis(1500), problem);
			return this;
		}

		private Builder nodes() {
			this.cluster = new DatabaseCluster("Citus 13.2-1",
					List.of(new Node("c:5432", "coordinator", true, true), new Node("w1:5432", "worker", true, true),
							new Node("w2:5432", "worker", true, false), new Node("w3:5432", "worker", false, null)));
			return this;
		}

		private Builder backup(BackupDescriptor backup) {
			this.backup = backup;
			return this;
		}

		private Builder action(String action) {
			this.action = action;
			return this;
		}

		private Builder next(Instant next) {
			this.next = next;
			return this;
		}

		private DatabaseView build() {
			boolean detailed = this.name.equals("orders");
			OutageDescriptor outage = (this.state != DatabaseState.UP)
					? new OutageDescriptor("the host did not answer in time", NOW, this.next) : null;
			List<PreparationReport> preparations = List.of(
					new PreparationReport("migration", Duration.ofMillis(105), ordered("version", "5", "executed", 0)),
					new PreparationReport("indexes", Duration.ofMillis(12), ordered("missing",
							List.of(ordered("index", "product.sku", "unique", true), Map.of("index", "product.price"),
									ordered("index", "product.seen", "is", "expireAfterSeconds: 60")),
							"notChecked", List.of("stock: a view"))),
					new PreparationReport("row-level-security", Duration.ofMillis(20),
							ordered("tables", 3, "findings", List.of(Map.of("severity", "ERROR", "object",
									"public.note", "reason", "No policy", "fix", "ALTER TABLE")))));
			DatabaseDescriptor descriptor = new DatabaseDescriptor(this.name, this.required, this.state,
					NOW.minusSeconds(5), this.suspended, false,
					new ServerDescriptor("postgresql", "PostgreSQL 18.6", List.of("db:5432"), "orders", this.cluster),
					outage, Duration.ofNanos(1_500_000), Duration.ofMillis(300), this.pool,
					new CredentialsUsage(NOW, 2, 5, NOW.plusSeconds(60), "the file is empty"),
					new SslUsage("db", "full", NOW, 3,
							new SslUsage.Certificate("CN=app", NOW.plus(Duration.ofDays(30))), "the key is missing"),
					new EncryptionUsage(1, List.of(1L, 2L), NOW, "the keyset does not exist"), this.backup,
					preparations, this.replica,
					new StatisticsDescriptor(10, 1, Duration.ofMillis(10), orderedCounts()));
			FindingsReport findings = new FindingsReport(NOW,
					List.of(Finding.of("unused-index", Severity.WARN, "public.idx", null, "Unused", "DROP INDEX")), 0,
					Map.of("bloat", new CheckReport(ReportStatus.INSUFFICIENT_RIGHTS, null, null)));
			return new DatabaseView(descriptor,
					new DatabaseDiagnosis(this.action,
							List.of(new DatabaseStateChange(NOW.minus(Duration.ofHours(26)), DatabaseState.UP,
									DatabaseState.DOWN, "the server stopped")),
							(detailed && this.replica != null && this.replica.problem() == null) ? findings : null));
		}

		private static Map<String, Long> orderedCounts() {
			Map<String, Long> counts = new LinkedHashMap<>();
			counts.put("down", 12L);
			counts.put("suspended", 0L);
			counts.put("exhausted", 2L);
			return counts;
		}

		private static Map<String, Object> ordered(String key, Object value, String otherKey, Object otherValue) {
			Map<String, Object> map = new LinkedHashMap<>();
			map.put(key, value);
			map.put(otherKey, otherValue);
			return map;
		}

	}

}
