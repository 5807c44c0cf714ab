package io.appdbs.ssl;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Consumer;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * {@link SSLSocketFactory} that configures each socket.
 */
public class ConfiguredSocketFactory extends SSLSocketFactory {

	private final SSLSocketFactory delegate;

	private final Consumer<SSLSocket> configurer;

	/**
	 * Creates a new {@link ConfiguredSocketFactory}.
	 * @param delegate creates the sockets
	 * @param configurer configures a socket
	 */
	protected ConfiguredSocketFactory(SSLSocketFactory delegate, Consumer<SSLSocket> configurer) {
		this.delegate = delegate;
		this.configurer = configurer;
	}

	@Override
	public String[] getDefaultCipherSuites() {
		return this.delegate.getDefaultCipherSuites();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return this.delegate.getSupportedCipherSuites();
	}

	@Override
	public Socket createSocket() throws IOException {
		return configure(this.delegate.createSocket());
	}

	@Override
	public Socket createSocket(Socket socket, @Nullable String host, int port, boolean autoClose) throws IOException {
		return configure(this.delegate.createSocket(socket, host, port, autoClose));
	}

	@Override
	public Socket createSocket(String host, int port) throws IOException {
		return configure(this.delegate.createSocket(host, port));
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
		return configure(this.delegate.createSocket(host, port, localHost, localPort));
	}

	@Override
	public Socket createSocket(InetAddress host, int port) throws IOException {
		return configure(this.delegate.createSocket(host, port));
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
			throws IOException {
		return configure(this.delegate.createSocket(address, port, localAddress, localPort));
	}

	private Socket configure(Socket socket) {
		if (socket instanceof SSLSocket sslSocket) {
			this.configurer.accept(sslSocket);
		}
		return socket;
	}

}
