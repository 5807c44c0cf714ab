package io.appdbs.audit.jdbc;

import java.util.Set;

/**
 * The words that can be followed by a parenthesis in a statement that reads: keywords,
 * types and functions of the server that change nothing. Any other function may write.
 */
final class ReadFunctions {

	/** Servers reserve these, so that no function has such a name without quotes. */
	private static final Set<String> KEYWORDS = Set.of("select", "from", "where", "and", "or", "not", "in", "as", "all",
			"exists", "using", "on", "union", "except", "intersect", "limit", "fetch", "case", "when", "then", "else",
			"values", "with", "lateral", "group", "having", "distinct", "array", "row", "between", "table", "unique",
			"to", "interval");

	private static final Set<String> TYPES = Set.of("varchar", "char", "character", "numeric", "decimal", "bit",
			"timestamp", "time", "float", "nchar");

	private static final Set<String> FUNCTIONS = Set.of("count", "sum", "min", "max", "avg", "coalesce", "nullif",
			"greatest", "least", "lower", "upper", "trim", "ltrim", "rtrim", "btrim", "length", "char_length",
			"character_length", "octet_length", "substring", "substr", "left", "right", "lpad", "rpad", "replace",
			"concat", "concat_ws", "position", "strpos", "locate", "instr", "repeat", "reverse", "split_part",
			"string_agg", "group_concat", "listagg", "array_agg", "json_agg", "jsonb_agg", "json_object_agg",
			"jsonb_object_agg", "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array",
			"json_extract", "json_unquote", "json_object", "json_array", "json_value", "json_query", "json_exists",
			"json_arrayagg", "json_objectagg", "json_contains", "to_json", "to_jsonb", "row_to_json", "array_length",
			"cardinality", "array_to_string", "string_to_array", "bool_and", "bool_or", "every", "stddev", "variance",
			"stddev_pop", "stddev_samp", "var_pop", "var_samp", "percentile_cont", "percentile_disc", "row_number",
			"rank", "dense_rank", "ntile", "lag", "lead", "first_value", "last_value", "nth_value", "abs", "ceil",
			"ceiling", "floor", "round", "trunc", "truncate", "power", "sqrt", "exp", "ln", "sign", "mod", "div",
			"unnest", "cast", "convert", "extract", "now", "date_trunc", "date_part", "date", "year", "month", "day",
			"hour", "minute", "second", "datediff", "dateadd", "date_add", "date_sub", "timestampdiff", "timestampadd",
			"to_char", "to_date", "to_timestamp", "to_number", "date_format", "str_to_date", "unix_timestamp",
			"from_unixtime", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
			"curdate", "curtime", "utc_timestamp", "age", "make_date", "ifnull", "nvl", "nvl2", "decode", "if", "md5",
			"sha256", "encode", "ascii", "chr", "generate_series", "system_range", "version", "current_schema",
			"current_database", "database", "schema", "user", "current_user", "session_user", "current_setting",
			"to_tsvector", "to_tsquery", "plainto_tsquery", "websearch_to_tsquery", "ts_rank", "similarity",
			"jsonb_array_elements", "json_array_elements", "jsonb_each", "jsonb_extract_path_text",
			"json_extract_path_text", "jsonb_typeof", "jsonb_array_length", "regexp_like", "regexp_substr", "grouping",
			"random", "rand", "gen_random_uuid", "random_uuid", "uuid");

	private ReadFunctions() {
	}

	static boolean isKeyword(String word) {
		return KEYWORDS.contains(word);
	}

	/**
	 * Returns whether a word in front of a parenthesis changes nothing.
	 * @param word the word, in lower case
	 */
	static boolean contain(String word) {
		return KEYWORDS.contains(word) || TYPES.contains(word) || FUNCTIONS.contains(word);
	}

}
