package io.appdbs.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.appdbs.settings.security.VerificationMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Row-level security of a database. A role or an expression that is not set is
 * {@code null}.
 *
 * @param enabled Whether every statement runs in the context of the current user.
 * PostgreSQL, CockroachDB and YugabyteDB only.
 * @param settings Settings that the policies read, in order. By default,
 * 'app.current_user_id', which is required, and 'app.current_user_role'.
 * @param role Database role that statements run as. By default, the login.
 * @param onMissingContext What happens to a statement without a user: 'fail', or 'empty'
 * to execute it with empty settings.
 * @param onContextChange What happens to a statement if the user has changed within a
 * transaction: 'fail', or 'reapply' to continue with the new user.
 * @param verify What happens if the policies do not bind the application, at the start or
 * later.
 * @param schemas Schemas whose tables are verified. By default, all that the login may
 * use.
 * @param exemptTables Tables that need no policy, as 'table' or 'schema.table'.
 * @param verifyInterval Interval between verifications while the application runs, or 0
 * to verify only when the database is opened.
 * @param allow Policies, routines and commands that are intentionally public, such as
 * 'policy everyone on country', 'function app.logout()' or 'select on product'.
 * @param witnesses Settings of two example users whose rows the policies must keep apart.
 * Needed if a setting has a structure, such as the claims of a token.
 */
public record RlsSettings(boolean enabled, @DefaultValue List<Setting> settings, @Nullable String role,
		@FormerName("on-missing") @DefaultValue("fail") OnMissingContext onMissingContext,
		@FormerName("on-change") @DefaultValue("fail") OnContextChange onContextChange,
		@DefaultValue("fail") VerificationMode verify, @DefaultValue List<String> schemas,
		@DefaultValue List<String> exemptTables, @DefaultValue("1h") Duration verifyInterval,
		@DefaultValue List<String> allow, @DefaultValue List<Map<String, String>> witnesses) {

	public RlsSettings {
		settings = !settings.isEmpty() ? List.copyOf(settings)
				: List.of(new Setting(CurrentUser.ID, Type.ANY, null, true),
						new Setting(CurrentUser.ROLE, Type.ANY, null, false));
		schemas = List.copyOf(schemas);
		exemptTables = List.copyOf(exemptTables);
		allow = List.copyOf(allow);
		witnesses = witnesses.stream().map(Map::copyOf).toList();
	}

	/**
	 * Returns whether the effectiveness of policies is verified.
	 * @return whether row-level security is enabled and the verification is not off
	 */
	public boolean isVerified() {
		return this.enabled && this.verify != VerificationMode.OFF;
	}

	/**
	 * Names of the settings by default.
	 */
	public static final class CurrentUser {

		/** Setting of the database that holds the identifier of the user. */
		public static final String ID = "app.current_user_id";

		/** Setting of the database that holds the roles of the user. */
		public static final String ROLE = "app.current_user_role";

		private CurrentUser() {
		}

	}

	/**
	 * One setting that the database's policies read.
	 *
	 * @param name Name of the setting, such as 'app.tenant_id'. Required.
	 * @param type Type of the values: 'any' text, 'long' for integers, or 'uuid'.
	 * @param expression Spring expression that reads the value from the Authentication of
	 * Spring Security. By default, the name of the user for 'app.current_user_id', and
	 * the authorities for 'app.current_user_role'.
	 * @param required Whether a context without a value counts as no user.
	 */
	@ConfigurationPropertiesSource
	public record Setting(String name, @DefaultValue("any") Type type, @Nullable String expression, boolean required) {

	}

	/**
	 * Type of a value.
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
		UUID;

		private static final Pattern UUID_PATTERN = Pattern
			.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

		/**
		 * Returns whether a value is of the type.
		 * @param value the value
		 * @return whether it is
		 */
		public boolean accepts(String value) {
			return switch (this) {
				case ANY -> true;
				case LONG -> isLong(value);
				case UUID -> UUID_PATTERN.matcher(value).matches();
			};
		}

		private static boolean isLong(String value) {
			try {
				Long.parseLong(value);
				return true;
			}
			catch (NumberFormatException ex) {
				return false;
			}
		}

	}

	/**
	 * What happens to a statement when there is no user.
	 */
	public enum OnMissingContext {

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
	public enum OnContextChange {

		/**
		 * It fails before anything is sent.
		 */
		FAIL,

		/**
		 * It runs under the new user's context, and so does the rest of the transaction.
		 */
		REAPPLY

	}

}
