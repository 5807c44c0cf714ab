package io.appdbs.rls;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parameters that are already set on one of the driver's statements.
 */
final class ParameterBindings {

	private final Map<Integer, StatementCall> bound = new TreeMap<>();

	/**
	 * Sets the parameters that have changed since the last call.
	 */
	void bind(Map<Integer, StatementCall> parameters, PreparedStatement statement, int shift) throws SQLException {
		for (Map.Entry<Integer, StatementCall> parameter : parameters.entrySet()) {
			if (this.bound.get(parameter.getKey()) != parameter.getValue()) {
				parameter.getValue().on(statement, shift);
				this.bound.put(parameter.getKey(), parameter.getValue());
			}
		}
	}

	void clear() {
		this.bound.clear();
	}

}
