package io.appdbs.rls.verify.catalog;

import java.util.Locale;

/**
 * What is found, with the usual severity. The name in lower case, with hyphens, is the
 * identifier that operators see; it never changes.
 */
public enum FindingType {

	/** The server does not answer what its catalog is asked. */
	UNVERIFIABLE(Severity.ERROR),

	/** The server is of an engine that row-level security has not been tested with. */
	SERVER_UNTESTED(Severity.WARN),

	/** There is nothing to prove: the role may use no table. */
	NOTHING_EXAMINED(Severity.ERROR),

	/** A key of the settings names what does not exist. */
	UNKNOWN_NAME(Severity.ERROR),

	/** The role of the settings does not exist, or the login is no member of it. */
	ROLE_UNAVAILABLE(Severity.ERROR),

	/** Statements of the pool run as another role than the one that is examined. */
	ROLE_CHANGED(Severity.ERROR),

	/** The role is a superuser. */
	ROLE_SUPERUSER(Severity.ERROR),

	/** The role has BYPASSRLS. */
	ROLE_BYPASSRLS(Severity.ERROR),

	/** The role can become one that no policy binds. */
	ROLE_ESCAPES(Severity.ERROR),

	/** The role has an attribute or a predefined role that leads past policies. */
	ROLE_DANGEROUS(Severity.ERROR),

	/** A setting is not empty after a transaction that set it. */
	SETTING_LASTS(Severity.ERROR),

	/** A table has no row-level security. */
	TABLE_NOT_SECURED(Severity.ERROR),

	/** A table belongs to the role and does not force row-level security. */
	TABLE_NOT_FORCED(Severity.ERROR),

	/** What cannot have policies is granted. */
	TABLE_WITHOUT_POLICIES(Severity.ERROR),

	/** TRUNCATE is granted, which no policy restricts. */
	TRUNCATE_GRANTED(Severity.ERROR),

	/** TRIGGER or REFERENCES is granted. */
	DDL_GRANTED(Severity.WARN),

	/** A command is granted for which there is no policy, so that it affects no row. */
	POLICY_MISSING(Severity.WARN),

	/** Rows are visible without a user. */
	POLICY_VISIBLE_WITHOUT_USER(Severity.ERROR),

	/** Rows are visible to a user who has nothing to do with them. */
	POLICY_VISIBLE_TO_STRANGER(Severity.ERROR),

	/** Rows can be written without a user. */
	POLICY_WRITABLE_WITHOUT_USER(Severity.ERROR),

	/** Rows of others can be inserted, updated or deleted. */
	POLICY_WRITABLE_FOR_STRANGER(Severity.ERROR),

	/** A user can give rows to another one. */
	POLICY_GIVES_ROWS_AWAY(Severity.ERROR),

	/** A condition raises an error. */
	POLICY_RAISES(Severity.ERROR),

	/** A condition is not true for any row, also not of the user. */
	POLICY_NEVER_TRUE(Severity.WARN),

	/** What a condition yields could not be proved. */
	POLICY_UNPROVED(Severity.WARN),

	/** The proof takes it that a function returns the user. */
	POLICY_ASSUMES_FUNCTION(Severity.INFO),

	/** A condition reads a setting that the context does not set. */
	POLICY_READS_OTHER_SETTING(Severity.WARN),

	/** A condition reads a setting for each row. */
	POLICY_EVALUATED_PER_ROW(Severity.INFO),

	/** A view reads with the rights of an owner that policies do not bind. */
	VIEW_BYPASSES_POLICIES(Severity.ERROR),

	/** A view shows rows without a user. */
	VIEW_VISIBLE_WITHOUT_USER(Severity.ERROR),

	/** A view shows rows to a user who has nothing to do with them. */
	VIEW_VISIBLE_TO_STRANGER(Severity.ERROR),

	/** What a view shows could not be proved. */
	VIEW_UNPROVED(Severity.WARN),

	/** A routine runs with the rights of an owner that policies do not bind. */
	ROUTINE_BYPASSES_POLICIES(Severity.ERROR);

	private final Severity severity;

	FindingType(Severity severity) {
		this.severity = severity;
	}

	/**
	 * Returns the severity unless a finding has a reason for another one.
	 * @return the severity unless a finding has a reason for another one
	 */
	public Severity severity() {
		return this.severity;
	}

	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
