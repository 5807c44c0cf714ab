package io.appdbs.jdbc.pool;

import java.net.ConnectException;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.appdbs.engine.DatabaseConnectionDetails;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link UrlSecrets} and its use by {@link JdbcConnections}.
 */
class UrlSecretsTests {

	private static final DatabaseConnectionDetails HIDDEN = target("jdbc:oracle:thin:scott/tiger@//h:1521/svc");

	private final Driver driver = Mockito.mock(Driver.class);

	@Test
	void whenTheMessageContainsTheUrlThenItIsHidden() throws Exception {
		SQLException cause = new SQLException("invalid login scott/tiger", "28000", 1017);
		given(this.driver.connect(any(), any()))
			.willThrow(new SQLException("Cannot open " + HIDDEN.url() + " now", "08001", 17002, cause));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(HIDDEN))
			.withMessage("Cannot open jdbc:oracle:*** now")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"))
			.satisfies((ex) -> assertThat(ex.getErrorCode()).isEqualTo(17002));
	}

	@Test
	void whenTheMessageContainsTheLoginThenItIsHiddenAndTheCauseIsKept() throws Exception {
		ConnectException cause = new ConnectException("Connection refused");
		given(this.driver.connect(any(), any())).willThrow(new SQLException("No scott/tiger at h", "08001", cause));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(HIDDEN))
			.withMessage("No *** at h")
			.withCause(cause);
	}

	@Test
	void whenTheMessageContainsNoSecretThenTheExceptionIsThrownUnchanged() throws Exception {
		SQLException failure = new SQLException("Connection refused");
		given(this.driver.connect(any(), any())).willThrow(failure);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(HIDDEN)).isSameAs(failure);
	}

	@Test
	void whenTheDriverDoesNotAcceptTheUrlThenOnlyTheParsedPartIsShown() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(HIDDEN))
			.withMessage(
					"The driver " + this.driver.getClass().getName() + " does not accept the URL 'jdbc:oracle:***'");
	}

	private void connect(DatabaseConnectionDetails target) throws SQLException {
		JdbcConnections.connect(this.driver, target, new Properties());
	}

	private static DatabaseConnectionDetails target(String url) {
		return new DatabaseConnectionDetails(url, List.of(), null, null, null, Map.of());
	}

}
