package io.appdbs.credentials;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.JitteredBackOff;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Remembers which logins a server has refused, so that they are retried less and less
 * often: servers lock an account after several wrong passwords. Other credentials are
 * tried at once. Thread-safe.
 */
public final class FailedLogins {

	private static final Duration FIRST_DELAY = Duration.ofSeconds(2);

	private static final BackOff BACK_OFF = new JitteredBackOff(FIRST_DELAY, Duration.ofMinutes(5));

	/** Enough for the current credentials and newer ones that do not work. */
	private static final int MAX_LOGINS = 4;

	private final Map<Login, Refusal> refusals = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Login, Refusal> eldest) {
			return size() > MAX_LOGINS;
		}

	};

	/**
	 * Returns why a login must not be tried now. If it may be tried, the caller has to
	 * try it; other callers must not for a while.
	 * @param details the connection details with the login
	 * @return the exception of the server or {@code null} if the login may be tried
	 */
	public synchronized @Nullable Throwable check(DatabaseConnectionDetails details) {
		Refusal refusal = this.refusals.get(Login.of(details));
		return (refusal != null && !refusal.isOver()) ? refusal.failure : null;
	}

	/**
	 * Notes that the server has refused a login.
	 * @param details the connection details with the login
	 * @param failure the exception of the driver
	 */
	public synchronized void refused(DatabaseConnectionDetails details, Throwable failure) {
		this.refusals.computeIfAbsent(Login.of(details), (login) -> new Refusal()).repeat(failure);
	}

	/**
	 * Forgets the refused logins, because the server has accepted a login, or a refused
	 * one has to be tried at once.
	 */
	public synchronized void clear() {
		this.refusals.clear();
	}

	/**
	 * Returns how long no refused login is retried.
	 * @return the time, zero if none was refused
	 */
	public synchronized Duration getDelay() {
		return this.refusals.values().stream().map(Refusal::getDelay).min(Duration::compareTo).orElse(Duration.ZERO);
	}

	private record Login(@Nullable String username, @Nullable String password) {

		static Login of(DatabaseConnectionDetails details) {
			return new Login(details.username(), details.password());
		}

		/**
		 * Returns a text without secrets.
		 */
		@Override
		public String toString() {
			return "Login[username=" + this.username + "]";
		}

	}

	/**
	 * A refused login, which is not retried until a delay has passed.
	 */
	private static final class Refusal {

		private final BackOffExecution backOff = BACK_OFF.start();

		private @Nullable Throwable failure;

		private long until;

		void repeat(Throwable failure) {
			this.failure = failure;
			this.until = System.nanoTime() + Duration.ofMillis(this.backOff.nextBackOff()).toNanos();
		}

		/**
		 * Returns whether the login may be retried. If so, only this caller may retry it
		 * for now.
		 */
		boolean isOver() {
			boolean over = getDelay().isZero();
			if (over) {
				this.until = System.nanoTime() + FIRST_DELAY.toNanos();
			}
			return over;
		}

		Duration getDelay() {
			return Duration.ofNanos(Math.max(0, this.until - System.nanoTime()));
		}

	}

}
