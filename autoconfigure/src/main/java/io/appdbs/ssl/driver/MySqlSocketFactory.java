package io.appdbs.ssl.driver;

import java.io.Closeable;
import java.io.IOException;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import com.mysql.cj.log.Log;
import com.mysql.cj.protocol.ServerSession;
import com.mysql.cj.protocol.SocketConnection;
import com.mysql.cj.protocol.StandardSocketFactory;
import io.appdbs.engine.Engine;
import io.appdbs.ssl.SslContexts;
import io.appdbs.ssl.SslMaterial;
import org.jspecify.annotations.Nullable;

/**
 * Socket factory for the driver of MySQL. The driver's own TLS reads certificates from
 * files only.
 */
public final class MySqlSocketFactory extends StandardSocketFactory {

	/**
	 * Creates a new {@link MySqlSocketFactory}.
	 */
	public MySqlSocketFactory() {
	}

	@Override
	public <T extends Closeable> T performTlsHandshake(SocketConnection connection, ServerSession session)
			throws IOException {
		return performTlsHandshake(connection, session, null);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends Closeable> T performTlsHandshake(SocketConnection connection, ServerSession session,
			@Nullable Log log) throws IOException {
		SslMaterial material = SslContexts
			.get(connection.getPropertySet().getStringProperty(Engine.SSL_KEY).getValue());
		SSLSocket socket = material.wrap(this.rawSocket, this.host, this.port);
		if (material.isHostNameVerified()) {
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			socket.setSSLParameters(parameters);
		}
		socket.startHandshake();
		this.sslSocket = socket;
		return (T) socket;
	}

}
