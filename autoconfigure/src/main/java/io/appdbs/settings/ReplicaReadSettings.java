package io.appdbs.settings;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Routing of reads to the replicas of a database.
 *
 * @param maxLag Maximum lag of a replica that serves reads. PostgreSQL, MySQL and MariaDB
 * only.
 * @param readOwnWritesFor Time after a write during which the same user, or the same
 * thread if there is no user, reads from the database itself, or 0 to disable.
 * @param onUnavailable What happens to a read that no replica can serve: it goes to the
 * 'primary', which is the database itself, or it has to 'fail'.
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
