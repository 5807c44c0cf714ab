package io.appdbs.lifecycle;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which logins a server has refused, so that they are repeated less and less
 * often: servers lock an account after some wrong passwords. Other credentials are tried
 * at once. Safe for use by several threads.
 */
public final class FailedLogins {

	private static final Duration FIRST_DELAY = Duration.ofSeconds(2);

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

	/** The current credentials, and newer ones that do not work. */
	private static final int MAX_LOGINS = 4;

	private final Map<Login, Refusal> refusals = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Login, Refusal> eldest) {
			return size() > MAX_LOGINS;
		}

	};

	/**
	 * Return why a login is not to be tried now. Where it may be, it is the caller's to
	 * try, and nobody else's for a while.
	 * @param target the server, with the login
	 * @return what the server refused it with or {@code null} if it may be tried
	 */
	public synchronized @Nullable Throwable check(DatabaseConnectionDetails target) {
		Refusal refusal = this.refusals.get(Login.of(target));
		return (refusal != null && !refusal.isOver()) ? refusal.failure : null;
	}

	/**
	 * Note that the server has refused a login.
	 * @param target the server, with the login
	 * @param failure what the driver threw
	 */
	public synchronized void refused(DatabaseConnectionDetails target, Throwable failure) {
		this.refusals.computeIfAbsent(Login.of(target), (login) -> new Refusal()).repeat(failure);
	}

	/**
	 * Forget what was refused, because the server has accepted a login, or one that it
	 * has refused is to be tried at once.
	 */
	public synchronized void clear() {
		this.refusals.clear();
	}

	/**
	 * Return how long no login that was refused is tried again.
	 * @return the time, zero if none was refused
	 */
	synchronized Duration getDelay() {
		return this.refusals.values().stream().map(Refusal::getDelay).min(Duration::compareTo).orElse(Duration.ZERO);
	}

	private record Login(@Nullable String username, @Nullable String password) {

		static Login of(DatabaseConnectionDetails target) {
			return new Login(target.username(), target.password());
		}

		/**
		 * Return a text without secrets.
		 */
		@Override
		public String toString() {
			return "Login[username=" + this.username + "]";
		}

	}

	/**
	 * How long a login is not repeated.
	 */
	private static final class Refusal {

		private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);

		private @Nullable Throwable failure;

		private long until;

		void repeat(Throwable failure) {
			this.failure = failure;
			this.until = System.nanoTime() + this.backoff.next().toNanos();
		}

		/**
		 * Return whether the login may be tried, which it is once before it is over
		 * again.
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
