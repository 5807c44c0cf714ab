package io.appdbs.restore;

import java.sql.SQLException;

import io.appdbs.restore.sql.SqlDialect;

/**
 * Finds constraints that are not validated, and rows that violate a foreign key or a
 * check constraint.
 */
final class ConstraintsCheck implements DatabaseCheck.Body {

	@Override
	public void check(RestoredDatabase database) throws SQLException {
		database.dialect().findUnvalidatedConstraints(database.sql()).forEach(database.log()::addFinding);
		for (SqlDialect.ConstraintQuery query : database.dialect().findConstraintQueries(database.sql())) {
			long count = database.sql().number(query.sql());
			if (count > 0) {
				database.log()
					.addFinding(query.description() + " is violated by " + count + ((count == 1) ? " row." : " rows."));
			}
		}
	}

}
