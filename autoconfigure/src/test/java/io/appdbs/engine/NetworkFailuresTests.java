package io.appdbs.engine;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NetworkFailures}.
 */
class NetworkFailuresTests {

	@Test
	void whenTheHandshakeFailsThenClientAndServerDoNotAgreeOnTls() {
		assertThat(classify(new SSLHandshakeException("unknown authority").initCause(new CertificateException())))
			.isEqualTo(FailureReason.TLS);
		assertThat(classify(new SSLHandshakeException("terminated").initCause(new EOFException())))
			.isEqualTo(FailureReason.TLS);
	}

	@Test
	void whenTheNetworkFailsDuringTheHandshakeThenThatIsTheReason() {
		assertThat(classify(new SSLException("reset", new SocketException("reset")))).isEqualTo(FailureReason.OTHER);
		assertThat(classify(new SSLException("timed out", new SocketTimeoutException())))
			.isEqualTo(FailureReason.UNREACHABLE);
	}

	private static FailureReason classify(Throwable failure) {
		return NetworkFailures.classify(new SQLException(failure));
	}

}
