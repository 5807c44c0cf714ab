package io.appdbs.restore;

import java.sql.SQLException;
import java.util.List;

import io.appdbs.restore.sql.Table;

/**
 * Finds missing tables and tables with too few rows.
 *
 * @param minimum the minimum number of rows
 * @param names the names of the tables
 */
record RowCountCheck(long minimum, List<String> names) implements DatabaseCheck.Body {

	@Override
	public void check(RestoredDatabase database) throws SQLException {
		for (String name : this.names) {
			Table table = database.findTable(name);
			if (table != null) {
				long count = database.count(table);
				database.log().setRowCount(name, count);
				if (count < this.minimum) {
					database.log()
						.addFinding("Table '" + name + "' has " + count + ((count == 1) ? " row" : " rows")
								+ ". Expected: at least " + this.minimum + ".");
				}
			}
		}
	}

}
