package io.appdbs.engine;

import java.time.Duration;

/**
 * Which reads go to the replicas of a database.
 *
 * @param maxLag Time by which a replica may lag behind and still serve reads. 30s by
 * default for engines that tell how far a replica is.
 * @param sticky Time after a write for which the same user, or without user the same
 * thread, reads from where it wrote. 2s by default, 0 for none.
 * @param onUnavailable What happens to a read that no replica can serve. 'primary' by
 * default.
 */
public record ReplicaReadSettings(Duration maxLag, Duration sticky, OnUnavailable onUnavailable) {

	static final ReplicaReadSettings DEFAULT = new ReplicaReadSettings(Duration.ofSeconds(30), Duration.ofSeconds(2),
			OnUnavailable.PRIMARY);

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public ReplicaReadSettings {
		maxLag = (maxLag != null) ? maxLag : Duration.ofSeconds(30);
		sticky = (sticky != null) ? sticky : Duration.ofSeconds(2);
		onUnavailable = (onUnavailable != null) ? onUnavailable : OnUnavailable.PRIMARY;
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
