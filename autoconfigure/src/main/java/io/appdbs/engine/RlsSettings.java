package io.appdbs.engine;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Row-level security of a database. A role or an expression that is not set is
 * {@code null}.
 *
 * @param enabled Whether every statement runs under the context of the current user.
 * @param settings What the database's policies read, in order. The user's identifier and
 * roles by default.
 * @param role Role of the database that statements run as.
 * @param onMissing What happens to a statement when there is no user. 'fail' by default.
 * @param onChange What happens to a statement when the user is another one than at the
 * beginning of the transaction. 'fail' by default.
 * @param verify What happens at the start when the policies do not bind. 'fail' by
 * default.
 * @param schemas Schemas whose tables are verified. All that the login may use by
 * default.
 * @param exemptTables Tables that need no policy, as 'table' or 'schema.table'.
 */
public record RlsSettings(boolean enabled, List<Setting> settings, @Nullable String role, OnMissing onMissing,
		OnChange onChange, Verify verify, List<String> schemas, List<String> exemptTables) {

	/** Setting of the database that holds the identifier of the user. */
	public static final String USER_ID = "app.current_user_id";

	/** Setting of the database that holds the roles of the user. */
	public static final String USER_ROLE = "app.current_user_role";

	static final RlsSettings DISABLED = new RlsSettings(false, List.of(), null, OnMissing.FAIL, OnChange.FAIL,
			Verify.FAIL, List.of(), List.of());

	@SuppressWarnings({ "ConstantValue", "NullAway" })
	public RlsSettings {
		settings = (settings != null && !settings.isEmpty()) ? List.copyOf(settings) : List
			.of(new Setting(USER_ID, Type.ANY, null, Boolean.TRUE), new Setting(USER_ROLE, Type.ANY, null, null));
		onMissing = (onMissing != null) ? onMissing : OnMissing.FAIL;
		onChange = (onChange != null) ? onChange : OnChange.FAIL;
		verify = (verify != null) ? verify : Verify.FAIL;
		schemas = (schemas != null) ? List.copyOf(schemas) : List.of();
		exemptTables = (exemptTables != null) ? List.copyOf(exemptTables) : List.of();
	}

	/**
	 * One setting that the database's policies read.
	 *
	 * @param name Name of the setting, such as 'app.tenant_id'.
	 * @param type Type that a value must have. 'any' by default.
	 * @param expression Spring expression that gets the value from the authentication of
	 * Spring Security.
	 * @param required Whether a context without a value counts as no user.
	 */
	public record Setting(String name, Type type, @Nullable String expression, Boolean required) {

		@SuppressWarnings({ "ConstantValue", "NullAway" })
		public Setting {
			type = (type != null) ? type : Type.ANY;
			required = (required != null) ? required : Boolean.FALSE;
		}

	}

	/**
	 * What a value must be.
	 */
	public enum Type {

		/**
		 * Any text.
		 */
		ANY,

		/**
		 * A whole number of 64 bits.
		 */
		LONG,

		/**
		 * A UUID.
		 */
		UUID

	}

	/**
	 * What happens to a statement when there is no user.
	 */
	public enum OnMissing {

		/**
		 * It fails before anything is sent.
		 */
		FAIL,

		/**
		 * It runs, and the policies see empty settings.
		 */
		EMPTY

	}

	/**
	 * What happens to a statement when the user has changed inside a transaction.
	 */
	public enum OnChange {

		/**
		 * It fails before anything is sent.
		 */
		FAIL,

		/**
		 * It runs under the new user's context, and so does the rest of the transaction.
		 */
		REAPPLY

	}

	/**
	 * What happens at the start when the policies do not bind.
	 */
	public enum Verify {

		/**
		 * The database does not come up.
		 */
		FAIL,

		/**
		 * Every finding is logged.
		 */
		WARN,

		/**
		 * Nothing is verified.
		 */
		OFF

	}

}
