package io.appdbs.benchmarks.startup;

import java.util.Collection;

import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application with the databases of its arguments. Ends after a query on each, without
 * closing anything, which is not a part of the start.
 */
@SpringBootApplication
@Import(HandWrittenDatabases.class)
public class ManyPlainBootApplication {

	public static void main(String[] args) {
		query(SpringApplication.run(ManyPlainBootApplication.class, args).getBeansOfType(DataSource.class).values());
		Runtime.getRuntime().halt(0);
	}

	private static void query(Collection<DataSource> dataSources) {
		for (DataSource dataSource : dataSources) {
			JdbcClient.create(dataSource)
				.sql("select name from item where name = 'first'")
				.query(String.class)
				.single();
		}
	}

}
