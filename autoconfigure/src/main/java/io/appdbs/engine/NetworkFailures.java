package io.appdbs.engine;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLTimeoutException;
import java.util.Objects;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Classifies network failures, which all drivers have in common, by the causes of the
 * driver's exception.
 */
final class NetworkFailures {

	private NetworkFailures() {
	}

	static FailureReason classify(Throwable failure) {
		return Causes.of(failure)
			.map(NetworkFailures::classifyOne)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(FailureReason.OTHER);
	}

	private static @Nullable FailureReason classifyOne(Throwable failure) {
		if (failure instanceof UnknownHostException) {
			return FailureReason.UNKNOWN_HOST;
		}
		if (failure instanceof SocketTimeoutException || failure instanceof SQLTimeoutException
				|| failure instanceof NoRouteToHostException) {
			return FailureReason.UNREACHABLE;
		}
		if (failure instanceof ConnectException) {
			return FailureReason.REFUSED;
		}
		return (failure instanceof SSLException && !isInterrupted(failure)) ? FailureReason.TLS : null;
	}

	/**
	 * The network may fail during a handshake, too.
	 */
	private static boolean isInterrupted(Throwable handshake) {
		return handshake.getCause() instanceof SocketException
				|| handshake.getCause() instanceof SocketTimeoutException;
	}

}
