package io.appdbs.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes connections on to a server on this machine as if it were far away: whatever is
 * sent arrives half a round trip later, in the order and at the rate it was sent, and
 * nothing arrives before the round trip that opening a connection takes. Counts
 * connections and round trips.
 */
final class DelayingProxy implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

	private final int targetPort;

	private final long delay;

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger roundTrips = new AtomicInteger();

	/**
	 * Create a new proxy, which listens.
	 * @param targetPort the port of the server
	 * @param roundTrip how long a round trip takes
	 * @throws IOException if no port can be listened at
	 */
	DelayingProxy(int targetPort, Duration roundTrip) throws IOException {
		this.targetPort = targetPort;
		this.delay = roundTrip.toNanos() / 2;
		run(this::acceptAll);
	}

	int getPort() {
		return this.server.getLocalPort();
	}

	/**
	 * Return how many connections were opened and how often a client waited for an
	 * answer, and count from zero again.
	 */
	Traffic takeTraffic() {
		return new Traffic(this.connections.getAndSet(0), this.roundTrips.getAndSet(0));
	}

	private void acceptAll() {
		while (!this.server.isClosed()) {
			try {
				Socket client = this.server.accept();
				this.connections.incrementAndGet();
				run(() -> connect(client, System.nanoTime() + 2 * this.delay));
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void connect(Socket client, long established) {
		try {
			Socket target = new Socket(InetAddress.getLoopbackAddress(), this.targetPort);
			client.setTcpNoDelay(true);
			target.setTcpNoDelay(true);
			// a round trip begins with what is sent first, or first after an answer
			AtomicBoolean answered = new AtomicBoolean(true);
			pass(client, target, established, () -> {
				if (answered.compareAndSet(true, false)) {
					this.roundTrips.incrementAndGet();
				}
			});
			pass(target, client, established, () -> answered.set(true));
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void pass(Socket from, Socket to, long established, Runnable onSent) {
		BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
		run(() -> send(from, underWay, established, onSent));
		run(() -> deliver(underWay, to));
	}

	private void send(Socket from, BlockingQueue<Chunk> underWay, long established, Runnable onSent) {
		byte[] buffer = new byte[8192];
		int count = 0;
		while (count >= 0) {
			count = read(from, buffer);
			long sent = Math.max(established, System.nanoTime());
			if (count > 0) {
				onSent.run();
			}
			underWay.add(new Chunk(Arrays.copyOf(buffer, Math.max(0, count)), count < 0, sent + this.delay));
		}
	}

	private static int read(Socket from, byte[] buffer) {
		try {
			InputStream in = from.getInputStream();
			return in.read(buffer);
		}
		catch (IOException ex) {
			// reset, which the other side takes for an end just as well
			return -1;
		}
	}

	private static void deliver(BlockingQueue<Chunk> underWay, Socket to) {
		try (to; OutputStream out = to.getOutputStream()) {
			for (Chunk chunk = underWay.take(); !chunk.end(); chunk = underWay.take()) {
				TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
				out.write(chunk.bytes());
			}
		}
		catch (IOException ex) {
			// gone meanwhile
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// as closed as it can be
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What went through.
	 *
	 * @param connections how many connections were opened
	 * @param roundTrips how often a client sent something and waited
	 */
	record Traffic(int connections, int roundTrips) {

	}

	/**
	 * Something that was sent and has not arrived.
	 *
	 * @param bytes what was sent
	 * @param end whether it is the end of the stream
	 * @param due when it arrives, in the time of {@link System#nanoTime()}
	 */
	private record Chunk(byte[] bytes, boolean end, long due) {

	}

}
