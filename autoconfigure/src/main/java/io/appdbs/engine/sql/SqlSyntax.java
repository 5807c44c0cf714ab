package io.appdbs.engine.sql;

import java.util.Arrays;

/**
 * Where comments and literals begin and end in the SQL of a server.
 */
public enum SqlSyntax {

	/**
	 * Standard SQL: comments that cannot be nested, and quotes that are escaped by being
	 * doubled.
	 */
	STANDARD(Feature.UNICODE),

	/**
	 * PostgreSQL, with {@code standard_conforming_strings}.
	 */
	POSTGRESQL(Feature.UNICODE, Feature.NESTED_COMMENTS, Feature.ESCAPE_STRINGS, Feature.DOLLAR_QUOTES,
			Feature.QUESTION_MARK_OPERATORS, Feature.ATOMIC_BODIES, Feature.ASCII_BLANKS),

	/**
	 * MySQL and MariaDB, without {@code NO_BACKSLASH_ESCAPES}.
	 */
	MYSQL(Feature.BACKSLASH_ESCAPES, Feature.BACKTICKS, Feature.HASH_COMMENTS, Feature.SPACED_DASHES,
			Feature.LINES_END_WITH_LINE_FEED, Feature.EXECUTABLE_COMMENTS),

	/**
	 * H2, in any of its modes.
	 */
	H2(Feature.UNICODE, Feature.NESTED_COMMENTS, Feature.SLASH_COMMENTS, Feature.DOLLAR_QUOTES, Feature.BACKTICKS);

	/** One bit for each feature, because they are read for each token. */
	private final int features;

	SqlSyntax(Feature... features) {
		this.features = Arrays.stream(features).mapToInt((feature) -> 1 << feature.ordinal()).sum();
	}

	boolean has(Feature feature) {
		return (this.features & (1 << feature.ordinal())) != 0;
	}

	/**
	 * Features in which the syntaxes differ.
	 */
	enum Feature {

		/** {@code U&'…'} and {@code U&"…"}. */
		UNICODE,

		/** A comment within a comment ends before it. */
		NESTED_COMMENTS,

		/** {@code E'…'} has backslash escapes. */
		ESCAPE_STRINGS,

		/** {@code $tag$…$tag$}. */
		DOLLAR_QUOTES,

		/** {@code ??}, {@code ?|} and {@code ?&} are operators. */
		QUESTION_MARK_OPERATORS,

		/** A semicolon within {@code BEGIN ATOMIC … END} does not end the statement. */
		ATOMIC_BODIES,

		/** A blank of Unicode, such as the no-break space, is a part of a name. */
		ASCII_BLANKS,

		/** Quotes have backslash escapes. */
		BACKSLASH_ESCAPES,

		/** Names are quoted by backticks as well. */
		BACKTICKS,

		/** {@code # …} is a comment. */
		HASH_COMMENTS,

		/** {@code // …} is a comment. */
		SLASH_COMMENTS,

		/** {@code --} is a comment only in front of white space. */
		SPACED_DASHES,

		/** A carriage return alone does not end a line. */
		LINES_END_WITH_LINE_FEED,

		/** <code>/*! … *&#47;</code> is not a comment. */
		EXECUTABLE_COMMENTS

	}

}
