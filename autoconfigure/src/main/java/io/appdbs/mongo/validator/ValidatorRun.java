package io.appdbs.mongo.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import io.appdbs.DatabaseStartException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.mongo.MongoErrorCodes;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.mongo.MongoValidatorSettings;
import io.appdbs.settings.mongo.MongoValidatorSettings.Mode;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Compares the validators of a database once, and sets them if that is wanted.
 *
 * @param definition the definition of the database
 * @param database the database
 * @param report the result
 */
record ValidatorRun(DatabaseDefinition definition, MongoDatabase database, ValidatorReport report) {

	private static final String LEVEL = "moderate";

	/**
	 * Compares validators.
	 * @return the validators whose collections have documents to count
	 */
	List<WantedValidator> compare(WantedValidators wanted) {
		wanted.leftOut().forEach(this.report::addLeftOut);
		Map<String, ServerValidator> existing = read(wanted);
		if (existing == null) {
			return List.of();
		}
		List<WantedValidator> countable = new ArrayList<>();
		for (WantedValidator each : wanted.byCollection().values()) {
			ServerValidator found = existing.get(each.collection());
			if (found != null && !found.type().equals("collection")) {
				leaveOut(each, found);
				continue;
			}
			this.report.addLeftOutConstraints(each.leftOut());
			compare(each, found);
			if (found != null) {
				countable.add(each);
			}
		}
		return countable;
	}

	private @Nullable Map<String, ServerValidator> read(WantedValidators wanted) {
		try {
			return ServerValidator.read(this.database, wanted.byCollection().keySet());
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() != MongoErrorCodes.UNAUTHORIZED) {
				throw ex;
			}
			if (settings().mode() == Mode.APPLY) {
				throw unauthorized("list the collections", "listCollections", "read", ex);
			}
			wanted.byCollection()
				.keySet()
				.forEach((name) -> this.report.addFailure(name, "the login has no privilege to list collections"));
			return null;
		}
	}

	private void leaveOut(WantedValidator wanted, ServerValidator found) {
		if (settings().mode() == Mode.APPLY && found.type().equals("view")) {
			throw new DatabaseStartException(this.definition.name(),
					"Database '%s': '%s' is 'apply', but '%s', where %s is stored, is a view, which cannot have a validator."
						.formatted(this.definition.name(), key("mode"), wanted.collection(),
								String.join(", ", wanted.entities())),
					"Add '%s' to '%s'.".formatted(wanted.collection(), key("exclude")),
					TroubleshootingSection.INDEX_OR_VALIDATOR, null);
		}
		this.report.addLeftOut(wanted.collection(), "it is a %s".formatted(found.type()));
	}

	private void compare(WantedValidator wanted, @Nullable ServerValidator found) {
		boolean apply = settings().mode() == Mode.APPLY;
		if (found == null || found.validator().isEmpty()) {
			if (apply) {
				apply(wanted, found);
			}
			else {
				this.report.addMissing(wanted.collection());
			}
		}
		else if (!wanted.isSame(found.validator())) {
			if (apply) {
				new ValidatorLog(this.definition.name()).replaced(wanted.collection(), found.validator());
				apply(wanted, found);
			}
			else {
				this.report.addDifferent(wanted, found.validator());
			}
		}
		else if (apply && !(found.level().equals(LEVEL) && found.action().equals(action()))) {
			apply(wanted, found);
		}
		else {
			this.report.addSame(wanted.collection());
		}
	}

	private void apply(WantedValidator wanted, @Nullable ServerValidator found) {
		try {
			if (found != null || !create(wanted)) {
				this.database.runCommand(command("collMod", wanted));
			}
		}
		catch (MongoCommandException ex) {
			String collection = wanted.collection();
			if (ex.getErrorCode() == MongoErrorCodes.UNAUTHORIZED) {
				throw unauthorized("set the validator of collection '%s'".formatted(collection),
						(found != null) ? "collMod" : "createCollection", (found != null) ? "dbAdmin" : "readWrite",
						ex);
			}
			throw new DatabaseStartException(this.definition.name(),
					"Database '%s': the server rejects the validator of collection '%s': %s"
						.formatted(this.definition.name(), collection, ex.getErrorMessage()),
					"Add '%s' to '%s', or set '%s' to 'verify'.".formatted(collection, key("exclude"), key("mode")),
					TroubleshootingSection.INDEX_OR_VALIDATOR, ex);
		}
		this.report.addApplied(wanted.collection());
	}

	/**
	 * Creates the collection.
	 * @return {@code false} if another instance was faster
	 */
	private boolean create(WantedValidator wanted) {
		Document command = command("create", wanted);
		if (wanted.collation() != null) {
			command.put("collation", wanted.collation().toDocument());
		}
		try {
			this.database.runCommand(command);
			return true;
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() == MongoErrorCodes.NAMESPACE_EXISTS) {
				return false;
			}
			throw ex;
		}
	}

	private Document command(String name, WantedValidator wanted) {
		return new Document(name, wanted.collection()).append("validator", wanted.validator())
			.append("validationLevel", LEVEL)
			.append("validationAction", action());
	}

	private DatabaseStartException unauthorized(String what, String privilege, String role, MongoCommandException ex) {
		return new DatabaseStartException(this.definition.name(),
				"Database '%s': '%s' is 'apply', but the login has no privilege to %s."
					.formatted(this.definition.name(), key("mode"), what),
				"Grant it the action '%s' on the database, which the role '%s' has, or set '%s' to 'verify'."
					.formatted(privilege, role, key("mode")),
				TroubleshootingSection.INDEX_OR_VALIDATOR, ex);
	}

	private MongoValidatorSettings settings() {
		return this.definition.settings().mongo().validators();
	}

	private String action() {
		return settings().action().name().toLowerCase(Locale.ROOT);
	}

	private String key(String name) {
		return this.definition.key("mongo.validators." + name);
	}

}
