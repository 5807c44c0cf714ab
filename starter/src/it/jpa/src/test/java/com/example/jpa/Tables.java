package com.example.jpa;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two databases, which are read with nothing but the driver.
 */
final class Tables {

	private final long number = System.nanoTime();

	String[] arguments() {
		return new String[] { "--app.dbs.orders.url=" + url("orders"), "--app.dbs.audit.url=" + url("audit") };
	}

	List<String> select(String database, String column, String table) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url(database));
				ResultSet rows = connection.createStatement().executeQuery("SELECT " + column + " FROM " + table)) {
			List<String> values = new ArrayList<>();
			while (rows.next()) {
				values.add(rows.getString(1));
			}
			return values;
		}
	}

	private String url(String database) {
		return "jdbc:h2:mem:%s-%d".formatted(database, this.number);
	}

}
