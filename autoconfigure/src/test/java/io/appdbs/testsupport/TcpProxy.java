package io.appdbs.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ServerSocketFactory;

/**
 * A server that forwards everything to another one, and can simulate failures.
 */
public final class TcpProxy implements AutoCloseable {

	private volatile InetSocketAddress target;

	private final int port;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final Object silence = new Object();

	private volatile ServerSocket server;

	/** For a connection that has just been accepted. */
	private volatile boolean refusing;

	private boolean silent;

	private volatile boolean swallowing;

	/** The connections that are not dropped. */
	private final AtomicInteger generation = new AtomicInteger();

	private final AtomicInteger accepted = new AtomicInteger();

	private volatile Filter filter = new Filter(null, new byte[0]);

	private volatile Duration delay = Duration.ZERO;

	private final ServerSocketFactory listeners;

	/**
	 * Creates a new proxy that listens.
	 * @param target host and port
	 */
	public TcpProxy(String target) throws IOException {
		this(target, ServerSocketFactory.getDefault());
	}

	/**
	 * Creates a new proxy that listens.
	 * @param target host and port
	 * @param listeners creates the sockets that it listens on, for example with TLS
	 */
	public TcpProxy(String target, ServerSocketFactory listeners) throws IOException {
		this.target = parse(target);
		this.listeners = listeners;
		this.port = listen(0);
	}

	private static InetSocketAddress parse(String target) {
		int colon = target.lastIndexOf(':');
		return new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
	}

	/**
	 * Forwards new connections to another server. Open connections are kept.
	 * @param target host and port
	 */
	public void lead(String target) {
		this.target = parse(target);
	}

	public String address() {
		return "127.0.0.1:" + this.port;
	}

	private int listen(int port) throws IOException {
		ServerSocket server = this.listeners.createServerSocket();
		server.setReuseAddress(true);
		server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
		this.server = server;
		run(() -> acceptAll(server));
		return server.getLocalPort();
	}

	private void acceptAll(ServerSocket server) {
		while (!server.isClosed()) {
			try {
				Socket client = server.accept();
				this.sockets.add(client);
				this.accepted.incrementAndGet();
				run(() -> connect(client));
			}
			catch (IOException ex) {
				// refuses new connections from now on
			}
		}
	}

	private void connect(Socket client) {
		try {
			awaitSound();
			InetSocketAddress address = this.target;
			Socket target = new Socket(address.getAddress(), address.getPort());
			this.sockets.add(target);
			if (this.refusing) {
				close(target);
				close(client);
				return;
			}
			run(() -> pump(client, target, false));
			pump(target, client, true);
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void pump(Socket from, Socket to, boolean answers) {
		byte[] buffer = new byte[8192];
		boolean lost = false;
		int generation = this.generation.get();
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				awaitSound();
				if (!answers && this.filter.rejects(new String(buffer, 0, count, StandardCharsets.ISO_8859_1))) {
					from.getOutputStream().write(this.filter.answer());
					return;
				}
				// lost data is never sent again
				lost |= this.swallowing || generation != this.generation.get();
				if (answers) {
					pause(this.delay);
				}
				if (!lost) {
					out.write(buffer, 0, count);
				}
			}
		}
		catch (IOException ex) {
			// closes both directions
		}
	}

	private static void pause(Duration duration) throws IOException {
		try {
			TimeUnit.NANOSECONDS.sleep(duration.toNanos());
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	private void awaitSound() throws IOException {
		synchronized (this.silence) {
			while (this.silent) {
				try {
					this.silence.wait();
				}
				catch (InterruptedException ex) {
					throw new IOException(ex);
				}
			}
		}
	}

	/**
	 * Refuses new connections. Open connections are kept.
	 */
	public void refuseNew() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Refuses new connections and resets open ones, like a killed server.
	 */
	public void refuse() {
		this.refusing = true;
		refuseNew();
		reset();
	}

	public void reset() {
		for (Socket socket : this.sockets) {
			try {
				socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// already closed
			}
			close(socket);
		}
		this.sockets.clear();
	}

	/**
	 * Accepts connections and data, and drops the data, like a network that loses packets
	 * for longer than TCP retransmits them.
	 */
	public void swallow() {
		this.swallowing = true;
	}

	/**
	 * Drops the data of open connections, like a firewall that has lost their state.
	 */
	public void dropOpen() {
		this.generation.incrementAndGet();
	}

	/**
	 * Returns the number of accepted connections.
	 */
	public int accepted() {
		return this.accepted.get();
	}

	/**
	 * Responds instead of the server to a request that contains a text, and closes the
	 * connection.
	 * @param text the text or {@code null} for nothing
	 * @param answer the answer
	 */
	public void reject(String text, byte... answer) {
		this.filter = new Filter(text, answer);
	}

	/**
	 * Delays every response.
	 */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Accepts connections and data, but does not respond until resumed.
	 */
	public void beSilent() {
		synchronized (this.silence) {
			this.silent = true;
		}
	}

	public void resume() {
		resume(Duration.ZERO);
	}

	/**
	 * Resumes, and delays every response.
	 */
	public void resume(Duration delay) {
		this.refusing = false;
		this.swallowing = false;
		this.delay = delay;
		synchronized (this.silence) {
			this.silent = false;
			this.silence.notifyAll();
		}
		if (this.server.isClosed()) {
			try {
				listen(this.port);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// nothing more can be closed
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		refuse();
		synchronized (this.silence) {
			this.silent = false;
			this.silence.notifyAll();
		}
	}

	private record Filter(String text, byte[] answer) {

		boolean rejects(String request) {
			return this.text != null && request.contains(this.text);
		}

	}

}
