package io.appdbs.testcontainers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for services of Docker Compose, with Docker Compose itself.
 */
@RequiresImages(value = { Image.POSTGRESQL, Image.MARIADB }, compose = true)
class ComposeTests {

	private static final String SERVICES = """
			services:
			  orders-db:
			    image: "%1$s"
			    environment: { POSTGRES_DB: orders, POSTGRES_USER: shop, POSTGRES_PASSWORD: secret }
			    labels: { io.appdbs.database: orders }
			    ports: [ "127.0.0.1::5432" ]
			  audit-db:
			    image: "%1$s"
			    environment: { POSTGRES_DB: audit, POSTGRES_PASSWORD: secret }
			    labels: { io.appdbs.database: audit }
			    ports: [ "127.0.0.1::5432" ]
			  stock-db:
			    image: "%2$s"
			    environment: { MARIADB_DATABASE: stock, MARIADB_ROOT_PASSWORD: secret }
			    labels: { io.appdbs.database: stock }
			    ports: [ "127.0.0.1::3306" ]
			  main-db:
			    image: "%1$s"
			    environment: { POSTGRES_DB: main, POSTGRES_PASSWORD: secret }
			    ports: [ "127.0.0.1::5432" ]
			""";

	@TempDir
	private Path folder;

	@AfterEach
	void stop() throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(ImagesCondition.findCompose().orElseThrow());
		command.addAll(List.of("--file", file().toString(), "down", "--timeout", "1"));
		new ProcessBuilder(command).inheritIO().start().waitFor();
	}

	@Test
	void whenServicesAreLabelledThenEachIsTheDatabaseOfItsNameAndBootHasTheOther() throws IOException {
		Files.writeString(file(), SERVICES.formatted(Image.POSTGRESQL.get(), Image.MARIADB.get()));
		try (ConfigurableApplicationContext context = SpringApplication.run(Shop.Application.class,
				"--spring.docker.compose.file=" + file(), "--spring.docker.compose.skip.in-tests=false",
				"--spring.docker.compose.lifecycle-management=start-only",
				"--app.dbs.orders.url=postgresql://nowhere.invalid/orders", "--app.dbs.audit.statement-timeout=30s",
				"--app.dbs.stock.required=true")) {
			Shop shop = context.getBean(Shop.class);
			ThreeContainersTests.assertBound(shop);
			assertThat(shop.orders().sql("SELECT current_user").query(String.class).single()).isEqualTo("shop");
			assertThat(context.getBeansOfType(JdbcConnectionDetails.class)).hasSize(1);
			assertThat(JdbcClient.create(context.getBean(DataSource.class))
				.sql("SELECT current_database()")
				.query(String.class)
				.single()).isEqualTo("main");
		}
	}

	private Path file() {
		return this.folder.resolve("compose.yaml");
	}

}
