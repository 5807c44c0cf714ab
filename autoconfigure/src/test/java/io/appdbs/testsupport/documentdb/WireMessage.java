package io.appdbs.testsupport.documentdb;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * A command of a client, in an {@code OP_MSG} or, for the first one of a connection, an
 * {@code OP_QUERY}.
 *
 * @param id the identifier of the message
 * @param legacy whether the message is an {@code OP_QUERY}
 * @param replyExpected whether the client reads a reply
 * @param command the command
 */
record WireMessage(int id, boolean legacy, boolean replyExpected, BsonDocument command) {

	private static final int HEADER = 16;

	private static final int OP_REPLY = 1;

	private static final int OP_QUERY = 2004;

	private static final int OP_MSG = 2013;

	private static final int CHECKSUM_PRESENT = 1;

	private static final int MORE_TO_COME = 2;

	private static final int AWAIT_CAPABLE = 8;

	/**
	 * Reads the next message.
	 * @throws EOFException if the client has closed the connection
	 */
	static WireMessage read(DataInputStream input) throws IOException {
		ByteBuffer header = read(input, HEADER);
		int length = header.getInt();
		int id = header.getInt();
		header.getInt();
		int operation = header.getInt();
		ByteBuffer body = read(input, length - HEADER);
		return switch (operation) {
			case OP_MSG -> readMessage(id, body);
			case OP_QUERY -> readQuery(id, body);
			default -> throw new IOException("Unknown operation " + operation);
		};
	}

	private static ByteBuffer read(DataInputStream input, int length) throws IOException {
		byte[] bytes = new byte[length];
		input.readFully(bytes);
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	private static WireMessage readMessage(int id, ByteBuffer body) {
		int flags = body.getInt();
		int end = body.limit() - (((flags & CHECKSUM_PRESENT) != 0) ? Integer.BYTES : 0);
		BsonDocument command = new BsonDocument();
		BsonDocument sequences = new BsonDocument();
		while (body.position() < end) {
			if (body.get() == 0) {
				command = Bson.decode(body);
			}
			else {
				readSequence(body, sequences);
			}
		}
		command.putAll(sequences);
		return new WireMessage(id, false, (flags & MORE_TO_COME) == 0, command);
	}

	private static void readSequence(ByteBuffer body, BsonDocument sequences) {
		int end = body.position() + body.getInt(body.position());
		body.getInt();
		String name = readName(body);
		BsonArray documents = new BsonArray();
		while (body.position() < end) {
			documents.add(Bson.decode(body));
		}
		sequences.put(name, documents);
	}

	private static WireMessage readQuery(int id, ByteBuffer body) {
		body.getInt();
		String collection = readName(body);
		body.getInt();
		body.getInt();
		BsonDocument command = Bson.decode(body);
		command.put("$db", new BsonString(collection.substring(0, collection.indexOf('.'))));
		return new WireMessage(id, true, true, command);
	}

	private static String readName(ByteBuffer body) {
		StringBuilder name = new StringBuilder();
		for (byte character = body.get(); character != 0; character = body.get()) {
			name.append((char) character);
		}
		return name.toString();
	}

	/**
	 * Sends the reply.
	 */
	void reply(OutputStream output, BsonDocument reply) throws IOException {
		byte[] document = Bson.encode(reply);
		int prefix = this.legacy ? 20 : 5;
		ByteBuffer message = ByteBuffer.allocate(HEADER + prefix + document.length).order(ByteOrder.LITTLE_ENDIAN);
		message.putInt(message.capacity()).putInt(0).putInt(this.id).putInt(this.legacy ? OP_REPLY : OP_MSG);
		if (this.legacy) {
			message.putInt(AWAIT_CAPABLE).putLong(0).putInt(0).putInt(1);
		}
		else {
			message.putInt(0).put((byte) 0);
		}
		output.write(message.put(document).array());
		output.flush();
	}

}
