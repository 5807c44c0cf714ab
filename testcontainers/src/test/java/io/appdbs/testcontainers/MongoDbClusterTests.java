package io.appdbs.testcontainers;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.appdbs.Databases;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.MongoManagedTypes;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.mapping.Sharded;
import org.springframework.data.mongodb.core.mapping.ShardingStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for shard keys with a cluster of one shard, whose servers run in one container.
 */
@RequiresImages(Image.MONGODB)
class MongoDbClusterTests {

	/** A command is repeated until the server has started and elected a primary. */
	private static final String SCRIPT = """
			mkdir -p /data/config /data/shard
			again() { until "$@"; do sleep 1; done; }
			mongod --configsvr --replSet config --port 27019 --dbpath /data/config --fork --logpath /data/config.log
			mongod --shardsvr --replSet shard --port 27018 --dbpath /data/shard --fork --logpath /data/shard.log
			again mongosh --quiet --port 27019 --eval 'rs.initiate({_id: "config", configsvr: true, members: [{_id: 0, host: "127.0.0.1:27019"}]})'
			again mongosh --quiet --port 27018 --eval 'rs.initiate({_id: "shard", members: [{_id: 0, host: "127.0.0.1:27018"}]})'
			again mongos --configdb config/127.0.0.1:27019 --port 27017 --bind_ip_all --fork --logpath /data/router.log
			again mongosh --quiet --port 27017 --eval 'sh.addShard("shard/127.0.0.1:27018")'
			echo the cluster is ready
			sleep infinity
			""";

	@SuppressWarnings("resource")
	private static final GenericContainer<?> cluster = new GenericContainer<>(Image.MONGODB.get())
		.withCommand("bash", "-c", SCRIPT)
		.withExposedPorts(27017)
		.waitingFor(Wait.forLogMessage(".*the cluster is ready.*", 1).withStartupTimeout(Duration.ofMinutes(3)));

	@BeforeAll
	static void start() {
		cluster.start();
	}

	@AfterAll
	static void stop() {
		cluster.stop();
	}

	@Test
	void collectionsAreShardedAndVerified() {
		assertThatException().isThrownBy(() -> run("verify").close())
			.withStackTraceContaining("the collection 'catalog.reading' is not sharded");
		try (ConfigurableApplicationContext context = run("apply")) {
			assertThat(report(context))
				.isEqualTo(Map.of("sharded", List.of("catalog.person", "catalog.reading"), "missing", List.of()));
			MongoTemplate template = context.getBean("catalogMongoTemplate", MongoTemplate.class);
			template.save(new Person("1", "NL", "a"));
			Document statistics = template.executeCommand(new Document("collStats", "person"));
			assertThat(statistics.getBoolean("sharded")).isTrue();
		}
		try (ConfigurableApplicationContext context = run("verify")) {
			assertThat(report(context)).containsEntry("missing", List.of());
		}
		try (ConfigurableApplicationContext context = run("apply")) {
			assertThat(report(context)).containsEntry("missing", List.of());
		}
	}

	private static ConfigurableApplicationContext run(String mode) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--app.dbs.catalog.url=mongodb://%s:%d/catalog".formatted(cluster.getHost(),
					cluster.getMappedPort(27017)), "--app.dbs.catalog.sharding.mode=" + mode);
	}

	private static Map<String, Object> report(ConfigurableApplicationContext context) {
		return context.getBean(Databases.class).get("catalog").getSnapshot().preparation("sharding").details();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@Qualifier("catalog")
		static MongoManagedTypes catalogTypes() {
			return MongoManagedTypes.from(Person.class, Reading.class);
		}

	}

	@Sharded(shardKey = { "country", "name" })
	@org.springframework.data.mongodb.core.mapping.Document
	record Person(@Id String id, String country, String name) {

	}

	@Sharded(shardKey = "sensor", shardingStrategy = ShardingStrategy.HASH)
	@org.springframework.data.mongodb.core.mapping.Document
	record Reading(@Id String id, String sensor) {

	}

}
