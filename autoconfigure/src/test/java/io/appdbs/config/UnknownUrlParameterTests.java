package io.appdbs.config;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.engine.Engine;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;

import static io.appdbs.autoconfigure.diagnostics.FailureText.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for the messages about parameters that a driver does not know.
 */
class UnknownUrlParameterTests {

	private static final Pattern SUGGESTION = Pattern.compile("Did you mean '(.+?)'\\?");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	Path directory;

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					postgresql://h/db?sslmod=verify-full                     | sslmod         | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					postgresql://h/db?sslmode=require&connect_timout=5       | connect_timout | PostgreSQL  | Did you mean 'connectTimeout'? Otherwise remove 'connect_timout'.
					postgresql://h/db?pgbouncer=true                         | pgbouncer      | PostgreSQL  | Remove 'pgbouncer', or correct its name.
					postgresql://h1:1,h2:2/db?sslmod=verify-full             | sslmod         | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					jdbc:postgresql://h/db?SSLMode=verify-full               | SSLMode        | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'SSLMode'.
					jdbc:postgresql://h/db?connect_timeout=5                 | connect_timeout | PostgreSQL | Did you mean 'connectTimeout'? Otherwise remove 'connect_timeout'.
					jdbc:postgresql:db?sslmod=verify-full                    | sslmod         | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					jdbc:postgresql://h/db?sslmod                            | sslmod         | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					jdbc:postgresql://h/db?password=s3cr3t&sslmod=require    | sslmod         | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					jdbc:postgresql://h/db?sslpasword=s3cr3t                 | sslpasword     | PostgreSQL  | Did you mean 'sslpassword'? Otherwise remove 'sslpasword'.
					jdbc:postgresql://h/db?socketFactory=com.example.F&sslmod=x | sslmod      | PostgreSQL  | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					cockroachdb://h/db?sslmod=verify-full                    | sslmod         | CockroachDB | Did you mean 'sslmode'? Otherwise remove 'sslmod'.
					mysql://h/db?ssl-mod=REQUIRED                            | ssl-mod        | MySQL       | Did you mean 'sslMode'? Otherwise remove 'ssl-mod'.
					mysql://h/db?sslaccept=strict                            | sslaccept      | MySQL       | Remove 'sslaccept', or correct its name.
					jdbc:mysql://h/db?queryInterceptors=com.mysql.cj.a.B,com.mysql.cj.a.C&serviceName=x | serviceName | MySQL | Remove 'serviceName', or correct its name.
					jdbc:mysql://h/db?usessl=true                            | usessl         | MySQL       | Did you mean 'useSSL'? Otherwise remove 'usessl'.
					jdbc:mysql:replication://h1,h2/db?sslMod=REQUIRED        | sslMod         | MySQL       | Did you mean 'sslMode'? Otherwise remove 'sslMod'.
					jdbc:mysql://address=(host=h)(sslMod=REQUIRED)/db        | sslMod         | MySQL       | Did you mean 'sslMode'? Otherwise remove 'sslMod'.
					jdbc:mysql://(host=h,prot=1)/db                          | prot           | MySQL       | Remove 'prot', or correct its name.
					mariadb://h/db?sslMod=verify-full                        | sslMod         | MariaDB     | Did you mean 'sslMode'? Otherwise remove 'sslMod'.
					jdbc:mariadb://h/db?usessl=true                          | usessl         | MariaDB     | Did you mean 'useSSL'? Otherwise remove 'usessl'.
					jdbc:mariadb://h/db?port=3307                            | port           | MariaDB     | Remove 'port', or correct its name.
					jdbc:mariadb://address=(host=h)(sslMod=verify-full)/db   | sslMod         | MariaDB     | Did you mean 'sslMode'? Otherwise remove 'sslMod'.
					jdbc:h2:mem:orders;MOD=MySQL                             | MOD            | H2          | Did you mean 'MODE'? Otherwise remove 'MOD'.
					jdbc:h2:tcp://h/orders;db_close_dlay=-1                  | db_close_dlay  | H2          | Did you mean 'DB_CLOSE_DELAY'? Otherwise remove 'db_close_dlay'.
					mongodb://h/db?retryWrits=false                          | retryWrits     | MongoDB     | Did you mean 'retrywrites'? Otherwise remove 'retryWrits'.
					mongodb+srv://h/db?w=1;tsl=true                          | tsl            | MongoDB     | Did you mean 'ssl'? Otherwise remove 'tsl'.
					""")
	void whenTheDriverDoesNotKnowAParameterThenTheNearestIsNamed(String url, String name, String engine,
			String action) {
		assertThat(failureOf(yaml("url", url))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has the parameter '%s', which the %s driver does not know.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				%s
				""".formatted(name, engine, action));
		assertThatFollowing(action, url, name);
	}

	private static void assertThatFollowing(String action, String url, String name) {
		Matcher suggestion = SUGGESTION.matcher(action);
		String corrected = suggestion.find() ? url.replaceFirst("(?<=[?&;(,])" + name, suggestion.group(1))
				: url.replaceFirst("[?&,]" + name + "=[^&)]*", "");
		assertAccepted(EnvironmentBuilder.yaml(yaml("url", corrected)).build(), null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://h/db?sslmode=require&channel_binding=require&application_name=x",
			"jdbc:postgresql://h/db?ssl&ApplicationName=x&currentSchema=y&reWriteBatchedInserts=true",
			"jdbc:postgresql:///db?cloudSqlInstance=p:r:i&socketFactory=com.google.cloud.sql.postgres.SocketFactory"
					+ "&ipTypes=PRIVATE&enableIamAuth=true",
			"cockroachdb://h/db?sslmode=verify-full&options=--cluster%3Dx",
			"mysql://h/db?ssl-mode=REQUIRED&serverTimezone=UTC&characterEncoding=utf8",
			"jdbc:mysql://h/db?useSSL=false&allowPublicKeyRetrieval=true&nullCatalogMeansCurrent=true",
			"jdbc:mysql:///db?cloudSqlInstance=p:r:i&socketFactory=com.google.cloud.sql.mysql.SocketFactory",
			"jdbc:mysql://address=(host=h)(port=1)(sslMode=REQUIRED)/db",
			"jdbc:mysql://h/db?queryInterceptors=com.mysql.cj.a.B,brave.mysql8.TracingQueryInterceptor&zipkinServiceName=x",
			"jdbc:mysql://h/db?queryInterceptors=com.example.a.B%2Ccom.example.a.C$D&serviceName=x",
			"jdbc:mariadb://h/db?permitMysqlScheme&sslMode=trust",
			"jdbc:mariadb://h/db?SSLMODE=trust&useServerPrepStmts=true&databaseTerm=SCHEMA",
			"jdbc:mariadb://h/db?credentialType=AWS-IAM&accessKeyId=x&region=y",
			"jdbc:mariadb://address=(host=h)(port=1)(type=primary)/db",
			"jdbc:h2:mem:x;DB_CLOSE_DELAY=-1;mode=MySQL;DATABASE_TO_UPPER=false;INIT=SET @a = 1\\;SET @b = 2",
			"jdbc:h2:mem:x;IGNORE_UNKNOWN_SETTINGS=TRUE;MOD=MySQL",
			"mongodb://h/db?retryWrites=true&w=majority&appName=x&readPreferenceTags=a:b&readPreferenceTags=c:d",
			"mongodb://h/db?J=true&wtimeout=5" })
	void knownParametersAreAccepted(String url) {
		assertAccepted(EnvironmentBuilder.yaml(yaml("url", "'" + url.replace("'", "''") + "'")).build(), null);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void obsoleteParametersAreLoggedAndAccepted(CapturedOutput output) {
		assertAccepted(EnvironmentBuilder.yaml("""
				app:
				  dbs:
				    orders:
				      url: jdbc:mysql://h/db?useSSL=false&serverTimezone=UTC&useUnicode=true&useLegacyDatetimeCode=false
				    legacy:
				      url: jdbc:mariadb://h/db
				      hikari:
				        data-source-properties:
				          characterEncoding: utf8
				""").build(), null);
		assertThat(output).contains(
				"'app.dbs.orders.url' has the parameter 'useUnicode' that has no effect: the MySQL driver does not have it. Remove it")
			.contains(
					"'app.dbs.orders.url' has the parameter 'useLegacyDatetimeCode' that has no effect: the MySQL driver does not have it. Remove it")
			.contains(
					"'app.dbs.legacy.hikari.data-source-properties.characterEncoding' is a parameter that has no effect: the MariaDB driver does not have it. Remove it")
			.doesNotContain("'serverTimezone'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jdbc:postgresql://h/db?password=x&s3cr3t           | PostgreSQL | password
			jdbc:postgresql://h/db?sslpassword=x&s3cr3t=y      | PostgreSQL | sslpassword
			jdbc:h2:mem:x;PASSWORD=x;s3cr3t=y                  | H2         | PASSWORD
			jdbc:mariadb://h/db?ssl-mode=x&password=x&s3cr3t=y | MariaDB    | password
			mongodb://h/db?proxyPassword=x&s3cr3t=y            | MongoDB    | proxyPassword
			mongodb://h/db?authMechanismProperties=a:b&s3cr3t  | MongoDB    | authMechanismProperties
			""")
	void whenTheNameCanBePartOfASecretThenItIsNotShown(String url, String engine, String secret) {
		String text = failureOf(yaml("url", url.replace("ssl-mode=x&", "")));
		assertThat(text).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has a parameter after '%s', which the %s driver does not know.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				If it is a piece of that value, percent-encode the value. Otherwise remove the parameter.
				""".formatted(secret, engine));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			postgresql://h/db?sslmode=require&sslmode=disable       | sslmode
			jdbc:postgresql://h/db?sslmode=require&sslmode=disable  | sslmode
			jdbc:mysql://h/db?useSSL=true&useSSL=false              | useSSL
			jdbc:h2:mem:x;MODE=MySQL;MODE=Oracle                    | MODE
			mongodb://h/db?tls=true&TLS=false                       | tls
			""")
	void whenAParameterHasTwoValuesThenItIsNamed(String url, String name) {
		assertThat(failureOf(yaml("url", url))).isEqualTo("""
				Description:

				Database 'orders': 'app.dbs.orders.url' has the parameter '%s' twice, with different values.

				    Origin: Byte array resource [application.yml] - 4:12

				Action:

				Remove one of the two.
				""".formatted(name));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					jdbc:hsqldb:mem:x;ifexist=true            | url | has the parameter 'ifexist', which the HSQLDB driver does not know | 4:12 | Did you mean 'ifexists'? Otherwise remove 'ifexist'.
					"jdbc:hsqldb:mem:x\n      read-only: true" | read-only | is 'true', but HSQLDB does not reject writes on a read-only connection | 5:18 | Remove 'app.dbs.orders.read-only'.
					"jdbc:hsqldb:mem:x\n      create-database: true" | create-database | is 'true', but HSQLDB does not support creating databases | 5:24 | Remove 'app.dbs.orders.create-database'.
					""")
	void whatAnEngineOfTheApplicationDoesNotSupportIsAnError(String url, String key, String problem, String position,
			String action) throws Exception {
		try (URLClassLoader classLoader = withHsqldb()) {
			assertThat(failureOf(EnvironmentBuilder.yaml(yaml("url", url)).build(), classLoader)).isEqualTo("""
					Description:

					Database 'orders': 'app.dbs.orders.%s' %s.

					    Origin: Byte array resource [application.yml] - %s

					Action:

					%s
					""".formatted(key, problem, position, action));
		}
	}

	@Test
	void parametersThatAnEngineOfTheApplicationListsAreAccepted() throws Exception {
		try (URLClassLoader classLoader = withHsqldb()) {
			assertAccepted(EnvironmentBuilder
				.yaml(yaml("url", "jdbc:hsqldb:mem:x;IFEXISTS=true;hsqldb.tx=mvcc;sql.syntax_ora=true"))
				.build(), classLoader);
		}
	}

	@Test
	void whenTheDriverIsMissingThenParametersAreNotValidated() throws Exception {
		try (URLClassLoader classLoader = new URLClassLoader(new URL[0], getClass().getClassLoader()) {

			@Override
			protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
				if (name.startsWith("org.mariadb.")) {
					throw new ClassNotFoundException(name);
				}
				return super.loadClass(name, resolve);
			}

		}) {
			assertThat(
					failureOf(EnvironmentBuilder.yaml(yaml("url", "mariadb://h/db?sslMod=trust")).build(), classLoader))
				.contains("MariaDB needs 'org.mariadb.jdbc:mariadb-java-client', which is not on the class path.")
				.doesNotContain("sslMod");
		}
	}

	@Test
	void whenTheDriverOfOneDatabaseKnowsADefaultThenItIsAccepted() {
		assertAccepted(EnvironmentBuilder
			.properties("app.dbs.orders.url=postgresql://h/db", "app.dbs.legacy.url=mysql://h/db",
					"app.dbs-defaults.hikari.data-source-properties.ApplicationName=x")
			.build(), null);
	}

	private static String yaml(String key, String value) {
		return "app:\n  dbs:\n    orders:\n      %s: %s\n".formatted(key, value);
	}

	private static void assertAccepted(Environment environment, @Nullable ClassLoader classLoader) {
		assertThatNoException()
			.isThrownBy(() -> DatabaseSettingsBinder.bind(environment, DatabaseNames.get(environment), classLoader));
	}

	private URLClassLoader withHsqldb() throws Exception {
		Path factories = Files.createDirectories(this.directory.resolve("META-INF")).resolve("spring.factories");
		Files.writeString(factories, Engine.class.getName() + "=io.appdbs.engine.custom.HsqldbEngine");
		return new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, getClass().getClassLoader());
	}

}
