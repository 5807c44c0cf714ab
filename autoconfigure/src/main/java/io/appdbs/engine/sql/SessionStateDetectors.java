package io.appdbs.engine.sql;

import java.util.List;

import io.appdbs.engine.sql.SessionStateDetector.Rules;

/**
 * The session state detectors of the engines.
 */
public final class SessionStateDetectors {

	/** For an engine that has no rules. */
	public static final SessionStateDetector STANDARD = new SessionStateDetector(SqlSyntax.STANDARD,
			new Rules("local|transaction|constraints",
					"alter session|use|pragma|attach|detach|declare (?:global|local) temporary"
							+ "|create (?:local )?temp(?:orary)?",
					Rules.NONE, List.of(), ""));

	/** {@code pg_temp} is the schema of the session, and can be named by a number. */
	private static final String TEMPORARY_SCHEMA = "\"?pg_temp(?:_\\d+)?\"? \\.";

	private static final String SETTINGS = "\\bupdate (?:only )?(?:\"?pg_catalog\"? \\. )?\"?pg_settings\\b";

	/** The arguments of a function up to the last one, including nested calls. */
	private static final String ARGUMENTS = "(?:" + nested(",", nested("", nested("", nested("", "")))) + ",)*+";

	/** For PostgreSQL and CockroachDB. */
	public static final SessionStateDetector POSTGRESQL = new SessionStateDetector(SqlSyntax.POSTGRESQL,
			new Rules("local|transaction|constraints|cluster",
					"reset|discard|listen|load|use|prepare(?! transaction )|declare .* with hold"
							+ "|create (?!.* on commit drop)(?:(?:or replace )?(?:(?:global|local) )?temp(?:orary)?|.* "
							+ TEMPORARY_SCHEMA + ")",
					"u&\"|" + SETTINGS + "|(?<!insert|merge) into (?:(?:(?:global|local) )?temp(?:orary)? |(?:table )?"
							+ TEMPORARY_SCHEMA + ")|\\bset_config\"? \\((?!" + ARGUMENTS + " true \\))"
							+ "|\\b(?:setseed|dblink_connect(?:_u)?|pg_(?:try_)?advisory_lock(?:_shared)?)\"? \\(",
					List.of("temp", "pg_temp", "pg_settings", "set_config", "setseed", "dblink_connect",
							"pg_advisory_lock", "pg_try_advisory_lock"),
					""));

	/**
	 * For MySQL and MariaDB. {@code SET TRANSACTION} is for the next transaction, no
	 * matter who begins it.
	 */
	public static final SessionStateDetector MYSQL = new SessionStateDetector(SqlSyntax.MYSQL,
			new Rules(
					"(?!.* ,)(?:global|@ @ global|persist|persist_only|@ @ persist|@ @ persist_only)"
							+ "|password|default role|statement",
					"use|prepare|execute immediate|handler|create (?:or replace )?temporary|xa (?:start|begin)"
							+ "|lock (?:tables?|instance)|backup (?:stage|lock)"
							+ "|flush (?:(?:local|no_write_to_binlog) )?tables? (?:.* )?(?:with read lock|for export)"
							+ "|(?:call|load (?:data|xml)|get (?:(?:current|stacked) )?diagnostics) .*@",
					": =| into (?:\\S+ , )*@|\\b(?:get_lock|service_get_(?:read|write)_locks) \\(",
					List.of("get_lock", "service_get_"), ":@"));

	/** For H2, where a temporary table that is not local exists in all sessions. */
	public static final SessionStateDetector H2 = new SessionStateDetector(SqlSyntax.H2,
			new Rules(Rules.NONE,
					"use|prepare(?! commit )|execute immediate|runscript"
							+ "|(?:create|declare) (?:(?:cached|memory) )?local temp(?:orary)?",
					": =", List.of(), ":"));

	private SessionStateDetectors() {
	}

	/**
	 * Returns a regular expression for text without the excluded characters, except in
	 * parentheses.
	 */
	private static String nested(String excluded, String inParentheses) {
		return "(?:[^()" + excluded + "]++|\\(" + inParentheses + "\\))*+";
	}

}
