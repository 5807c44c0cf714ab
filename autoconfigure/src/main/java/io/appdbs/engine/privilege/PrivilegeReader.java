package io.appdbs.engine.privilege;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Reads the privileges of a login of a relational database.
 */
public interface PrivilegeReader extends GrantSyntax {

	@Override
	default PrivilegeReader at(String url) {
		return this;
	}

	/**
	 * Reads the privileges of the login of a connection.
	 * @param connection a connection that nothing else uses; its session may change
	 * @param request what to read
	 * @return the privileges
	 * @throws SQLException if the server does not answer, or not that
	 */
	LoginPrivileges read(Connection connection, PrivilegeRequest request) throws SQLException;

}
