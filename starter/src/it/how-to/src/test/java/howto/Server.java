package howto;

import java.time.Duration;
import java.util.Map;

import io.appdbs.Databases;
import org.awaitility.Awaitility;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A PostgreSQL and a MongoDB-compatible server that all sections share. They are the
 * embedded servers of another application and end with the JVM.
 */
final class Server {

	private static final ConfigurableApplicationContext CONTEXT = new SpringApplicationBuilder(Empty.class)
		.properties(Map.of("spring.config.name", "none"))
		.run("--app.dbs.server.url=embedded:postgresql", "--app.dbs.documents.url=embedded:mongodb",
				"--spring.main.web-application-type=none");

	private static final String ADDRESS = jdbc()
		.sql("SELECT 'localhost:' || current_setting('port')")
		.query(String.class)
		.single();

	static {
		// the machine may have other work
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
	}

	private Server() {
	}

	/**
	 * Returns a client of the server, with the rights of its administrator.
	 */
	static JdbcClient jdbc() {
		return CONTEXT.getBean("serverJdbcClient", JdbcClient.class);
	}

	/**
	 * Returns a client of a database that was created before.
	 */
	static JdbcClient jdbc(String url) {
		return JdbcClient.create(new DriverManagerDataSource("jdbc:" + url.replace("postgres@", "") + "?user=postgres"));
	}

	static String address() {
		return ADDRESS;
	}

	static String port() {
		return ADDRESS.replaceFirst(".*:", "");
	}

	static String documentsAddress() {
		return CONTEXT.getBean(Databases.class).get("documents").getSnapshot().server().hosts().get(0);
	}

	/**
	 * Creates a login, unless another section has done so.
	 */
	static void createRole(String name, String options) {
		if (jdbc().sql("SELECT FROM pg_roles WHERE rolname = ?").param(name).query().listOfRows().isEmpty()) {
			jdbc().sql("CREATE ROLE " + name).update();
		}
		jdbc().sql("ALTER ROLE " + name + " LOGIN " + options).update();
	}

	/**
	 * Creates a database.
	 */
	static String create(String name) {
		jdbc().sql("CREATE DATABASE " + name).update();
		return "postgresql://postgres@" + ADDRESS + "/" + name;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}
