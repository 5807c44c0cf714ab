package io.appdbs.engine;

import java.util.List;
import java.util.Map;

import com.mongodb.ConnectionString;
import com.mongodb.MongoCredential;
import com.mongodb.MongoTimeoutException;
import io.appdbs.engine.url.InvalidUrlException;
import io.appdbs.engine.url.UrlParts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MongoDbEngine}.
 */
class MongoDbEngineTests {

	private static final String MARKER = "Marker-9f3a";

	private final MongoDbEngine engine = new MongoDbEngine();

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					mongodb://h/db                       | mongodb://h/db          | h:27017         | db     | -  | -
					mongodb://u:p%40s%2Bs+@h1,h2:5/db    | mongodb://h1,h2:5/db    | h1:27017,h2:5   | db     | u  | p@s+s+
					mongodb://u:@[::1]:5/d%20b           | mongodb://[::1]:5/d%20b | [::1]:5         | d b    | u  | ''
					mongodb+srv://u:p@c.example.net/db   | mongodb+srv://c.example.net/db | c.example.net | db | u | p
					mongodb://h/db.coll?w=1&readPreferenceTags=a:b&readPreferenceTags= | mongodb://h/db.coll?w=1&readPreferenceTags=a:b&readPreferenceTags= | h:27017 | db | - | -
					mongodb://u:p@h/db?authSource=admin&authMechanism=SCRAM-SHA-256 | mongodb://h/db?authSource=admin&authMechanism=SCRAM-SHA-256 | h:27017 | db | u | p
					""")
	void takesOutUserAndPasswordAndLeavesTheRest(String url, String rest, String hosts, String database,
			String username, String password) {
		DatabaseConnectionDetails details = this.engine.resolve(url);
		assertThat(details.url()).isEqualTo(rest);
		assertThat(details.hosts()).containsExactly(hosts.split(","));
		assertThat(details.database()).isEqualTo(database);
		assertThat(details.username()).isEqualTo(username);
		assertThat(details.password()).isEqualTo(password);
		assertThat(details.properties()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "proxyPassword,&", "proxyPassword,;", "authMechanismProperties,&", "someToken,&" })
	void whenAParameterIsASecretThenItMovesToTheProperties(String name, String separator) {
		String url = "mongodb://h/db?w=1" + separator + name + "=" + MARKER;
		DatabaseConnectionDetails details = this.engine.resolve(url);
		assertThat(details.url()).isEqualTo("mongodb://h/db?w=1");
		assertThat(details.properties()).isEqualTo(Map.of(name, MARKER));
		assertThat(details.toString()).doesNotContain(MARKER);
	}

	@Test
	void whenTheDriverGetsTheConnectionStringThenItReadsTheSame() {
		DatabaseConnectionDetails details = this.engine
			.resolve("mongodb://u%3A:p%40s%2Bs+%20@h1,h2:5/db?authMechanism=PLAIN&authSource=$external&w=2");
		ConnectionString read = new ConnectionString(MongoDbEngine.toConnectionString(details));
		MongoCredential credential = read.getCredential();
		assertThat(credential).isNotNull();
		assertThat(credential.getUserName()).isEqualTo("u:");
		assertThat(credential.getPassword()).isEqualTo("p@s+s+ ".toCharArray());
		assertThat(credential.getSource()).isEqualTo("$external");
		assertThat(credential.getMechanism()).isEqualTo("PLAIN");
		assertThat(read.getHosts()).isEqualTo(List.of("h1", "h2:5"));
		assertThat(read.getDatabase()).isEqualTo("db");
	}

	@Test
	void whenTheMechanismHasPropertiesThenTheDriverReadsThem() {
		DatabaseConnectionDetails details = this.engine.resolve("mongodb://key:s%2Fcret@h/db?authMechanism=MONGODB-AWS"
				+ "&authSource=$external&authMechanismProperties=AWS_SESSION_TOKEN:a%2Fb%2B%3D");
		assertThat(details.url()).isEqualTo("mongodb://h/db?authMechanism=MONGODB-AWS&authSource=$external");
		MongoCredential credential = new ConnectionString(MongoDbEngine.toConnectionString(details)).getCredential();
		assertThat(credential).isNotNull();
		assertThat(credential.<String>getMechanismProperty("AWS_SESSION_TOKEN", null)).isEqualTo("a/b+=");
	}

	@Test
	void whenThereIsNoUserThenTheConnectionStringIsTheUrl() {
		DatabaseConnectionDetails details = this.engine.resolve("mongodb://h/db");
		assertThat(MongoDbEngine.toConnectionString(details)).isEqualTo("mongodb://h/db");
		assertThat(MongoDbEngine.toConnectionString(details.withCredentials("u", null))).isEqualTo("mongodb://u@h/db");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					mongodb://u:marker@h1,h2:5 | names no database | Add the name of the database after the hosts, in front of a '?', for example mongodb://h1,h2:5/catalog.
					mongodb+srv://u:marker@h/?w=1 | names no database | Add the name of the database after the hosts, in front of a '?', for example mongodb+srv://h/catalog.
					mongodb://u:marker@/db | names no host | Write it as mongodb://host/database, with the host of the server.
					mongodb+srv://u:marker@h:5/db | has a port or several hosts, which DNS supplies for mongodb+srv | Leave one host without port, or write mongodb:// in place of mongodb+srv://.
					mongodb+srv://u:marker@h1,h2/db | has a port or several hosts, which DNS supplies for mongodb+srv | Leave one host without port, or write mongodb:// in place of mongodb+srv://.
					mongodb://u:mar@ker@h/db | has an '@' other than the one that separates user and password from the hosts | %encode%
					mongodb://u:marker%zz@h/db | has a password with a '%' that is not followed by two hexadecimal digits | %encode%
					""")
	void rejectsInvalidUrls(String url, String message, String action) {
		assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> this.engine.resolve(url))
			.withMessage(message)
			.withNoCause()
			.satisfies(
					(ex) -> assertThat(ex.getAction()).isEqualTo(action.replace("%encode%", UrlParts.ENCODING_ACTION)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			{address=a:1, type=REPLICA_SET_SECONDARY}, {address=b:1, exception={java.net.ConnectException}}; NO_PRIMARY
			{address=a:1, type=REPLICA_SET_PRIMARY}; UNREACHABLE
			{address=a:1, type=UNKNOWN, exception={java.net.ConnectException}}; REFUSED
			{address=a:1, type=UNKNOWN, exception={java.net.UnknownHostException}}; UNKNOWN_HOST
			{address=a:1, type=UNKNOWN, state=CONNECTING}; UNREACHABLE
			""")
	void whenNoServerIsFoundThenTheReasonIsInTheMessage(String servers, FailureReason reason) {
		String message = "Timed out while waiting for a server that matches ReadPreferenceServerSelector{readPreference=primary}. Client view of cluster state is {type=REPLICA_SET, servers=[%s]";
		assertThat(this.engine.classify(new MongoTimeoutException(message.formatted(servers)))).isEqualTo(reason);
	}

	@Test
	void isOfTheOtherKind() {
		assertThat(this.engine.getKind()).isEqualTo(DatabaseKind.MONGODB);
		assertThat(this.engine.getSchemes()).containsExactlyInAnyOrder("mongodb", "mongodb+srv");
	}

}
