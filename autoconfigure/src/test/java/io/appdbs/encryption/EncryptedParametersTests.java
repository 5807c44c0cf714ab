package io.appdbs.encryption;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.testsupport.server.MySqlServer;
import io.appdbs.testsupport.server.RealServers;
import io.appdbs.testsupport.server.RequiresMySql;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for encrypted values as parameters of JDBC and jOOQ.
 */
class EncryptedParametersTests {

	@TempDir
	static Path folder;

	private static String keyset;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.encryption.keyset=" + keyset,
				"app.dbs.orders.encryption.master-key=" + TestKeysets.MASTER_KEY,
				"app.dbs.orders.encryption.refresh-interval=20ms");

	@BeforeAll
	static void createKeyset() {
		keyset = TestKeysets.create(folder, "keyset.json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "embedded:h2", "embedded:postgresql", "embedded:mariadb" })
	void parametersAreEncryptedOrRejected(String url) {
		verify(url);
	}

	@Test
	@RequiresMySql
	void parametersOfMySqlAreEncryptedOrRejected() throws SQLException {
		MySqlServer server = RealServers.mySql();
		verify(server.getUrl(server.createDatabase("encrypted")));
	}

	private void verify(String url) {
		this.runner.withPropertyValues("app.dbs.orders.url=" + url).run((context) -> {
			assertThat(context).hasNotFailed();
			FieldCipher cipher = context.getBean(FieldCipher.class);
			JdbcClient client = context.getBean(JdbcClient.class);
			client.sql("create table person (id int, iban varchar(200))").update();
			Encrypted value = cipher.encrypt("secret");
			client.sql("insert into person values (1, ?)").param(value).update();
			try (Connection connection = context.getBean(javax.sql.DataSource.class).getConnection();
					PreparedStatement statement = connection.prepareStatement("insert into person values (2, ?)")) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
					statement.setObject(1, value);
					statement.executeUpdate();
				});
			}
			assertThat(client.sql("select iban from person").query(String.class).list())
				.containsExactly(value.toCipherText());
			assertThat(client.sql("select * from person where iban = :iban")
				.param("iban", value)
				.query(Person.class)
				.list()).containsExactly(new Person(1, value));
			encryptAgain(client, cipher);
			client.sql("drop table person").update();
		});
	}

	/**
	 * The loop in the documentation.
	 */
	private static void encryptAgain(JdbcClient client, FieldCipher cipher) {
		Encrypted former = client.sql("select * from person").query(Person.class).single().iban();
		TestKeysets.rotate(folder.resolve("keyset.json"));
		io.appdbs.testsupport.TestDatabases.await(() -> !cipher.isCurrent(former));
		client.sql("select id, iban from person")
			.query(Person.class)
			.list()
			.stream()
			.filter((person) -> person.iban() != null && !cipher.isCurrent(person.iban()))
			.forEach((person) -> client.sql("update person set iban = :new where id = :id and iban = :old")
				.param("new", cipher.encrypt(cipher.decrypt(person.iban())))
				.param("id", person.id())
				.param("old", person.iban())
				.update());
		Encrypted current = client.sql("select * from person").query(Person.class).single().iban();
		assertThat(cipher.isCurrent(current)).isTrue();
		assertThat(cipher.decrypt(current)).isEqualTo("secret");
	}

	@Test
	void jooqNeedsAConverter() {
		this.runner.withPropertyValues("app.dbs.orders.url=embedded:h2").run((context) -> {
			FieldCipher cipher = context.getBean(FieldCipher.class);
			DSLContext dsl = context.getBean(DSLContext.class);
			Field<Encrypted> iban = DSL.field("iban", SQLDataType.VARCHAR.asConvertedDataType(
					Converter.ofNullable(String.class, Encrypted.class, Encrypted::of, Encrypted::toCipherText)));
			dsl.execute("create table person (iban varchar(200))");
			dsl.insertInto(DSL.table("person"), iban).values(cipher.encrypt("secret")).execute();
			dsl.insertInto(DSL.table("person"), iban).values((Encrypted) null).execute();
			List<Encrypted> found = dsl.select(iban).from("person").fetch(iban);
			assertThat(found).extracting(cipher::decrypt).containsExactly("secret", null);
		});
	}

	record Person(int id, Encrypted iban) {

	}

}
