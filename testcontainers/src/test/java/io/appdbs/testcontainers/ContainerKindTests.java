package io.appdbs.testcontainers;

import org.junit.jupiter.api.Test;
import org.testcontainers.cockroachdb.CockroachContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.containers.YugabyteDBYSQLContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mongodb.MongoDBAtlasLocalContainer;
import org.testcontainers.mongodb.MongoDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContainerKind}.
 */
class ContainerKindTests {

	@Test
	@SuppressWarnings("deprecation")
	void whenAContainerIsOfAKnownKindThenItsEngineIsKnown() {
		assertThat(ContainerKind.engine(PostgreSQLContainer.class)).isEqualTo("postgresql");
		assertThat(ContainerKind.engine(org.testcontainers.containers.PostgreSQLContainer.class))
			.isEqualTo("postgresql");
		assertThat(ContainerKind.engine(OwnPostgreSQLContainer.class)).isEqualTo("postgresql");
		assertThat(ContainerKind.engine(CockroachContainer.class)).isEqualTo("cockroachdb");
		assertThat(ContainerKind.engine(YugabyteDBYSQLContainer.class)).isEqualTo("yugabytedb");
		assertThat(ContainerKind.engine(MySQLContainer.class)).isEqualTo("mysql");
		assertThat(ContainerKind.engine(MariaDBContainer.class)).isEqualTo("mariadb");
		assertThat(ContainerKind.engine(MongoDBContainer.class)).isEqualTo("mongodb");
		assertThat(ContainerKind.engine(MongoDBAtlasLocalContainer.class)).isEqualTo("mongodb");
		assertThat(ContainerKind.engine(JdbcDatabaseContainer.class)).isNull();
	}

	@Test
	void whenAContainerIsOfADatabaseThenItIsRecognized() {
		assertThat(ContainerKind.isDatabase(JdbcDatabaseContainer.class)).isTrue();
		assertThat(ContainerKind.isDatabase(MongoDBContainer.class)).isTrue();
		assertThat(ContainerKind.isDatabase(MongoDBAtlasLocalContainer.class)).isTrue();
		assertThat(ContainerKind.isDatabase(GenericContainer.class)).isFalse();
	}

	@Test
	void whenAMongoDbContainerHasNoCommandThenItBecomesAReplicaSet() {
		MongoDBContainer container = new MongoDBContainer("mongo");
		ContainerKind.prepare(container);
		assertThat(container.getCommandParts()).contains("--replSet");
	}

	@Test
	void whenAMongoDbContainerHasACommandThenItIsNotChanged() {
		MongoDBContainer container = new MongoDBContainer("mongo").withCommand("--quiet");
		ContainerKind.prepare(container);
		assertThat(container.getCommandParts()).containsExactly("--quiet");
	}

	static class OwnPostgreSQLContainer extends PostgreSQLContainer {

		OwnPostgreSQLContainer() {
			super("postgres");
		}

	}

}
