package io.appdbs.query.jdbc;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlSecrets}.
 */
class SqlSecretsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					ALTER ROLE app PASSWORD 's3cr3t'                              | ALTER ROLE app PASSWORD ***
					alter role app with encrypted password E's3\\'cr3t' login   | alter role app with encrypted password ***
					ALTER ROLE app PASSWORD $$s3cr3t$$                            | ALTER ROLE app PASSWORD ***
					ALTER ROLE app PASSWORD $a$s3cr3t$a$                          | ALTER ROLE app PASSWORD ***
					ALTER ROLE app PASSWORD/**/'s3cr3t'                           | ALTER ROLE app PASSWORD ***
					SELECT 1; ALTER ROLE app PASSWORD 's3cr3t'                    | SELECT 1; ALTER ROLE app PASSWORD ***
					COMMENT ON TABLE a IS 'C:\'; ALTER ROLE b PASSWORD 's3cr3t'  | COMMENT ON TABLE a IS 'C:\'; ALTER ROLE b PASSWORD ***
					CREATE USER a@b IDENTIFIED BY 's3cr3t'                        | CREATE USER a@b IDENTIFIED ***
					CREATE USER a@b IDENTIFIED BY "s3cr3t"                        | CREATE USER a@b IDENTIFIED ***
					CREATE USER a IDENTIFIED BY s3cr3t                            | CREATE USER a IDENTIFIED ***
					CREATE USER a IDENTIFIED VIA ed25519 USING PASSWORD('s3cr3t') | CREATE USER a IDENTIFIED ***
					CREATE USER a IDENTIFIED/**/BY 's3cr3t'                       | CREATE USER a IDENTIFIED ***
					SET PASSWORD FOR a = 's3cr3t'                                 | SET PASSWORD ***
					SET PASSWORD = PASSWORD('s3cr3t')                             | SET PASSWORD ***
					CHANGE MASTER TO MASTER_PASSWORD='s3cr3t'                     | CHANGE MASTER TO MASTER_PASSWORD ***
					ALTER USER a SET SALT 's3cr3t' HASH 's3cr3t'                  | ALTER USER a SET SALT ***
					CREATE SUBSCRIPTION a CONNECTION 'host=b password=s3cr3t'     | CREATE SUBSCRIPTION a CONNECTION 'host=b password ***
					CREATE SUBSCRIPTION a CONNECTION 'postgresql://b:s3cr3t@c/d'  | CREATE SUBSCRIPTION a CONNECTION 'postgresql://***@c/d'
					INSERT INTO login (name, password) VALUES ('a', 's3cr3t')     | INSERT INTO login (name, password ***
					UPDATE login SET password_hash = 's3cr3t' WHERE id = 1        | UPDATE login SET password_hash ***
					""")
	void whatMayBeAPasswordIsLeftOut(String sql, String hidden) {
		assertThat(SqlSecrets.hide(sql)).isEqualTo(hidden).doesNotContain("s3cr3t");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT id, password FROM login WHERE name = ?",
			"UPDATE login SET password = ? WHERE id = $1", "SELECT name FROM item WHERE note = 'my own'",
			"SELECT identified_by FROM finding WHERE kind = 'fossil'", "SELECT salt FROM recipe WHERE name = 'soup'",
			"SELECT 'https://example.com/a@b'", "SELECT a FROM b WHERE c = 'd@e'" })
	void allElseIsLeftAsItIs(String sql) {
		assertThat(SqlSecrets.hide(sql)).isEqualTo(sql);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE login SET password = ?", "ALTER USER a IDENTIFIED BY ?",
			"INSERT INTO client (secret) VALUES (?)" })
	void whereParametersMayBePasswordsItIsTold(String sql) {
		assertThat(SqlSecrets.isAboutSecrets(sql)).isTrue();
		assertThat(SqlSecrets.isAboutSecrets("INSERT INTO client (name) VALUES (?)")).isFalse();
	}

	/**
	 * A search that begins again at every letter of a word would take hours.
	 */
	@Test
	@Timeout(60)
	void aLongLiteralIsSearchedInOnePass() {
		String sql = "INSERT INTO file VALUES (0x" + "AB".repeat(2_000_000) + ")";
		assertThat(SqlSecrets.hide(sql)).isEqualTo(sql);
	}

}
