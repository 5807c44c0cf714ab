package io.appdbs.query.jdbc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of a statement.
 *
 * @param list the tokens in their order
 */
record SqlTokens(List<SqlToken> list) {

	int size() {
		return this.list.size();
	}

	SqlToken get(int index) {
		return this.list.get(index);
	}

	@Nullable SqlToken at(int index) {
		return (index >= 0 && index < this.list.size()) ? this.list.get(index) : null;
	}

	boolean is(int index, String text) {
		SqlToken token = at(index);
		return token != null && token.is(text);
	}

}
