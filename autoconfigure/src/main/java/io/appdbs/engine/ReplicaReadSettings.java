package io.appdbs.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Which reads go to the replicas of a database.
 *
 * @param maxLag Time by which a replica may lag behind and still serve reads. 30s by
 * default for engines that tell how far a replica is.
 * @param sticky Time after a write for which the same user, or without user the same
 * thread, reads from where it wrote.
 * @param onUnavailable What happens to a read that no replica can serve.
 */
public record ReplicaReadSettings(@Nullable Duration maxLag, Duration sticky, OnUnavailable onUnavailable) {

	static final ReplicaReadSettings DEFAULT = new ReplicaReadSettings(null, Duration.ofSeconds(2),
			OnUnavailable.PRIMARY);

	private static final Duration DEFAULT_MAX_LAG = Duration.ofSeconds(30);

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public ReplicaReadSettings {
		sticky = (sticky != null) ? sticky : Duration.ofSeconds(2);
		onUnavailable = (onUnavailable != null) ? onUnavailable : OnUnavailable.PRIMARY;
	}

	/**
	 * Return the time by which a replica whose lag is known may lag.
	 * @return the time that was set or else 30 seconds
	 */
	public Duration effectiveMaxLag() {
		return (this.maxLag != null) ? this.maxLag : DEFAULT_MAX_LAG;
	}

	/**
	 * What happens to a read that no replica can serve.
	 */
	public enum OnUnavailable {

		/**
		 * The database itself serves it.
		 */
		PRIMARY,

		/**
		 * It fails.
		 */
		FAIL

	}

}
