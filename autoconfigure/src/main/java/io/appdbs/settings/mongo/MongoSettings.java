package io.appdbs.settings.mongo;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings that only MongoDB databases have. A value that is not set and has no default
 * is {@code null}.
 *
 * @param reactive Whether the database also has reactive beans, with a separate client
 * and pool. MongoDB only.
 * @param readPreference Servers that the application reads from. By default, those of the
 * URL, otherwise the primary.
 * @param readConcern Read concern of the application. By default, that of the URL,
 * otherwise that of the server.
 * @param writeConcern Servers that have to confirm a write: 'majority', a number, or the
 * name of a custom write concern. By default, those of the URL, otherwise of the server.
 * @param indexes Indexes of the entities.
 * @param validators Validators from the entities.
 * @param migrations Migrations by MongoMigration beans and files with commands.
 */
public record MongoSettings(boolean reactive, @Nullable ReadPreference readPreference,
		@Nullable ReadConcern readConcern, @Nullable String writeConcern,
		@DefaultValue @NestedConfigurationProperty MongoIndexSettings indexes,
		@DefaultValue @NestedConfigurationProperty MongoValidatorSettings validators,
		@DefaultValue @NestedConfigurationProperty MongoMigrationSettings migrations) {

	/**
	 * Servers that are read from.
	 */
	public enum ReadPreference {

		/**
		 * The primary.
		 */
		PRIMARY,

		/**
		 * The primary, or secondaries while there is none.
		 */
		PRIMARY_PREFERRED,

		/**
		 * Secondaries.
		 */
		SECONDARY,

		/**
		 * Secondaries, or the primary if there are none.
		 */
		SECONDARY_PREFERRED,

		/**
		 * Servers with a short latency.
		 */
		NEAREST

	}

	/**
	 * What is read.
	 */
	public enum ReadConcern {

		/**
		 * What the server has, which may be rolled back.
		 */
		LOCAL,

		/**
		 * As {@link #LOCAL}, and documents of a sharded collection that are being moved
		 * may be missing or double.
		 */
		AVAILABLE,

		/**
		 * What the majority of servers has confirmed.
		 */
		MAJORITY,

		/**
		 * All writes that have been confirmed before, of single documents.
		 */
		LINEARIZABLE,

		/**
		 * What the majority of servers has confirmed, at one point in time.
		 */
		SNAPSHOT

	}

}
