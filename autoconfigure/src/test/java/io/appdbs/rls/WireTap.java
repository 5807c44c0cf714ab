package io.appdbs.rls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes everything on to a server and counts how often a client waits for an answer: how
 * often it sends something after having received something.
 */
public final class WireTap implements AutoCloseable {

	private final String host;

	private final int port;

	private final ServerSocket server;

	private final AtomicInteger roundTrips = new AtomicInteger();

	private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

	public WireTap(String target) throws IOException {
		int colon = target.lastIndexOf(':');
		this.host = target.substring(0, colon);
		this.port = Integer.parseInt(target.substring(colon + 1));
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		run(this::acceptAll);
	}

	public String address() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	public int getRoundTrips() {
		return this.roundTrips.get();
	}

	/**
	 * Break a connection, whichever.
	 */
	void breakOne() throws IOException {
		Iterator<Socket> clients = this.clients.iterator();
		if (clients.hasNext()) {
			clients.next().close();
			clients.remove();
		}
	}

	private void acceptAll() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				client.setTcpNoDelay(true);
				Socket target = new Socket(this.host, this.port);
				target.setTcpNoDelay(true);
				this.clients.removeIf(Socket::isClosed);
				this.clients.add(client);
				Line line = new Line();
				run(() -> pump(client, target, () -> line.sent(this.roundTrips)));
				run(() -> pump(target, client, line::received));
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private static void pump(Socket from, Socket to, Runnable tap) {
		byte[] buffer = new byte[65536];
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				tap.run();
				out.write(buffer, 0, count);
			}
		}
		catch (IOException ex) {
			// ends both directions
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "wire-tap");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

	/**
	 * Who has spoken last on a connection.
	 */
	private static final class Line {

		private boolean answered = true;

		synchronized void sent(AtomicInteger roundTrips) {
			if (this.answered) {
				this.answered = false;
				roundTrips.incrementAndGet();
			}
		}

		synchronized void received() {
			this.answered = true;
		}

	}

}
