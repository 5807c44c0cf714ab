package io.appdbs.benchmarks.startup;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application with Boot's own database. Exits once the context is ready or, given the
 * argument {@code query}, after a first query.
 */
@SpringBootApplication
public class PlainBootApplication {

	public static void main(String[] args) throws SQLException {
		try (ConfigurableApplicationContext context = SpringApplication.run(PlainBootApplication.class, args)) {
			if (List.of(args).contains("query")) {
				query(context.getBean(DataSource.class));
			}
		}
	}

	private static void query(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.executeQuery("select 1");
		}
	}

}
