package io.appdbs.settings.mongo;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Validators of collections, from the entities of a MongoDB database and their
 * constraints.
 *
 * @param mode Whether to compare the validators of the server with the entities,
 * 'verify', also set them, 'apply', or neither, 'off'. MongoDB only.
 * @param action What the server does with a document that is not valid: 'warn' or
 * 'error'. Needs the mode 'apply'.
 * @param timeout Maximum time for counting the documents of a collection that are not
 * valid.
 * @param exclude Names of collections without a validator.
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
