package io.appdbs.lifecycle;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.appdbs.DatabaseState;
import io.appdbs.lifecycle.thread.PendingCall;
import org.jspecify.annotations.Nullable;

/**
 * Probes one database and never waits longer than a probe may take, whatever the driver
 * does. A probe that has to connect runs for as long as connecting may take, and the next
 * probe waits for it. As its packets may be lost, the next probe also begins a second,
 * brief attempt.
 */
final class DatabaseProbe {

	/** Allows the driver to report a time-out itself. */
	private static final Duration GRACE = Duration.ofMillis(250);

	private final ManagedDatabase database;

	private final Duration timeout;

	private final PendingCall<Boolean> patient;

	private final PendingCall<Boolean> brief;

	private final PendingCall<Boolean> secondOpinion;

	private volatile long lastAnswer = System.nanoTime();

	private volatile Duration responseTime = Duration.ZERO;

	/**
	 * Creates a new {@link DatabaseProbe}.
	 * @param database the database
	 * @param executor runs calls of the connector, without limit
	 */
	DatabaseProbe(ManagedDatabase database, Executor executor) {
		this.database = database;
		this.timeout = database.getDefinition().settings().health().timeout();
		this.patient = new PendingCall<>(executor);
		this.brief = new PendingCall<>(executor);
		this.secondOpinion = new PendingCall<>(executor);
	}

	/**
	 * Probes the database and, if it is down and was not rejected, lets it recover.
	 * @return whether the database can be up: it was up when it was probed, or it has
	 * recovered
	 * @throws Exception if the server did not answer
	 */
	boolean probe() throws Exception {
		boolean another = this.patient.isRunning();
		CompletableFuture<Boolean> patient = this.patient.begin(() -> call(null));
		CompletableFuture<Boolean> brief = another ? this.brief.begin(() -> call(this.timeout)) : null;
		CompletableFuture<?>[] calls = Stream.of(patient, brief)
			.filter(Objects::nonNull)
			.toArray(CompletableFuture<?>[]::new);
		try {
			Object usable = CompletableFuture.anyOf(calls)
				.get(this.timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
			this.patient.forget();
			this.brief.forget();
			return Boolean.TRUE.equals(usable);
		}
		catch (ExecutionException ex) {
			this.patient.forgetReturned();
			this.brief.forgetReturned();
			throw (ex.getCause() instanceof Exception failure) ? failure : ex;
		}
		catch (TimeoutException ex) {
			throw new SocketTimeoutException(
					"The server did not answer within %d ms".formatted(this.timeout.toMillis()));
		}
	}

	private boolean call(@Nullable Duration connectTimeout) throws Exception {
		boolean up = this.database.getState() == DatabaseState.UP;
		DatabaseConnector connector = this.database.getConnector();
		long begin = System.nanoTime();
		connector.probe(connectTimeout, this.timeout);
		this.responseTime = Duration.ofNanos(System.nanoTime() - begin);
		answered();
		if (up || this.database.isRejected()) {
			return this.database.getState() == DatabaseState.UP;
		}
		connector.recover();
		return true;
	}

	/**
	 * Notes that the server has answered, even if with an error.
	 */
	void answered() {
		this.lastAnswer = System.nanoTime();
	}

	/**
	 * Returns how long the last answer took, including the time before a late answer
	 * during which no probe waited for it.
	 */
	Duration getResponseTime() {
		return this.responseTime;
	}

	/**
	 * Returns how long the server has not answered.
	 */
	Duration getSilence() {
		return Duration.ofNanos(System.nanoTime() - this.lastAnswer);
	}

	/**
	 * Returns whether the application's connections are known to work although a probe
	 * has failed.
	 */
	boolean isWorking(Throwable failure) throws InterruptedException {
		CompletableFuture<Boolean> working = this.secondOpinion
			.begin(() -> this.database.getConnector().isWorking(failure, this.timeout));
		try {
			return working != null && working.get(this.timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
		finally {
			this.secondOpinion.forget();
		}
	}

}
