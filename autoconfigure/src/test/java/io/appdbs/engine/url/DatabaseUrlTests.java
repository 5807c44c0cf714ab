package io.appdbs.engine.url;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseUrl}.
 */
class DatabaseUrlTests {

	private static final String ENCODE = "Percent-encode what is special in a URL: '@' as %40, ':' as %3A, "
			+ "'/' as %2F, '?' as %3F, '#' as %23 and '%' as %25.";

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			x://h,                          -,     -,      h:1,            -
			x://h/,                         -,     -,      h:1,            -
			x://h/db,                       -,     -,      h:1,            db
			x:///db,                        -,     -,      localhost:1,    db
			x://u@/db,                      u,     -,      localhost:1,    db
			x://h:65535/db,                 -,     -,      h:65535,        db
			x://u@h/db,                     u,     -,      h:1,            db
			x://u:@h/db,                    u,     '',     h:1,            db
			x://:p@h/db,                    -,     p,      h:1,            db
			x://u:p:q@h/db,                 u,     p:q,    h:1,            db
			x://u:p%40ss@[::1]:5433/db,     u,     p@ss,   [::1]:5433,     db
			x://u:p%2Fs%3F%23%25@[::1]/db,  u,     p/s?#%, [::1]:1,        db
			x://u%3Av:a+b@h/db,             u:v,   a+b,    h:1,            db
			x://u:gr%C3%BC%C3%9Fe@h/db,     u,     grüße,  h:1,            db
			x://u:grüße%21@h/db,            u,     grüße!, h:1,            db
			x://h1:2|h2|[::2]:3/db,         -,     -,      h1:2|h2:1|[::2]:3, db
			x://h/my%2Fdb%20x,              -,     -,      h:1,            my/db x
			X+Y://a-b_c.internal./db,       -,     -,      a-b_c.internal.:1, db
			""")
	void readsEveryPart(String url, String username, String password, String hosts, String database) {
		DatabaseUrl parsed = DatabaseUrl.parse(url.replace('|', ','), 1);
		assertThat(parsed.username()).isEqualTo(username);
		assertThat(parsed.password()).isEqualTo(password);
		assertThat(parsed.hosts()).containsExactly(hosts.split("\\|"));
		assertThat(parsed.database()).isEqualTo(database);
	}

	@Test
	void readsParametersInTheirOrder() {
		DatabaseUrl parsed = DatabaseUrl.parse("x://h/db?b=1&a=x%26y+z%3D&c=&b=1&&d=k=v", 0);
		assertThat(parsed.parameters()).containsExactly(Map.entry("b", "1"), Map.entry("a", "x&y+z="),
				Map.entry("c", ""), Map.entry("d", "k=v"));
		assertThat(parsed.hosts()).isEqualTo(List.of("h"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
							h/db                        | is not of the form scheme://host/database
							x:h/db                      | is not of the form scheme://host/database
							://h/db                     | is not of the form scheme://host/database
							x://u:marker@s@h/db         | has an '@' other than the one that separates user and password from the hosts
							x://u:marker/s@h/db         | has an '@' other than the one that separates user and password from the hosts
							x://u:marker?s@h/db         | has an '@' other than the one that separates user and password from the hosts
							x://u:marker#s@h/db         | has an '@' other than the one that separates user and password from the hosts
							x://u:p@h/db?a=m@rker       | has an '@' other than the one that separates user and password from the hosts
							x://u:p@h/db#marker         | has a '#', which is not percent-encoded
							x://u:marker%4@h/db         | has a password with a '%' that is not followed by two hexadecimal digits
							x://u:marker%@h/db          | has a password with a '%' that is not followed by two hexadecimal digits
							x://u:marker%zz@h/db        | has a password with a '%' that is not followed by two hexadecimal digits
							x://marker%zz@h/db          | has a user with a '%' that is not followed by two hexadecimal digits
							x://u:marker%FF@h/db        | has a password whose percent-encoding is not UTF-8
							x://h/db%2                  | has a database with a '%' that is not followed by two hexadecimal digits
							x://h/db?token=marker%x1    | has the parameter 'token' with a '%' that is not followed by two hexadecimal digits
							x://h/db?a%=marker          | has a parameter with a '%' that is not followed by two hexadecimal digits
							x://h/db?marker             | has a parameter that is not of the form name=value
							x://h/db?=marker            | has a parameter that is not of the form name=value
							x://h/db?token=marker&token=b | has the parameter 'token' twice, with different values
							x://h/db/marker             | has more than the name of a database after the hosts
							x://h:0/db                  | has a port that is not a number between 1 and 65535
							x://h:65536/db              | has a port that is not a number between 1 and 65535
							x://h:-1/db                 | has a port that is not a number between 1 and 65535
							x://h:/db                   | has a port that is not a number between 1 and 65535
							x://u:marker                | has a port that is not a number between 1 and 65535
							x://h1,,h2/db               | has an empty host in its list of hosts
							x://h1,/db                  | has an empty host in its list of hosts
							x://[::1/db                 | has a host that is neither a name nor an address
							x://::1/db                  | has a port that is not a number between 1 and 65535
							x://%2Fmarker/db            | has a host that is neither a name nor an address
					x://h marker/db             | has a host that is neither a name nor an address
							""")
	void rejectsInvalidUrls(String url, String message) {
		assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> DatabaseUrl.parse(url, 0))
			.withMessage(message)
			.withNoCause();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					h/db            | Write it as scheme://host:port/database, for example postgresql://localhost:5432/orders.
					x://u:p@s@h/db  | %encode%
					x://h/db#f      | %encode%
					x://u:%zz@h/db  | %encode%
					x://u:%FF@h/db  | %encode%
					x://h/db?a      | Write parameters as ?name=value&name=value, an '&' within a value as %26.
					x://h/db?a=1&a=2 | Remove one of the two.
					x://h/a/b       | Write one name there, a '/' within it as %2F.
					x://h:x/db      | Correct the port. Where what follows the ':' is a password, add '@' and the host behind it.
					x://h1,,h2/db   | Write hosts as host:port,host:port.
					x://[x]/db      | Write a host name, an IPv4 address or an IPv6 address in brackets such as [::1]. %encode%
					""")
	void adviceSaysHowToFixTheUrl(String url, String action) {
		assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> DatabaseUrl.parse(url, 0))
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action.replace("%encode%", ENCODE)));
	}

	@Test
	void toStringShowsNeitherUserNorPasswordNorParameters() {
		assertThat(DatabaseUrl.parse("x://marker:marker@h:2,i/db?a=marker", 3))
			.hasToString("DatabaseUrl[x://h:2,i:3/db]");
	}

	@Test
	void toStringOfThePartsShowsTheSchemeOnly() {
		assertThat(UrlParts.split("x://marker:marker@h/db?password=marker")).hasToString("UrlParts[x]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			postgresql://h/db               | postgresql
			PostgreSQL://h/db               | postgresql
			mongodb+srv://h/db              | mongodb+srv
			jdbc:mysql:loadbalance://h/db   | jdbc:mysql
			JDBC:H2:mem:x                   | jdbc:h2
			embedded:h2                     | embedded
			""")
	void returnsTheScheme(String url, String scheme) {
		assertThat(DatabaseUrl.schemeOf(url)).isEqualTo(scheme);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "jdbc:", "jdbc:x", ":x" })
	void whenThereIsNoSchemeThenItIsNull(String url) {
		assertThat(DatabaseUrl.schemeOf(url)).isNull();
	}

}
