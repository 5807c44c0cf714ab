package io.appdbs.settings.mongo;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Indexes that the entities of a MongoDB database declare.
 *
 * @param mode Whether to compare the declared indexes with those of the server, 'verify',
 * also create missing ones, 'create', or neither, 'off'. MongoDB only.
 * @param await Whether the database is up only after missing indexes have been created.
 * By default, those of collections with documents are created in the background.
 */
public record MongoIndexSettings(@DefaultValue("verify") Mode mode, boolean await) {

	/**
	 * What happens to declared indexes.
	 */
	public enum Mode {

		/**
		 * Nothing.
		 */
		OFF,

		/**
		 * Indexes that are missing, different or not declared are reported.
		 */
		VERIFY,

		/**
		 * As {@link #VERIFY}, and missing indexes are created.
		 */
		CREATE

	}

}
