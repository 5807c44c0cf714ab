package io.appdbs.testsupport.documentdb;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * A member of a replica set, which listens on a port.
 */
final class Member {

	static final String SET_NAME = "documentdb";

	private final CommandHandler handler;

	private final ServerState state;

	private final Map<Socket, ScramLogin> sockets = new ConcurrentHashMap<>();

	/** The latest command of each socket, for messages. */
	private final Map<Socket, String> commands = new ConcurrentHashMap<>();

	private final int port;

	private volatile ServerSocket listener;

	private volatile boolean primary;

	private volatile String address;

	private volatile List<Member> members;

	Member(ServerState state) {
		this.state = state;
		this.handler = new CommandHandler(state);
		this.port = listen(0);
		this.address = "127.0.0.1:" + this.port;
	}

	private int listen(int port) {
		try {
			ServerSocket listener = new ServerSocket();
			listener.setReuseAddress(true);
			listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
			this.listener = listener;
			start("documentdb-" + listener.getLocalPort(), () -> acceptAll(listener));
			return listener.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

	private void acceptAll(ServerSocket listener) {
		try {
			while (true) {
				Socket socket = listener.accept();
				socket.setTcpNoDelay(true);
				ScramLogin login = new ScramLogin(this.state.users());
				this.sockets.put(socket, login);
				start(Thread.currentThread().getName() + "-" + socket.getPort(), () -> serve(socket, login));
			}
		}
		catch (IOException ex) {
			// the listener is closed
		}
	}

	private void serve(Socket socket, ScramLogin login) {
		try (socket) {
			DataInputStream input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
			OutputStream output = socket.getOutputStream();
			while (true) {
				WireMessage message = WireMessage.read(input);
				this.commands.put(socket, message.command().getFirstKey() + DocumentDbServer.RUNNING);
				BsonDocument reply = this.handler.handle(message.command(), this, login);
				if (message.replyExpected()) {
					message.reply(output, reply);
				}
				this.commands.put(socket, message.command().getFirstKey());
			}
		}
		catch (IOException ex) {
			// one of both sides has closed the connection
		}
		finally {
			this.sockets.remove(socket);
			this.commands.remove(socket);
		}
	}

	/**
	 * Returns the reply to {@code hello}.
	 */
	BsonDocument hello(BsonDocument command) throws IOException {
		BsonDocument version = this.state.topology().await(command);
		BsonDocument hello = BsonDocument.parse("{helloOk: true, setVersion: 1, maxBsonObjectSize: 16777216,"
				+ " maxMessageSizeBytes: 48000000, maxWriteBatchSize: 25000, logicalSessionTimeoutMinutes: 30,"
				+ " connectionId: 1, minWireVersion: 0, maxWireVersion: 21, readOnly: false, ok: 1.0}");
		hello.append("topologyVersion", version)
			.append("setName", new BsonString(SET_NAME))
			.append("ismaster", BsonBoolean.valueOf(this.primary))
			.append("isWritablePrimary", BsonBoolean.valueOf(this.primary))
			.append("secondary", BsonBoolean.valueOf(!this.primary))
			.append("me", new BsonString(this.address))
			.append("hosts",
					new BsonArray(this.members.stream().map((member) -> new BsonString(member.address)).toList()))
			.append("localTime", new BsonDateTime(System.currentTimeMillis()));
		this.members.stream()
			.filter(Member::isPrimary)
			.findFirst()
			.ifPresent((member) -> hello.append("primary", new BsonString(member.address)));
		if (command.containsKey("saslSupportedMechs")) {
			hello.append("saslSupportedMechs", BsonArray.parse("['SCRAM-SHA-256']"));
		}
		return hello;
	}

	void setMembers(List<Member> members) {
		this.members = members;
	}

	boolean isPrimary() {
		return this.primary;
	}

	void setPrimary(boolean primary) {
		this.primary = primary;
		this.state.topology().change();
	}

	String getAddress() {
		return this.address;
	}

	void setAddress(String address) {
		this.address = address;
	}

	int countSockets() {
		return this.sockets.size();
	}

	List<String> getLatestCommands() {
		return List.copyOf(this.commands.values());
	}

	int countSockets(String user) {
		return (int) this.sockets.values().stream().filter((login) -> user.equals(login.getUser())).count();
	}

	void stop() {
		try {
			this.listener.close();
			for (Socket socket : this.sockets.keySet()) {
				socket.close();
			}
			this.state.topology().change();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void restart() {
		listen(this.port);
	}

}
