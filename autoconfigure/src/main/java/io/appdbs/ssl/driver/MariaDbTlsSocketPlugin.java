package io.appdbs.ssl.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

import io.appdbs.engine.Engine;
import io.appdbs.ssl.SslContexts;
import io.appdbs.ssl.SslMaterial;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * TLS plug-in for the driver of MariaDB, which creates one for each connection. The
 * driver builds its own context from the trust and key managers; that context is not
 * used, as it does not have the protocol of the bundle. The inherited {@code verify(…)}
 * verifies the host name.
 */
public final class MariaDbTlsSocketPlugin extends DefaultTlsSocketPlugin {

	private @Nullable SslMaterial material;

	/**
	 * Creates a new {@link MariaDbTlsSocketPlugin}.
	 */
	public MariaDbTlsSocketPlugin() {
	}

	@Override
	public String type() {
		return "appdbs";
	}

	@Override
	public TrustManager[] getTrustManager(Configuration configuration, ExceptionFactory exceptionFactory,
			HostAddress host) {
		return read(configuration).getTrustManagers();
	}

	@Override
	public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory exceptionFactory) {
		return read(configuration).getKeyManagers();
	}

	/**
	 * Returns the same certificates for the whole handshake, even if they are being
	 * replaced.
	 */
	private SslMaterial read(Configuration configuration) {
		SslMaterial material = this.material;
		if (material == null) {
			material = SslContexts.get(configuration.nonMappedOptions().getProperty(Engine.SSL_KEY));
			this.material = material;
		}
		return material;
	}

	@Override
	public SSLSocket createSocket(Socket socket, SSLSocketFactory factory) throws IOException {
		SslMaterial material = this.material;
		if (material == null) {
			return super.createSocket(socket, factory);
		}
		InetAddress address = socket.getInetAddress();
		return material.wrap(socket, (address != null) ? address.getHostAddress() : null, socket.getPort());
	}

}
