package io.appdbs.testsupport.documentdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/**
 * Encodes and decodes documents.
 */
final class Bson {

	private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

	// the text form of the type documentdb_core.bson
	private static final String PREFIX = "BSONHEX";

	private Bson() {
	}

	static byte[] encode(BsonDocument document) {
		BasicOutputBuffer output = new BasicOutputBuffer();
		CODEC.encode(new BsonBinaryWriter(output), document, EncoderContext.builder().build());
		return output.toByteArray();
	}

	/**
	 * Reads a document and moves the position of the buffer behind it.
	 */
	static BsonDocument decode(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.order(ByteOrder.LITTLE_ENDIAN).getInt(buffer.position())];
		buffer.get(bytes);
		return CODEC.decode(new BsonBinaryReader(ByteBuffer.wrap(bytes)), DecoderContext.builder().build());
	}

	/**
	 * Returns the text form that the extension reads.
	 */
	static String toText(BsonDocument document) {
		return PREFIX + HexFormat.of().formatHex(encode(document));
	}

	/**
	 * Reads the text form that the extension returns.
	 * @return the document or {@code null} if there is no text
	 */
	static BsonDocument fromText(String text) {
		return (text != null) ? decode(ByteBuffer.wrap(HexFormat.of().parseHex(text, PREFIX.length(), text.length())))
				: null;
	}

}
