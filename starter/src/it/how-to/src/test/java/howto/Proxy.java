package howto;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Leads to a server until it is closed, which ends all connections. The port then refuses
 * others.
 */
final class Proxy implements AutoCloseable {

	private final ServerSocket socket;

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final String host;

	private final int port;

	Proxy(String address) throws IOException {
		this(address, 0);
	}

	private Proxy(String address, int port) throws IOException {
		this.socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
		this.host = address.replaceFirst(":.*", "");
		this.port = Integer.parseInt(address.replaceFirst(".*:", ""));
		start(this::accept);
	}

	/**
	 * Returns a proxy with the address of this one, which has been closed.
	 */
	Proxy again() throws IOException {
		return new Proxy(this.host + ":" + this.port, this.socket.getLocalPort());
	}

	String address() {
		return "127.0.0.1:" + this.socket.getLocalPort();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.socket.accept();
			Socket server = new Socket(this.host, this.port);
			this.connections.addAll(List.of(client, server));
			if (this.socket.isClosed()) {
				close();
			}
			start(() -> transfer(client, server));
			start(() -> transfer(server, client));
		}
	}

	private static void transfer(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the connection or the proxy was closed
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Closeable connection : this.connections) {
			connection.close();
		}
	}

	private interface Task {

		void run() throws IOException;

	}

}
