package io.appdbs.ssl;

import java.security.SecureRandom;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * {@link SSLContext} that asks for the certificates in use each time, for drivers that
 * keep one context.
 */
final class FollowingSslContext extends SSLContext {

	FollowingSslContext(Supplier<SslMaterial> current) {
		super(new Spi(current), current.get().getContext().getProvider(), current.get().getContext().getProtocol());
	}

	private static final class Spi extends SSLContextSpi {

		private final Supplier<SslMaterial> current;

		Spi(Supplier<SslMaterial> current) {
			this.current = current;
		}

		@Override
		protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
			throw new IllegalStateException("The context follows an SSL bundle");
		}

		@Override
		protected SSLSocketFactory engineGetSocketFactory() {
			return this.current.get().getSocketFactory();
		}

		@Override
		protected SSLServerSocketFactory engineGetServerSocketFactory() {
			return this.current.get().getContext().getServerSocketFactory();
		}

		@Override
		protected SSLEngine engineCreateSSLEngine() {
			SslMaterial material = this.current.get();
			return material.configure(material.getContext().createSSLEngine());
		}

		@Override
		protected SSLEngine engineCreateSSLEngine(String host, int port) {
			SslMaterial material = this.current.get();
			return material.configure(material.getContext().createSSLEngine(host, port));
		}

		@Override
		protected SSLSessionContext engineGetServerSessionContext() {
			return this.current.get().getContext().getServerSessionContext();
		}

		@Override
		protected SSLSessionContext engineGetClientSessionContext() {
			return this.current.get().getContext().getClientSessionContext();
		}

	}

}
