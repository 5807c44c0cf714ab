package io.appdbs.restore;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import io.appdbs.restore.program.ServerVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a running check has done and found so far. The thread of the check writes, and the
 * caller may read at any time.
 */
final class RestoreLog {

	private final String name;

	private final String backup;

	private final long start = System.nanoTime();

	private final List<RestoreReport.Step> steps = new ArrayList<>();

	private final Map<String, Long> rowCounts = new LinkedHashMap<>();

	private final Set<String> findings = new LinkedHashSet<>();

	private @Nullable ServerVersion backupServer;

	private @Nullable ServerVersion scratchServer;

	private String currentStep = "start";

	RestoreLog(String name, String backup) {
		this.name = name;
		this.backup = backup;
	}

	/**
	 * Executes and measures a step. A step that fails is measured as well.
	 */
	<T> T step(String step, Callable<T> action) throws Exception {
		long begin = System.nanoTime();
		synchronized (this) {
			this.currentStep = step;
		}
		try {
			return action.call();
		}
		finally {
			Duration duration = millis(System.nanoTime() - begin);
			synchronized (this) {
				this.steps.add(new RestoreReport.Step(step, duration));
			}
		}
	}

	private static Duration millis(long nanos) {
		return Duration.ofNanos(nanos).truncatedTo(ChronoUnit.MILLIS);
	}

	synchronized void addFinding(String finding) {
		this.findings.add(finding);
	}

	synchronized void setRowCount(String table, long count) {
		this.rowCounts.put(table, count);
	}

	synchronized void setBackupServer(@Nullable ServerVersion server) {
		this.backupServer = server;
	}

	synchronized void setScratchServer(ServerVersion server) {
		this.scratchServer = server;
	}

	synchronized String getCurrentStep() {
		return this.currentStep;
	}

	synchronized RestoreReport createReport() {
		return new RestoreReport(this.name, this.backup, asString(this.backupServer), asString(this.scratchServer),
				Instant.now().truncatedTo(ChronoUnit.SECONDS), millis(System.nanoTime() - this.start),
				List.copyOf(this.steps), Collections.unmodifiableMap(new LinkedHashMap<>(this.rowCounts)),
				List.copyOf(this.findings));
	}

	private static @Nullable String asString(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

}
