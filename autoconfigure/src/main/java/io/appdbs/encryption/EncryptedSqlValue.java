package io.appdbs.encryption;

import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.springframework.jdbc.support.SqlValue;

/**
 * An {@link Encrypted} that Spring's JDBC templates accept as a parameter. Without this
 * interface they would leave it to the driver, or write the result of {@code toString}.
 */
final class EncryptedSqlValue extends Encrypted implements SqlValue {

	EncryptedSqlValue(String text) {
		super(text);
	}

	@Override
	public void setValue(PreparedStatement statement, int index) throws SQLException {
		statement.setString(index, toCipherText());
	}

	@Override
	public void cleanup() {
	}

}
