package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which reads go to the replicas of a database.
 *
 * @param maxLag Time by which a replica may lag behind and still serve reads, for engines
 * that report how far a replica is.
 * @param readOwnWritesFor Time after a write for which the same user, or without a user
 * the same thread, reads from the database. 0 for none. Replaces 'sticky'.
 * @param onUnavailable What happens to a read that no replica can serve.
 */
public record ReplicaReadSettings(@DefaultValue("30s") Duration maxLag,
		@FormerName("sticky") @DefaultValue("2s") Duration readOwnWritesFor,
		@DefaultValue("primary") OnUnavailable onUnavailable) {

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
