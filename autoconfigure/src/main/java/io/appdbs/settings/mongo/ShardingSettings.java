package io.appdbs.settings.mongo;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Sharded collections of a MongoDB cluster.
 *
 * @param mode Whether the collections of entities with '@Sharded' must be sharded in the
 * cluster, 'verify', are also sharded, 'apply', or neither, 'off'. MongoDB only.
 */
public record ShardingSettings(@DefaultValue("off") Mode mode) {

	/**
	 * What happens with the shard keys of entities.
	 */
	public enum Mode {

		/**
		 * Nothing is compared.
		 */
		OFF,

		/**
		 * The cluster must have the shard keys before the database comes up.
		 */
		VERIFY,

		/**
		 * Collections that are not sharded yet are sharded, and the others verified.
		 */
		APPLY

	}

}
