package io.appdbs.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A server that accepts connections and everything that is sent, and answers nothing.
 * Prints its port and runs until it is killed.
 */
public final class BlackHoleServer {

	private BlackHoleServer() {
	}

	public static void main(String[] args) throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress())) {
			System.out.println("PORT " + server.getLocalPort());
			while (true) {
				Socket socket = server.accept();
				Thread thread = new Thread(() -> swallow(socket));
				thread.setDaemon(true);
				thread.start();
			}
		}
	}

	private static void swallow(Socket socket) {
		try (socket) {
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// reset by the client
		}
	}

}
