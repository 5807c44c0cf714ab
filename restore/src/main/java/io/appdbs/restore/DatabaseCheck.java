package io.appdbs.restore;

import java.sql.SQLException;

/**
 * Checks a restored database and adds what is wrong to the findings.
 *
 * @param step the name of the step in the report
 * @param body the check
 */
record DatabaseCheck(String step, Body body) {

	/**
	 * The check.
	 */
	interface Body {

		void check(RestoredDatabase database) throws SQLException;

	}

}
