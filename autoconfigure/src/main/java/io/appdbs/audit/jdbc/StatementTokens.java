package io.appdbs.audit.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.appdbs.engine.sql.SqlLexer.Token;
import io.appdbs.engine.sql.SqlSyntax;

/**
 * The tokens of one statement.
 */
final class StatementTokens {

	private static final Set<String> READS = Set.of("select", "with", "values", "table", "show", "explain", "describe",
			"desc", "declare", "fetch", "move", "close");

	private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge", "replace", "into",
			"truncate", "nextval", "call", "execute", "copy");

	/** These write rows and leave the transaction open. */
	private static final Set<String> ROW_WRITES = Set.of("insert", "update", "delete", "merge", "replace");

	private static final Set<String> DATA_DEFINITION = Set.of("create", "alter", "drop", "rename", "truncate", "grant",
			"revoke", "comment", "analyze", "optimize", "repair", "lock", "unlock", "flush", "reset", "install",
			"uninstall", "begin", "start");

	/** {@code SET STATEMENT … FOR} of MariaDB executes a statement. */
	private static final Set<String> SERVER_SETTINGS = Set.of("global", "persist", "persist_only", "password",
			"default", "autocommit", "statement");

	private final List<Token> kinds = new ArrayList<>();

	private final List<String> texts = new ArrayList<>();

	private final KnownCalls knownCalls = new KnownCalls(this);

	void add(Token kind, String text) {
		this.kinds.add(kind);
		this.texts.add((kind == Token.WORD) ? text.toLowerCase(Locale.ROOT) : text);
	}

	boolean isEmpty() {
		return this.kinds.isEmpty();
	}

	/**
	 * Returns the text at a position, with words in lower case.
	 * @param index the position
	 * @return the text, empty if there is none
	 */
	String text(int index) {
		return (index >= 0 && index < this.texts.size()) ? this.texts.get(index) : "";
	}

	boolean isWord(int index) {
		return index >= 0 && index < this.kinds.size() && this.kinds.get(index) == Token.WORD;
	}

	boolean isSymbol(int index) {
		return index >= 0 && index < this.kinds.size() && this.kinds.get(index) == Token.SYMBOL;
	}

	/**
	 * Returns the word at a position, without the parentheses in front of the statement.
	 * @param index the position
	 * @return the word in lower case, empty if there is none
	 */
	String word(int index) {
		int position = begin() + index;
		return isWord(position) ? this.texts.get(position) : "";
	}

	/**
	 * H2 ignores braces.
	 */
	private int begin() {
		int begin = 0;
		while (is(begin, "(") || is(begin, "{")) {
			begin++;
		}
		return begin;
	}

	/**
	 * Returns the last word or name, such as that of a savepoint.
	 */
	String last() {
		return this.texts.get(this.texts.size() - 1).toLowerCase(Locale.ROOT);
	}

	boolean contains(String word) {
		return this.texts.contains(word);
	}

	private boolean is(int index, String text) {
		return text(index).equals(text);
	}

	/**
	 * Returns whether the statement writes, or may do so.
	 * @param syntax the syntax of the server
	 */
	boolean isWrite(SqlSyntax syntax) {
		// settings of H2 are those of the database
		boolean sessionSettings = syntax == SqlSyntax.POSTGRESQL || syntax == SqlSyntax.MYSQL;
		return switch (word(0)) {
			case "set" -> !sessionSettings || isServerSetting() || mayWrite();
			case "reset" -> syntax != SqlSyntax.POSTGRESQL;
			case "use" -> !sessionSettings;
			case "explain" -> contains("create") || mayWrite();
			default -> !READS.contains(word(0)) || mayWrite();
		};
	}

	private boolean isServerSetting() {
		return this.texts.stream().anyMatch(SERVER_SETTINGS::contains);
	}

	/**
	 * A read writes by a part of it, by a sequence or by a function.
	 */
	private boolean mayWrite() {
		for (int i = begin(); i < this.kinds.size(); i++) {
			if (isWriteAt(i)) {
				return true;
			}
		}
		return false;
	}

	private boolean isWriteAt(int index) {
		String text = this.texts.get(index);
		Token kind = this.kinds.get(index);
		if (is(index + 1, "(") && (kind == Token.WORD || kind == Token.NAME)) {
			return !this.knownCalls.contain(index);
		}
		if (kind != Token.WORD) {
			return kind == Token.SYMBOL && text.equals(":") && is(index + 1, "=");
		}
		if (text.equals("update")) {
			return !is(index - 1, "for") && !(is(index - 1, "key") && is(index - 2, "no"));
		}
		return WRITES.contains(text) || (text.equals("value") && is(index - 1, "next"));
	}

	/**
	 * Returns whether semicolons may be part of the statement.
	 */
	boolean isDefinition() {
		return word(0).equals("create") || word(0).equals("alter") || word(1).equals("not");
	}

	/**
	 * Returns whether it may commit the transaction: what does neither read nor write
	 * rows is not known well enough.
	 */
	boolean isCommitting(boolean write) {
		return write && !ROW_WRITES.contains(word(0)) && !READS.contains(word(0));
	}

	/**
	 * Returns whether a server without transactions for data definition commits before
	 * it.
	 */
	boolean isDataDefinition() {
		String first = word(0);
		return (DATA_DEFINITION.contains(first) && !contains("temporary"))
				|| (first.equals("set") && contains("autocommit"));
	}

}
