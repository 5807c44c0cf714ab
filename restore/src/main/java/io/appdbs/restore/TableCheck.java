package io.appdbs.restore;

import java.sql.SQLException;
import java.util.List;

import io.appdbs.restore.sql.MariaDbDialect;
import io.appdbs.restore.sql.Table;

/**
 * Checks the tables of MariaDB and MySQL with {@code CHECK TABLE … EXTENDED}.
 */
final class TableCheck implements DatabaseCheck.Body {

	@Override
	public void check(RestoredDatabase database) throws SQLException {
		if (!(database.dialect() instanceof MariaDbDialect)) {
			database.log().addFinding("checkTables() is only for MariaDB and MySQL. Use amcheck().");
			return;
		}
		for (Table table : database.tables()) {
			List<String> messages = database.sql()
				.query("CHECK TABLE " + table.quoted(database.dialect()) + " EXTENDED", (row) -> {
					String type = row.getString("Msg_type");
					String text = row.getString("Msg_text");
					boolean good = type.equalsIgnoreCase("status") && text.equalsIgnoreCase("OK");
					// engines that keep no data, such as views of other tables
					boolean unsupported = type.equalsIgnoreCase("note");
					return (good || unsupported) ? null : type + " " + text;
				});
			messages
				.forEach((message) -> database.log().addFinding("Table '" + table + "' is damaged: " + message + "."));
		}
	}

}
