package io.appdbs.restore.dump;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * A file with SQL, which may be compressed with gzip.
 *
 * @param path the file
 */
record SqlFile(Path path) {

	private static final int PREFIX = 256;

	private static final int BUFFER = 64 * 1024;

	/**
	 * Opens the file and decompresses it if necessary.
	 */
	InputStream open() throws IOException {
		PushbackInputStream stream = new PushbackInputStream(
				new BufferedInputStream(Files.newInputStream(this.path), BUFFER), 2);
		byte[] magic = stream.readNBytes(2);
		stream.unread(magic);
		boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
		return gzip ? new GZIPInputStream(stream, BUFFER) : stream;
	}

	/**
	 * Reads the whole file and passes on the beginning of each line, because a line with
	 * rows can be very long.
	 * @throws IOException if the file cannot be read or decompressed to its end
	 */
	void forEachLine(Consumer<String> consumer) throws IOException {
		byte[] line = new byte[PREFIX];
		int length = 0;
		byte[] buffer = new byte[BUFFER];
		try (InputStream stream = open()) {
			for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
				if (Thread.currentThread().isInterrupted()) {
					throw new InterruptedIOException();
				}
				for (int i = 0; i < count; i++) {
					if (buffer[i] == '\n') {
						consumer.accept(new String(line, 0, length, StandardCharsets.UTF_8));
						length = 0;
					}
					else if (length < PREFIX) {
						line[length++] = buffer[i];
					}
				}
			}
		}
		if (length > 0) {
			consumer.accept(new String(line, 0, length, StandardCharsets.UTF_8));
		}
	}

}
