package io.appdbs.settings.mongo;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Validators of collections, from the entities of a MongoDB database and their
 * constraints.
 *
 * @param mode Whether the validators of the server are compared with the entities, or
 * set.
 * @param action What the server does with a document that is not valid.
 * @param timeout Maximum time for counting the documents of a collection that are not
 * valid.
 * @param exclude Names of collections without a validator from their entities.
 */
public record MongoValidatorSettings(@DefaultValue("off") Mode mode, @DefaultValue("warn") Action action,
		@DefaultValue("5s") Duration timeout, @DefaultValue List<String> exclude) {

	public MongoValidatorSettings {
		exclude = List.copyOf(exclude);
	}

	/**
	 * What happens to validators.
	 */
	public enum Mode {

		/**
		 * Nothing.
		 */
		OFF,

		/**
		 * Validators that differ are reported, and documents that are not valid are
		 * counted.
		 */
		VERIFY,

		/**
		 * As {@link #VERIFY}, and missing validators are set, and different ones
		 * replaced.
		 */
		APPLY

	}

	/**
	 * What the server does with a document that is not valid.
	 */
	public enum Action {

		/**
		 * It logs the document and accepts it.
		 */
		WARN,

		/**
		 * It rejects the document.
		 */
		ERROR

	}

}
